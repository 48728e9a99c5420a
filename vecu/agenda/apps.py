from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "vecu.agenda"
    label = "agenda"

    def ready(self) -> None:
        # Registers what runs by the clock, what is copied for someone and what is erased with them.
        from vecu.agenda import erasures, exports, records, tasks  # noqa: F401
