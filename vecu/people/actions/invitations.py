"""Invitations: the way in, bound to one address and one role, for seven days and one use."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, journal, moments, vault
from vecu.core.access import Scope, require
from vecu.core.errors import Refused
from vecu.people.actions import memberships, persons, refusals, seals
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Invitation, Organisation, Person, User
from vecu.people.policy import Can

VALID = timedelta(days=7)
HASH_KEPT = timedelta(days=30)
PLACE = "people.invitation"


@transaction.atomic
def invite(
    email: str,
    role: Role,
    *,
    actor: Actor,
    organisation: Organisation,
    is_second_chance: bool = False,
    now: datetime | None = None,
) -> Invitation:
    """Invite an address to take a role here. The message says nothing of who invites or to what. One that was refused
    here is invited again only knowingly."""
    require(actor, Can.MANAGE_MEMBERS)
    memberships.require_here(actor, Can.MANAGE_MEMBERS, organisation)
    if actor.scope(Can.MANAGE_MEMBERS) < Scope.ALL:
        memberships.refuse_from_above(role)
    refused_at = refusals.was_refused(actor, email)
    if refused_at is not None and not is_second_chance:
        raise Refused(
            "refused_before",
            _("Someone with this address was refused here on %(day)s.") % {"day": moments.say_date(refused_at)},
        )
    if Invitation.objects.open(now).filter(organisation=organisation, email=email.strip().lower(), role=role).exists():
        raise Refused(
            "already_invited",
            _("This address already has an invitation waiting. Withdraw it to send another."),
        )
    return send(email, role, organisation, actor=actor, now=now)


def send(
    email: str, role: Role, organisation: Organisation, *, actor: Actor, now: datetime | None = None
) -> Invitation:
    """Write the invitation and queue its message; the secret is only in the message."""
    invitation, token = prepare(email, role, organisation, actor=actor, now=now)
    payload = {"invitation": str(invitation.pk), "token": seals.seal_text(token, PLACE)}
    jobs.enqueue("people.mail_invitation", payload=payload, key=f"people.invitation:{invitation.pk}")
    return invitation


def prepare(
    email: str,
    role: Role,
    organisation: Organisation,
    *,
    actor: Actor,
    person: Person | None = None,
    now: datetime | None = None,
) -> tuple[Invitation, str]:
    """The invitation and its secret, for whoever hands it over another way (the first start prints it)."""
    now, token = now or timezone.now(), secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email.strip().lower(),
        role=role,
        person=person,
        token_hash=hash_of(token),
        invited_by_id=actor.person_id,
        expires_at=now + VALID,
    )
    journal.write(actor, "invitation.send", invitation)
    return invitation, token


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Actor, now: datetime | None = None) -> Invitation:
    """Its link opens nothing any more."""
    require(actor, Can.MANAGE_MEMBERS, invitation)
    now = now or timezone.now()
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(
        withdrawn_at=now, token_hash=None, updated_at=now
    ):
        raise Refused("invitation_over", _("This invitation was already accepted or withdrawn."))
    invitation.withdrawn_at = now
    jobs.cancel(key=f"people.invitation:{invitation.pk}")
    journal.write(actor, "invitation.withdraw", invitation)
    return invitation


def find_invitation(token: str, now: datetime | None = None) -> Invitation | None:
    """The invitation this secret opens, if it still does."""
    return (
        Invitation.objects.open(now).select_related("organisation", "person").filter(token_hash=hash_of(token)).first()
    )


def has_account(invitation: Invitation) -> bool:
    """The address invited opens an account already."""
    return User.objects.filter(email=invitation.email).exists()


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    actor: Actor,
    given_name: str = "",
    family_name: str = "",
    has_shared_mailbox: bool = False,
    language: str = "fr",
    now: datetime | None = None,
) -> Person:
    """Take the role. Whoever already has an account accepts while signed in with that address; others get one.
    An invitation for someone of the file is opened by `openings.open_offered`, which asks for one more proof."""
    if invitation.person_id is not None:
        raise Refused("file_first", _("This link opens an account that waits for you: open it again from the message."))
    now = now or timezone.now()
    known = User.objects.filter(email=invitation.email).select_related("person").first()
    if known is None and actor.is_signed_in:
        raise Refused(
            "sign_out_first", _("You are signed in with another address. Sign out, then open the link again.")
        )
    if known is not None and actor.user_id != known.pk:
        raise Refused(
            "sign_in_first",
            _("This address already has an account. Sign in with it, then open the link again."),
        )
    use(invitation, now)
    person = getattr(known, "person", None) or _new_person(
        invitation, known, given_name, family_name, has_shared_mailbox, language
    )
    acting = Actor(known.pk if known else None, person.pk, invitation.organisation_id, is_signed_in=True)
    memberships.start(person, Role(invitation.role), invitation.organisation, actor=acting)
    journal.write(acting, "invitation.accept", invitation, subject=person)
    return person


def use(invitation: Invitation, now: datetime | None = None) -> None:
    """Once: whoever comes second is told."""
    now = now or timezone.now()
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(used_at=now, token_hash=None, updated_at=now):
        raise Refused("invitation_over", _("This invitation is no longer valid. Ask for a new one."))


def _new_person(
    invitation: Invitation,
    user: User | None,
    given_name: str,
    family_name: str,
    has_shared_mailbox: bool,
    language: str,
) -> Person:
    if not given_name.strip():
        raise Refused("no_given_name", _("Your first name is needed: it is what others will call you."))
    if user is None:
        user = User.objects.create_user(invitation.email)
        user.has_shared_mailbox, user.language = has_shared_mailbox, language
        user.save(update_fields=["has_shared_mailbox", "language"])
    return Person.objects.create(
        user=user,
        vault=vault.new_key("people.person"),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        contact_email=invitation.email,
        name_index=persons.name_index(given_name, family_name),
        handle=persons.draw_handle(invitation.organisation),
    )


def hash_of(token: str) -> str:
    """All that is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


@jobs.periodic("people.forget_invitations", at=time(4, 15))
def forget_invitations(now: datetime) -> None:
    """The hash of a secret is deleted thirty days after it was sent, used or not."""
    Invitation.objects.filter(created_at__lt=now - HASH_KEPT, token_hash__isnull=False).update(token_hash=None)
