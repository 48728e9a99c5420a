from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccompanimentConfig(AppConfig):
    name = "vecu.accompaniment"
    label = "accompaniment"
    verbose_name = _("One-to-one support")

    def ready(self) -> None:
        # After the app registry: these modules need the models, and register the handlers of jobs.
        from vecu.accompaniment import tasks  # noqa: F401
        from vecu.accompaniment.actions import drafts, triage  # noqa: F401
