from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "vecu.safeguarding"
    label = "safeguarding"

    def ready(self) -> None:
        from vecu.safeguarding import tasks  # noqa: F401  (registers the jobs)
