"""Asking to be erased, seven days to change one's mind, then done for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, journal, scrub, tombstones, vault
from vecu.core.access import require
from vecu.core.errors import Denied, Refused
from vecu.people import erasures
from vecu.people.actions import memberships, sessions
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.erasures import Fate, Part
from vecu.people.models import ErasureRequest, Invitation, Membership, Person, User
from vecu.people.policy import Can

REGRET = timedelta(days=7)
IDLE, IDLE_REGRET = timedelta(days=365), timedelta(days=30)
WARNED = (timedelta(days=30), timedelta(days=8))  # at 11 and 11.75 months


@transaction.atomic
def ask_erasure(person: Person, *, actor: Actor, now: datetime | None = None) -> ErasureRequest:
    """Everything about me goes in seven days, unless I change my mind."""
    require(actor, Can.SEE_OWN_DATA, person)
    if actor.person_id != person.pk:
        raise Denied("erasure is asked by the person themselves")
    if ErasureRequest.objects.filter(person=person).exists():
        raise Refused("already_asked", _("You already asked: the date is written on this page."))
    held = list(Membership.objects.current().filter(person=person, role=Role.COORDINATOR))
    memberships.hold(*(membership.organisation_id for membership in held))
    for membership in held:
        others = Membership.objects.current().filter(organisation_id=membership.organisation_id, role=Role.COORDINATOR)
        if not others.exclude(person=person).exists():
            raise Refused(
                "last_coordinator",
                _("You are the only coordinator of an organisation. Invite another one first, then ask again."),
            )
    now = now or timezone.now()
    request = ErasureRequest.objects.create(person=person, asked_at=now, runs_at=now + REGRET)
    journal.write(actor, "erasure.ask", request, subject=person)
    return request


@transaction.atomic
def cancel_erasure(request: ErasureRequest, *, actor: Actor) -> None:
    """I changed my mind in time."""
    require(actor, Can.SEE_OWN_DATA, request)
    if not ErasureRequest.objects.pending().filter(pk=request.pk).exists():
        raise Refused("erasure_over", _("It is too late: the erasure is done."))
    journal.write(actor, "erasure.cancel", request, subject=request.person_id)
    request.delete()


@transaction.atomic
def erase_person(person: Person, *, actor: Actor, now: datetime | None = None) -> None:
    """Destroy what is held: areas above first, then names, account, roles and key. A mark stays outside the
    database, so that a restored copy is erased again."""
    require(actor, Can.EDIT_PEOPLE, person)
    now = now or timezone.now()
    jobs.forget(person.pk)
    for part in reversed(erasures.PARTS):
        part.erase(person)
    tombstones.bury("person", person.pk)
    ErasureRequest.objects.filter(person=person).update(done_at=now)
    journal.write(actor, "person.erase", person, subject=person)


@jobs.periodic("people.erase_due", at=time(2, 30), atomic=False)
def erase_due(now: datetime) -> None:
    """Each night, the erasures whose days are over; an unused account that was used again is left in peace."""
    back = ErasureRequest.objects.pending().filter(is_for_idleness=True, person__user__last_login__gt=F("asked_at"))
    back.delete()
    due = ErasureRequest.objects.pending().filter(runs_at__lte=now).select_related("person__user")
    jobs.each(due, lambda request: erase_person(request.person, actor=system(), now=now))


@jobs.periodic("people.close_idle_accounts", at=time(2, 15))
def close_idle_accounts(now: datetime) -> None:
    """A patient's account not used for twelve months is closed, warned twice before, and erased 30 days later.

    Only accounts of people who are nothing else here: a peer or a coordinator has a role that ends by itself.
    """
    others = (
        Membership.objects.current(timezone.localdate(now))
        .exclude(role=Role.BENEFICIARY)
        .filter(person=OuterRef("person__pk"))
    )
    idle = User.objects.filter(~Exists(others), person__isnull=False, person__erasure=None, last_login__isnull=False)
    for before in WARNED:
        for user in idle.filter(last_login__lt=now - IDLE + before).select_related("person"):
            day = user.last_login + IDLE
            payload = {"user": user.pk, "closes_on": timezone.localdate(day).isoformat()}
            key = f"people.idle:{user.pk}:{timezone.localdate(user.last_login):%Y%m%d}:{before.days}"
            jobs.enqueue("people.mail_idle", payload=payload, key=key, about=user.person.pk)
    for user in idle.filter(last_login__lt=now - IDLE).select_related("person"):
        ErasureRequest.objects.create(person=user.person, asked_at=now, runs_at=now + IDLE_REGRET, is_for_idleness=True)


def preview(person: Person) -> list[Fate]:
    """People's own lines: name, account, roles and agreements go; the journal stays without a name."""
    lines = [
        Fate(_("Your name, phone, address and town")),
        Fate(_("Your account: nobody can sign in with your address any more")),
        Fate(_("Your roles and your agreements")),
        Fate(
            _("The journal of who opened what, without your name"),
            is_erased=False,
            why=_("The law asks for it for one to three years; it says a number, never what was written."),
        ),
    ]
    return lines


def erase(person: Person) -> None:
    """People's own part: last, since everything above hangs on it."""
    user_id, address = person.user_id, person.user.email if person.user else ""
    person.memberships.all().delete()
    person.consents.all().delete()
    for name in ("given_name", "family_name", "phone", "contact_email", "town", "name_index", "departement", "gender"):
        setattr(person, name, "")
    person.birth_year, person.languages, person.handle = None, [], "–"
    person.stopped_at, person.stop_reason = None, ""
    person.erased_at, person.user = timezone.now(), None
    person.save()
    vault.destroy(person.vault_id)
    if user_id is not None:
        _close_account(user_id, address)


def _close_account(user_id: int, address: str) -> None:
    """Sessions, authenticators (by cascade) and invitations go with the account."""
    EmailAddress.objects.filter(user_id=user_id).delete()
    Invitation.objects.filter(email=address).delete()
    sessions.close_all(user_id)
    User.objects.filter(pk=user_id).delete()


def _still_here() -> Iterable[UUID]:
    return Person.objects.filter(erased_at=None).values_list("pk", flat=True)


def _gone() -> Iterable[UUID]:
    return Person.objects.exclude(erased_at=None).values_list("pk", flat=True)


def _erase_again(person_id: UUID) -> None:
    """A restored backup brought back someone who had been erased."""
    erase_person(Person.objects.get(pk=person_id), actor=system())


erasures.register(Part(preview=preview, erase=erase))
tombstones.grave("person", _still_here, _erase_again, _gone)
for model in ("people.User", "people.Person", "people.Invitation", "account.EmailAddress", "usersessions.UserSession"):
    scrub.table(model)
