from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeersConfig(AppConfig):
    name = "vecu.peers"
    label = "peers"

    def ready(self) -> None:
        # Registers what runs at night, what is watched, what is copied for someone and what is erased with them.
        from vecu.peers import erasures, exports, known, records, tasks  # noqa: F401
        from vecu.people import context

        yours, theirs = _("What you wrote in your patient partner file"), _("Words of a patient partner’s file")
        context.name_reading("peer.words", yours=yours, theirs=theirs)
