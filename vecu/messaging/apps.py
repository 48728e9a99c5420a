from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "vecu.messaging"
    label = "messaging"
    verbose_name = _("Exchanges and notices")

    def ready(self) -> None:
        # Registers what runs at night and who may listen to a thread.
        from vecu.messaging import panels, tasks  # noqa: F401
