"""Someone can no longer sign in, or signs in with a wrong address: how an account changes hands with nobody else.

Its owner changes the address alone, after a code read at the new one. When they cannot come in at all, a coordinator
who has met them says so: the account is told, a day goes by in which its owner may say that they asked for nothing,
then passwords, apps, keys and open sessions are forgotten, and a code by mail is enough to start again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, journal
from vecu.core.access import require
from vecu.core.errors import SHORTEST_REASON, Denied, Refused
from vecu.core.events import publish
from vecu.people import erasures
from vecu.people.actions import addresses, seals, sessions
from vecu.people.actor import Actor, system
from vecu.people.enums import STAFF_ROLES
from vecu.people.events import RecoveryRefused
from vecu.people.models import Membership, Organisation, OutsideAccount, Person, Recovery, User
from vecu.people.policy import Can

DELAY = timedelta(hours=24)
KEPT = timedelta(days=365)
PLACE = "people.recovery"


@transaction.atomic
def change_address(person: Person, email: str, *, actor: Actor) -> User:
    """Sign in with another address from now on. Its owner asks, after typing a code read there (`mailed_codes`)."""
    require(actor, Can.SEE_OWN_DATA, person)
    if actor.person_id != person.pk or person.user is None:
        raise Denied("an address is changed by its owner")
    old = person.user.email
    _set_address(person, email)
    journal.write(actor, "account.address", person, subject=person)
    for address in (old, person.user.email):
        _tell("changed", address, person.user)
    return person.user


@transaction.atomic
def ask_recovery(
    person: Person, *, actor: Actor, reason: str, email: str = "", now: datetime | None = None
) -> Recovery:
    """A coordinator has met someone who can no longer sign in, and says how; `email` corrects a mistyped address.

    Told at once at the old and at the new address. Done a day later; at once when the account was never opened,
    since nobody can be robbed of it. Whoever shares a mailbox needs an address of their own: a code is all they will
    have to come in with.
    """
    require(actor, Can.MANAGE_MEMBERS)
    require(actor, Can.EDIT_PEOPLE, person)
    now = now or timezone.now()
    user = _account_of(person, actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("no_reason", _("Say in a few words where and when you met this person."))
    if Recovery.objects.under_way().filter(person=person).exists():
        raise Refused("already_asked", _("This is already under way: the date is written on this page."))
    right = email.strip().lower()
    right = "" if right == user.email else right
    if user.has_shared_mailbox and not right:
        raise Refused(
            "shared_mailbox",
            _("Someone else reads this mailbox, so no code is ever sent there. Write an address that only they read."),
        )
    if right and User.objects.filter(email=right).exists():
        raise Refused("known_address", _("Someone else already signs in with this address. Check it with the person."))
    recovery = Recovery.objects.create(
        organisation=Organisation.objects.get(pk=actor.organisation_id),
        person=person,
        asked_by_id=actor.person_id,
        email=right,
        asked_at=now,
        runs_at=now if user.last_login is None else now + DELAY,
    )
    journal.write(actor, "account.recovery_ask", recovery, subject=person, reason=reason.strip())
    if user.last_login is None:
        return _finish(recovery, now)
    for address in filter(None, (user.email, right)):
        _tell("asked", address, user, recovery.runs_at)
    return recovery


@transaction.atomic
def cancel_recovery(recovery: Recovery, *, actor: Actor, now: datetime | None = None) -> Recovery:
    """The owner asked for nothing, or signs in again after all; those who coordinate may stop it too."""
    is_owner = actor.person_id == recovery.person_id
    require(actor, Can.SEE_OWN_DATA if is_owner else Can.MANAGE_MEMBERS, None if is_owner else recovery)
    now = now or timezone.now()
    if not Recovery.objects.under_way().filter(pk=recovery.pk).update(cancelled_at=now, updated_at=now):
        raise Refused("recovery_over", _("It is too late to stop this: it is done, or was stopped already."))
    recovery.cancelled_at = now
    journal.write(actor, "account.recovery_cancel", recovery, subject=recovery.person_id)
    if is_owner:
        publish(RecoveryRefused(recovery.person_id, recovery.organisation_id))
    return recovery


@jobs.periodic("people.finish_recoveries", every=timedelta(minutes=10), atomic=False)
def finish_recoveries(now: datetime) -> None:
    """Those whose day is over. Nothing changes for someone about whom everything was stopped meanwhile."""
    due = Recovery.objects.under_way().filter(runs_at__lte=now, person__stopped_at=None, person__erased_at=None)
    jobs.each(due.select_related("person__user", "organisation"), lambda recovery: _finish(recovery, now))


def _account_of(person: Person, actor: Actor) -> User:
    """Whose account may be recovered here, and by whom."""
    if person.user is None:
        raise Refused("no_account", _("This person does not sign in here."))
    if actor.person_id == person.pk:
        raise Refused("own_account", _("It is your own account: another coordinator must have met you."))
    elsewhere = Membership.objects.current().filter(person=person).with_role(*STAFF_ROLES)
    if elsewhere.exclude(organisation_id=actor.organisation_id).exists():
        raise Refused("works_elsewhere", _("This person also works in another organisation, which must ask for it."))
    return person.user


def _finish(recovery: Recovery, now: datetime) -> Recovery:
    """Forget every proof and every open session; then the right address, unless someone took it meanwhile. Nothing
    is forgotten of whoever would then have no mailbox of their own to receive a code."""
    person, user = recovery.person, recovery.person.user
    taken = recovery.email and User.objects.filter(email=recovery.email).exists()
    if user is None or taken or (user.has_shared_mailbox and not recovery.email):
        Recovery.objects.filter(pk=recovery.pk).update(cancelled_at=now, updated_at=now)
        recovery.cancelled_at = now
        return recovery
    old = user.email
    Authenticator.objects.filter(user=user).delete()
    OutsideAccount.objects.filter(user=user).delete()
    sessions.close_all(user.pk)
    user.set_unusable_password()
    if recovery.email:
        user.has_shared_mailbox = False  # this address is their own
        _set_address(person, recovery.email)
    user.save(update_fields=["password", "has_shared_mailbox"])
    Recovery.objects.filter(pk=recovery.pk).update(done_at=now, updated_at=now)
    recovery.done_at = now
    journal.write(system(recovery.organisation_id), "account.recover", recovery, subject=person)
    for address in {old, user.email}:
        _tell("changed", address, user)
    return recovery


def _set_address(person: Person, email: str) -> None:
    """The account, and the file where it held the same one."""
    user, address = person.user, email.strip().lower()
    if user is None or User.objects.filter(email=address).exists():
        raise Refused("known_address", _("This address cannot be used here. Choose another one."))
    if person.contact_email.lower() == user.email:
        person.contact_email = address
        person.save(update_fields=["contact_email", "updated_at"])
    EmailAddress.objects.filter(user=user).delete()
    user.email = address
    user.save(update_fields=["email"])
    addresses.note_working_address(user)


def _tell(what: str, address: str, user: User, at: datetime | None = None) -> None:
    """Neutral, and never to a mailbox others read: a mistyped address is not one of theirs."""
    if user.has_shared_mailbox and address == user.email:
        return
    payload = {"what": what, "to": seals.seal_text(address, PLACE), "language": user.language}
    jobs.enqueue("people.mail_recovery", payload=payload | ({"at": at.isoformat()} if at else {}))


def _forget(person: Person) -> None:
    Recovery.objects.filter(person=person).delete()


erasures.register(erasures.Part(preview=lambda person: [], erase=_forget))
