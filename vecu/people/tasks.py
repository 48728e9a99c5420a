"""What people are sent about signing in. Neutral: no name, no place, no word of health, no tracking."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.core import jobs, mail, moments, retention
from vecu.people.actions import archives, invitations, mailed_codes, openings, recoveries, seals
from vecu.people.adapter import MAIL_PLACE
from vecu.people.models import DataCopy, Invitation, Person, User

TEMPLATES = {"code": "people/mail/code.txt", "link": "people/mail/link.txt"}


@jobs.job("people.mail_sign_in", is_private=True)
def mail_sign_in(payload: dict[str, Any]) -> None:
    """A code or a link, to an account that may receive one. The page said the same whatever happens here."""
    address = seals.open_text(payload["to"], MAIL_PLACE)
    secret = seals.open_text(payload["secret"], MAIL_PLACE)
    user = User.objects.filter(email=address, is_active=True).first()
    if user is None and payload["kind"] == "code":
        awaited = openings.awaited_at(address).filter(has_shared_mailbox=False).select_related("person").first()
        if awaited is None:
            raise jobs.Drop
        return post_opening(awaited.person)
    if user is None or user.has_shared_mailbox or not secret.strip("-"):
        raise jobs.Drop
    post(address, TEMPLATES[payload["kind"]], user.language, secret=secret)


@jobs.job("people.mail_opening", is_private=True)
def mail_opening(payload: dict[str, Any]) -> None:
    """The link that opens the account of someone of the file; if the address has an account, where to sign in."""
    address = seals.open_text(payload["to"], invitations.PLACE)
    person = Person.objects.filter(pk=payload["person"], user=None, awaited__isnull=False).first()
    if person is None or person.contact_email.lower() != address:
        raise jobs.Drop
    known = User.objects.filter(email=address).first()
    if known is None:
        return post_opening(person)
    if not known.can_be_written_to:
        raise jobs.Drop
    link = settings.PUBLIC_URL + reverse("account_login")
    return post(address, "people/mail/known.txt", known.language, link=link)


def post_opening(person: Person) -> None:
    invitation, token = openings.prepare_opening(person)
    post(invitation.email, "people/mail/opening.txt", person.awaited.language, secret=invitation_link(token))


@jobs.job("people.mail_code", is_private=True)
def mail_code(payload: dict[str, Any]) -> None:
    """A code of `mailed_codes`: to the account's own address, or to one that no account has."""
    address = seals.open_text(payload["to"], mailed_codes.PLACE)
    user = User.objects.filter(email=address).first()
    is_for_new = payload["purpose"] == mailed_codes.CHANGE.name
    if is_for_new is (user is not None) or (user is not None and user.has_shared_mailbox):
        raise jobs.Drop
    post(address, TEMPLATES["code"], payload["language"], secret=seals.open_text(payload["secret"], mailed_codes.PLACE))


@jobs.job("people.mail_recovery", is_private=True)
def mail_recovery(payload: dict[str, Any]) -> None:
    """Said to both addresses when the way someone signs in is about to change, or has changed."""
    address = seals.open_text(payload["to"], recoveries.PLACE)
    with translation.override(payload["language"]):
        at = moments.say_datetime(datetime.fromisoformat(payload["at"])) if "at" in payload else ""
    template = f"people/mail/recovery_{payload['what']}.txt"
    post(address, template, payload["language"], at=at, link=settings.PUBLIC_URL + reverse("own_data"))


@jobs.job("people.make_copy", atomic=False)
def make_copy(payload: dict[str, Any]) -> None:
    """Not atomic, so that its owner sees how far it is; begun again from nothing if it was cut."""
    archives.make_copy(UUID(payload["copy"]))


@jobs.job("people.mail_copy")
def mail_copy(payload: dict[str, Any]) -> None:
    """The copy is ready: said without saying of what."""
    copy = DataCopy.objects.filter(pk=payload["copy"]).select_related("person__user").first()
    user = copy.person.user if copy is not None else None
    if user is None or not user.can_be_written_to:
        raise jobs.Drop
    post(user.email, "people/mail/copy.txt", user.language, link=settings.PUBLIC_URL)


@jobs.job("people.mail_idle")
def mail_idle(payload: dict[str, Any]) -> None:
    """Warn that an account nobody uses will close, if its owner may be written to."""
    user = User.objects.filter(pk=payload["user"]).first()
    if user is None or not user.can_be_written_to:
        raise jobs.Drop
    with translation.override(user.language):
        day = moments.say_date(date.fromisoformat(payload["closes_on"]))
    post(user.email, "people/mail/idle.txt", user.language, day=day, link=settings.PUBLIC_URL)


@jobs.job("people.mail_invitation", is_private=True)
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
    erase=retention.delete,
)
retention.clock(
    "people.Throttle",
    starts="last_at",
    keep=timedelta(days=1),
    then=gettext_lazy("deleted: wrong tries are forgotten"),
    erase=retention.delete,
)
retention.clock(
    "people.OutsideAccount",
    starts="last_used_at",
    keep=timedelta(days=365),
    then=gettext_lazy("unlinked: nobody signed in with it for a year"),
    erase=retention.delete,
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
    erase=retention.delete,
)
retention.clock(
    "people.Membership",
    starts="ended_on",
    keep=timedelta(days=6 * 365),
    then=gettext_lazy("deleted"),
    erase=retention.delete,
)
retention.clock(
    "people.AwaitedAddress",
    starts="created_at",
    keep=timedelta(days=365),
    then=gettext_lazy("deleted: nobody came to confirm it"),
    erase=retention.delete,
)
retention.clock(
    "people.Recovery",
    starts="asked_at",
    keep=recoveries.KEPT,
    then=gettext_lazy("deleted"),
    erase=retention.delete,
)
retention.clock(
    "people.RefusedAddress",
    starts="refused_at",
    keep=timedelta(days=5 * 365),
    then=gettext_lazy("deleted: a mark of the address was all that was left, to recognise a return"),
    erase=retention.delete,
)
retention.clock(
    "people.DataCopy",
    starts="expires_at",
    keep=timedelta(0),
    then=gettext_lazy("its key is destroyed, an hour after it was taken and a week after it was asked for at most"),
)
