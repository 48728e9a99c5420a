from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecruitmentConfig(AppConfig):
    name = "vecu.recruitment"
    label = "recruitment"
    verbose_name = _("Applications")

    def ready(self) -> None:
        # Registers what runs by the clock, what is copied for someone and what is erased with them.
        from vecu.people import context
        from vecu.recruitment import erasures, exports, tasks  # noqa: F401

        context.name_reading("application.read", yours=_("Your application"), theirs=_("An application"))
        context.name_reading("interview.read", yours=_("The guide of your interview"), theirs=_("An interview guide"))
