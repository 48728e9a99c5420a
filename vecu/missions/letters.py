"""What the asker is written: neither a name, nor a place, nor a word of health. They know what they asked."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from vecu.core import mail
from vecu.missions.models import Mission


def tell_asker(mission: Mission, what: str) -> None:
    """« Received », then how it ended: once each; nothing when they left a phone number only."""
    address = str(mission.email)
    if not address:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = _letter(what)
    mail.post(address, subject, text, key=f"mission:{what}:{mission.pk}")


def _letter(what: str) -> tuple[str, str]:
    if what == "received":
        return _("Your request was received"), _(
            "Hello,\n\nThe request you sent was received. A coordinator asks people whether they can.\n"
            "You will get one more message with the outcome.\n\nThank you."
        )
    if what == "settled":
        return _("Your request has an answer"), _(
            "Hello,\n\nPeople have said that they can. The coordinator gets in touch with you to arrange it.\n\nThank you."
        )
    return _("Your request has an answer"), _(
        "Hello,\n\nNobody can this time, and we would rather tell you so now.\n"
        "Ask again for another day if it helps.\n\nThank you."
    )
