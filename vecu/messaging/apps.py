from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "vecu.messaging"
    label = "messaging"
    verbose_name = _("Exchanges and notices")

    def ready(self) -> None:
        # Registers what runs at night, who may listen to a thread, what is copied for someone and erased with them.
        from vecu.messaging import erasures, exports, panels, tasks  # noqa: F401
        from vecu.people import context

        context.name_reading(
            "message.lines_read", yours=_("A few reported lines of your exchange"), theirs=_("A few reported lines")
        )
