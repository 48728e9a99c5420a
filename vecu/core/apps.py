from django.apps import AppConfig
from django.core import checks as django_checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "vecu.core"
    verbose_name = _("Foundations")

    def ready(self) -> None:
        # Registers the handlers of jobs and the start-up checks; models must be loaded first.
        from vecu.core import backup, checks, forgetting, journal, live, mail, marks, once, tuning, vault  # noqa: F401

        django_checks.register(checks.run_all)
        pre_migrate.connect(marks.take_away, sender=self)
        post_migrate.connect(marks.put, sender=self)
