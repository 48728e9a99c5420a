from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "vecu.core"
    verbose_name = _("Foundations")

    def ready(self) -> None:
        # Registers the handlers of jobs and the start-up checks.
        from vecu.core import events, journal, once, vault  # noqa: F401
