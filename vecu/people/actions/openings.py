"""An account opens once its owner has shown twice who they are: they read the mailbox, and they know the file.

Someone may ask for a peer without an account. The address they gave is then only awaited: it may be mistyped, or be
somebody else's. Whoever comes to sign in with it receives a link; the link asks for the phone number of the file (or
what an area above accepts instead), so that neither a stranger's mailbox nor a stranger's request opens anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vecu.core import jobs, journal
from vecu.core.access import require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.people import erasures
from vecu.people.actions import addresses, erasing, invitations, memberships, seals, throttles
from vecu.people.actions.throttles import Door
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.events import FilesJoined
from vecu.people.models import AwaitedAddress, Consent, Invitation, Organisation, Person, User
from vecu.people.policy import Can

PHONE_DIGITS = 9  # what is left of a French number without its 0 or +33
Known = Callable[[Person, str], bool]
KNOWN: list[Known] = []


def accept_instead(known: Known) -> Known:
    """An area above says what else only the person may know: the code of a receipt."""
    if known not in KNOWN:
        KNOWN.append(known)
    return known


@transaction.atomic
def await_address(
    person: Person,
    *,
    actor: Actor,
    organisation: Organisation,
    email: str,
    language: str = "fr",
    has_shared_mailbox: bool = False,
) -> AwaitedAddress:
    """Note that this address, given and not confirmed, may one day open an account for this person. The same is done
    whether or not an account has it already: who asks learns nothing."""
    require(actor, Can.EDIT_PEOPLE, person)
    awaited, _new = AwaitedAddress.objects.update_or_create(
        person=person,
        defaults={
            "organisation": organisation,
            "mark": addresses.mark_of(email),
            "has_shared_mailbox": has_shared_mailbox,
            "language": language,
        },
    )
    return awaited


def awaited_at(address: str) -> QuerySet[AwaitedAddress]:
    """Files in which this address waits to be confirmed, the newest first; not those which were stopped."""
    found = AwaitedAddress.objects.filter(mark=addresses.mark_of(address), person__user=None)
    return found.filter(person__erased_at=None, person__stopped_at=None).order_by("-created_at")


@transaction.atomic
def ask_opening(person: Person, *, door: Door, actor: Actor, now: datetime | None = None) -> None:
    """Send the link that opens this person's account to the address of their file; counted like any code asked for.

    The answer and the work are the same when the address has an account already: only the letter differs.
    """
    require(actor, Can.SEE_OWN_DATA if actor.person_id == person.pk else Can.EDIT_PEOPLE, person)
    if person.user_id is not None:
        raise Refused("has_account", _("This person signs in already: a code is sent each time they ask for one."))
    if not person.contact_email:
        raise Refused("no_address", _("An e-mail address is needed to sign in."))
    awaited = AwaitedAddress.objects.filter(person=person).first()
    if awaited is not None and awaited.has_shared_mailbox and actor.person_id == person.pk:
        raise Refused("shared_mailbox", _("Someone else reads this mailbox, so we send nothing there: we call you."))
    throttles.count_code_asked(door, now)
    payload = {"person": str(person.pk), "to": seals.seal_text(person.contact_email.lower(), invitations.PLACE)}
    jobs.enqueue("people.mail_opening", payload=payload, about=person.pk)
    journal.write(actor, "account.offer", person, subject=person)


@transaction.atomic
def offer_account(person: Person, *, actor: Actor, now: datetime | None = None) -> None:
    """A coordinator sends someone of the file the link that opens their account: asked by phone, for instance."""
    require(actor, Can.EDIT_PEOPLE, person)
    if not AwaitedAddress.objects.filter(person=person).exists() and person.contact_email:
        here = Organisation.objects.get(pk=actor.organisation_id)
        await_address(person, actor=actor, organisation=here, email=person.contact_email)
    ask_opening(person, door=Door(f"opening|{person.pk}"), actor=actor, now=now)


def prepare_opening(person: Person, now: datetime | None = None) -> tuple[Invitation, str]:
    """The link itself, seven days and one use; those sent before open nothing any more."""
    awaited = AwaitedAddress.objects.select_related("organisation").get(person=person)
    Invitation.objects.open(now).filter(person=person).delete()
    return invitations.prepare(
        person.contact_email,
        Role.BENEFICIARY,
        awaited.organisation,
        actor=system(awaited.organisation_id),
        person=person,
        now=now,
    )


def knows_file(person: Person, typed: str, *, door: Door, now: datetime | None = None) -> bool:
    """The phone number of the file, or what an area accepts instead. Wrong answers are counted and slowed down."""
    throttles.check_guess(door, now)
    is_known = _same_phone(person.phone, typed) or any(known(person, typed) for known in KNOWN)
    if not is_known:
        throttles.count_wrong_guess(door, now)
    return is_known


@transaction.atomic
def open_offered(invitation: Invitation, *, actor: Actor, now: datetime | None = None) -> Person:
    """Open the account of someone who read the link and knew the file (`knows_file` was asked before)."""
    person = invitation.person
    if person is None:
        raise TypeError("this invitation is not for someone of the file")
    if actor.is_signed_in:
        raise Refused("sign_out_first", _("You are signed in as someone else. Sign out, then open the link again."))
    invitations.use(invitation, now)
    if person.user_id is not None or User.objects.filter(email=invitation.email).exists():
        raise Refused("known_address", _("You already have an account with this address: sign in with it."))
    awaited = AwaitedAddress.objects.filter(person=person).first()
    user = User.objects.create_user(invitation.email)
    if awaited is not None:
        user.language, user.has_shared_mailbox = awaited.language, awaited.has_shared_mailbox
        user.save(update_fields=["language", "has_shared_mailbox"])
        awaited.delete()
    person.user = user
    person.save(update_fields=["user", "updated_at"])
    acting = Actor(user.pk, person.pk, invitation.organisation_id, is_signed_in=True)
    journal.write(acting, "account.open", person, subject=person)
    return person


def waiting_for(user: User, person: Person) -> QuerySet[AwaitedAddress]:
    """Files in which someone gave the address of this account, which its owner has proved to read."""
    return awaited_at(user.email).exclude(person=person)


@transaction.atomic
def join_file(awaited: AwaitedAddress, *, actor: Actor, now: datetime | None = None) -> Person:
    """« It was me »: what was asked without signing in goes to one's own file (`knows_file` was asked before).

    Areas above move what is theirs; then nothing is left of the other file.
    """
    require(actor, Can.SEE_OWN_DATA)
    owner = Person.objects.select_related("user").get(pk=actor.person_id)
    if owner.user is None or awaited.mark != addresses.mark_of(owner.user.email) or awaited.person.user_id is not None:
        raise Denied("a file of another address")
    other = awaited.person
    memberships.start(owner, Role.BENEFICIARY, awaited.organisation, actor=actor)
    publish(FilesJoined(other.pk, owner.pk, awaited.organisation_id))
    _bring_consents(other, owner)
    erasing.erase_person(other, actor=system(awaited.organisation_id), now=now)
    journal.write(actor, "file.join", owner, subject=owner)
    return owner


@transaction.atomic
def disown_file(awaited: AwaitedAddress, *, actor: Actor) -> None:
    """« It was not me »: the address waits no more in that file; those who coordinate there reach the person by phone."""
    require(actor, Can.SEE_OWN_DATA)
    owner = Person.objects.select_related("user").get(pk=actor.person_id)
    if owner.user is None or awaited.mark != addresses.mark_of(owner.user.email):
        raise Denied("a file of another address")
    journal.write(system(awaited.organisation_id), "address.disown", awaited.person, subject=awaited.person)
    awaited.delete()


def _bring_consents(other: Person, owner: Person) -> None:
    """The same words agreed to on both sides are one agreement: the owner's own."""
    held = Consent.objects.standing().filter(person=owner)
    for organisation_id, text_id in list(held.values_list("organisation_id", "text_id")):
        twice = Consent.objects.standing().filter(person=other, organisation=organisation_id, text=text_id)
        twice.delete()
    Consent.objects.filter(person=other).update(person=owner)


def _forget(person: Person) -> None:
    AwaitedAddress.objects.filter(person=person).delete()
    Invitation.objects.filter(person=person).delete()


def _same_phone(kept: str, typed: str) -> bool:
    digits = [("".join(sign for sign in text if sign.isdecimal()))[-PHONE_DIGITS:] for text in (kept, typed)]
    return digits[0] == digits[1] and len(digits[0]) == PHONE_DIGITS


erasures.register(erasures.Part(preview=lambda person: [], erase=_forget))
