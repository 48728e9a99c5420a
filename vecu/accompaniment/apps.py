from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccompanimentConfig(AppConfig):
    name = "vecu.accompaniment"
    label = "accompaniment"
    verbose_name = _("One-to-one support")

    def ready(self) -> None:
        # After the app registry: these modules need the models. They register the handlers of jobs, what is copied
        # for someone and what is erased with them.
        from vecu.accompaniment import erasures, exports, known, records, tasks  # noqa: F401
        from vecu.accompaniment.actions import drafts, triage  # noqa: F401
        from vecu.people import context

        context.name_reading("request.read", yours=_("Your request"), theirs=_("A request"))
        context.name_reading("pair.read", yours=_("Your exchange with a peer"), theirs=_("An exchange with a peer"))
        context.name_reading("request.follow", yours=_("Where your request stands"), theirs=_("Where a request stands"))
