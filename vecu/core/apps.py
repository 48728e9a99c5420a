from django.apps import AppConfig
from django.core import checks as django_checks
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "vecu.core"
    verbose_name = _("Foundations")

    def ready(self) -> None:
        # Registers the handlers of jobs and the start-up checks; models must be loaded first.
        from vecu.core import backup, checks, forgetting, journal, live, mail, once, vault  # noqa: F401

        django_checks.register(checks.run_all)
