"""What people are sent about signing in. Neutral: no name, no place, no word of health, no tracking."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.core import jobs, mail, moments, retention
from vecu.people.actions import invitations, seals
from vecu.people.adapter import MAIL_PLACE
from vecu.people.models import Invitation, User

TEMPLATES = {"code": "people/mail/code.txt", "link": "people/mail/link.txt"}


@jobs.job("people.mail_sign_in")
def mail_sign_in(payload: dict[str, Any]) -> None:
    """A code or a link, to an account that may receive one. The page said the same whatever happens here."""
    address = seals.open_text(payload["to"], MAIL_PLACE)
    secret = seals.open_text(payload["secret"], MAIL_PLACE)
    user = User.objects.filter(email=address, is_active=True).first()
    if user is None or user.has_shared_mailbox or not secret.strip("-"):
        raise jobs.Drop
    post(address, TEMPLATES[payload["kind"]], user.language, secret=secret)


@jobs.job("people.mail_idle")
def mail_idle(payload: dict[str, Any]) -> None:
    """Warn that an account nobody uses will close, if its owner may be written to."""
    user = User.objects.filter(pk=payload["user"]).first()
    if user is None or not user.can_be_written_to:
        raise jobs.Drop
    with translation.override(user.language):
        day = moments.say_date(date.fromisoformat(payload["closes_on"]))
    post(user.email, "people/mail/idle.txt", user.language, secret=day, link=settings.PUBLIC_URL)


@jobs.job("people.mail_invitation")
def mail_invitation(payload: dict[str, Any]) -> None:
    """The link of an invitation that still stands."""
    invitation = Invitation.objects.open().filter(pk=payload["invitation"]).first()
    if invitation is None:
        raise jobs.Drop
    link = invitation_link(seals.open_text(payload["token"], invitations.PLACE))
    post(invitation.email, "people/mail/invitation.txt", settings.LANGUAGE_CODE, secret=link)


def invitation_link(token: str) -> str:
    return settings.PUBLIC_URL + reverse("invitation_open", args=[token])


def post(address: str, template: str, language: str, **context: str) -> None:
    with translation.override(language):
        mail.post(address, _("You have a message"), render_to_string(template, context))


retention.clock(
    "people.Invitation",
    starts="created_at",
    keep=timedelta(days=30),
    then=gettext_lazy("deleted; its link had stopped working after seven days"),
    erase=lambda rows: rows.delete(),
)
retention.clock(
    "people.Throttle",
    starts="last_at",
    keep=timedelta(days=1),
    then=gettext_lazy("deleted: wrong tries are forgotten"),
    erase=lambda rows: rows.delete(),
)
retention.clock(
    "people.OutsideAccount",
    starts="last_used_at",
    keep=timedelta(days=365),
    then=gettext_lazy("unlinked: nobody signed in with it for a year"),
    erase=lambda rows: rows.delete(),
)
retention.clock(
    "people.ErasureRequest",
    starts="runs_at",
    keep=timedelta(0),
    then=gettext_lazy("everything about the person is erased"),
    done_at=None,
)
retention.clock(
    "people.User",
    starts="last_login",
    keep=timedelta(days=365),
    then=gettext_lazy("warned at 11 months, closed, then erased thirty days later"),
    person__memberships__role="beneficiary",
)
retention.clock(
    "people.Consent",
    starts="withdrawn_at",
    keep=timedelta(days=5 * 365),
    then=gettext_lazy("deleted: the proof is no longer needed"),
    erase=lambda rows: rows.delete(),
)
retention.clock(
    "people.Membership",
    starts="ended_on",
    keep=timedelta(days=6 * 365),
    then=gettext_lazy("deleted"),
    erase=lambda rows: rows.delete(),
)
