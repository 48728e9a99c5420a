"""What the asker is written: neither a name, nor a place, nor a word of health. They know what they asked."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from vecu.core import mail
from vecu.missions.enums import MissionState
from vecu.missions.models import Mission


def tell_asker(mission: Mission, what: str) -> None:
    """« Received », then the state it ended in: once each; nothing when they left a phone number only."""
    address = str(mission.email)
    if not address:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = _letter(what)
    mail.post(address, subject, text, key=f"mission:{what}:{mission.pk}")


def _letter(what: str) -> tuple[str, str]:
    if what == MissionState.RECEIVED:
        return _("Your request was received"), _(
            "Hello,\n\nThe request you sent was received. A coordinator asks people whether they can.\n"
            "You will get one more message with the outcome.\n\nThank you."
        )
    if what == MissionState.SETTLED:
        return _("Your request has an answer"), _(
            "Hello,\n\nPeople have said that they can. The coordinator gets in touch with you to arrange it.\n\nThank you."
        )
    if what == MissionState.CANCELLED:
        return _("Your request is closed"), _(
            "Hello,\n\nYou let us know that you need nobody any more: your request is closed, and those who had answered"
            " are told.\nAsk again whenever it helps.\n\nThank you."
        )
    if what == MissionState.PASSED:
        return _("Your request is closed"), _(
            "Hello,\n\nThe day you asked for has come, and your request is closed.\n"
            "Ask again for another day if it helps.\n\nThank you."
        )
    return _("Your request has an answer"), _(
        "Hello,\n\nNobody can this time, and we would rather tell you so now.\n"
        "Ask again for another day if it helps.\n\nThank you."
    )
