from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "vecu.safeguarding"
    label = "safeguarding"

    def ready(self) -> None:
        # Registers the jobs, what is copied for someone and what is erased with them.
        from vecu.safeguarding import erasures, exports, tasks  # noqa: F401
