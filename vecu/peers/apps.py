from django.apps import AppConfig


class PeersConfig(AppConfig):
    name = "vecu.peers"
    label = "peers"

    def ready(self) -> None:
        # Registers what runs at night, what is copied for someone and what is erased with them.
        from vecu.peers import erasures, exports, tasks  # noqa: F401
