from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "vecu.training"
    label = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        # After the app registry: these modules need the models. They register the handlers of jobs, what is copied
        # for someone and what is erased with them.
        from vecu.people import context
        from vecu.training import erasures, exports, records, tasks  # noqa: F401

        context.name_reading("equivalence.read", yours=_("The diploma you sent"), theirs=_("A diploma someone sent"))
