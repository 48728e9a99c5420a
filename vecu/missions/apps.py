from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MissionsConfig(AppConfig):
    name = "vecu.missions"
    label = "missions"
    verbose_name = _("Missions")

    def ready(self) -> None:
        # After the app registry: these modules need the models.
        from vecu.missions import erasures, exports, tasks  # noqa: F401
