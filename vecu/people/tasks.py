"""What people is sent about signing in. Neutral: no name, no place, no word of health, no picture, no tracking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from vecu.core import jobs
from vecu.people.actions import invitations, seals
from vecu.people.adapter import MAIL_PLACE
from vecu.people.models import Invitation, User

# A code lives ten minutes: trying for hours to send it would only puzzle people.
SOON = (10, 30, 60, 120)


@jobs.job("people.mail_sign_in", retries=SOON, atomic=False)
def mail_sign_in(payload: dict[str, Any]) -> None:
    """A code or a link, to an account that may receive one. Nobody knows whether it was sent."""
    address = seals.open_text(payload["to"], MAIL_PLACE)
    secret = seals.open_text(payload["secret"], MAIL_PLACE)
    user = User.objects.filter(email=address, is_active=True).first()
    if user is None or user.has_shared_mailbox or secret == "-":
        return
    template = "people/mail/code.txt" if payload["kind"] == "code" else "people/mail/link.txt"
    _send(address, template, payload["job"], user.language, secret=secret)


@jobs.job("people.mail_invitation", atomic=False)
def mail_invitation(payload: dict[str, Any]) -> None:
    """The link of an invitation that still stands."""
    invitation = Invitation.objects.open().filter(pk=payload["invitation"]).first()
    if invitation is None:
        raise jobs.Drop
    token = seals.open_text(payload["token"], invitations.PLACE)
    link = f"{settings.PUBLIC_URL}/invitation/{token}/"
    _send(invitation.email, "people/mail/invitation.txt", payload["job"], settings.LANGUAGE_CODE, secret=link)


def _send(address: str, template: str, job: str, language: str, **context: str) -> None:
    """One message, with an identifier of its own so that a second try is seen as the same."""
    with translation.override(language):
        body = render_to_string(template, context)
        message = EmailMessage(_("You have a message"), body, to=[address])
    domain = message.from_email.rpartition("@")[2].strip(">")
    message.extra_headers["Message-ID"] = f"<{job}@{domain}>"
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.send()
