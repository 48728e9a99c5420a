from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "vecu.recognition"
    label = "recognition"

    def ready(self) -> None:
        # Registers what runs by the clock, what is copied for someone and what is erased with them.
        from vecu.recognition import erasures, exports, tasks  # noqa: F401
