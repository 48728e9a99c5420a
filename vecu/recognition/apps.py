from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecognitionConfig(AppConfig):
    name = "vecu.recognition"
    label = "recognition"

    def ready(self) -> None:
        # Registers what runs by the clock, what is copied for someone and what is erased with them; names what is read.
        from vecu.people import context
        from vecu.recognition import erasures, exports, tasks  # noqa: F401

        context.name_reading("receipt.read", yours=_("A receipt you sent"), theirs=_("A receipt someone sent"))
