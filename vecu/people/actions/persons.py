"""People: known once, whatever their roles and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, UUIDField
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.crypto import blind_index
from vecu.core.errors import SHORTEST_REASON, Refused
from vecu.core.prepared import Asked, Prepared, any_of
from vecu.people import terms
from vecu.people.actions import addresses, memberships
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import AwaitedAddress, Organisation, Person, User
from vecu.people.policy import Can

IDENTITY_FIELDS = (
    *("given_name", "family_name", "phone", "contact_email", "town"),
    *("birth_year", "gender", "languages", "departement"),
)
NAMES = frozenset({"given_name", "family_name"})


@dataclass(frozen=True)
class Identity:
    """Who someone is, opened: goes to the page that asked, never further."""

    given_name: str
    family_name: str
    phone: str
    contact_email: str
    town: str

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    organisation: Organisation,
    role: Role,
    given_name: str,
    family_name: str = "",
    email: str = "",
    has_account: bool = False,
    **details: Any,
) -> Person:
    """Someone new with a role in an organisation, a key of their own and a pseudonym drawn from a list.

    `details` are other fields of IDENTITY_FIELDS. With `has_account`, the address also opens Vécu; refused when
    it already does for someone else, who must be invited instead.
    """
    require(actor, Can.EDIT_PEOPLE)
    memberships.require_here(actor, Can.EDIT_PEOPLE, organisation)
    if unknown := set(details) - set(IDENTITY_FIELDS):
        raise TypeError(f"create_person has no {unknown}")
    person = Person(
        vault=vault.new_key("people.person"),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        contact_email=email.strip(),
        handle=draw_handle(organisation),
        **details,
    )
    person.name_index = name_index(person.given_name, person.family_name)
    person.save(force_insert=True)
    journal.write(actor, "person.create", person, subject=person)
    memberships.start(person, role, organisation, actor=actor)
    if has_account:
        open_account(person, email=email, actor=actor)
    return person


@transaction.atomic
def open_account(person: Person, *, email: str, actor: Actor, language: str = "fr") -> User:
    """Let someone sign in with this address; they choose nothing yet: a code by e-mail is enough to start."""
    require(actor, Can.EDIT_PEOPLE, person)
    address = email.strip().lower()
    if not address:
        raise Refused("no_address", _("An e-mail address is needed to sign in."))
    if User.objects.filter(email=address).exists():
        raise Refused(
            "known_address",
            _(
                "Someone already signs in with this address. Send them an invitation: they will accept it once signed in."
            ),
        )
    user = User.objects.create_user(address)
    if language != user.language:
        user.language = language
        user.save(update_fields=["language"])
    person.user = user
    person.save(update_fields=["user", "updated_at"])
    AwaitedAddress.objects.filter(person=person).delete()
    journal.write(actor, "account.open", person, subject=person)
    return user


@transaction.atomic
def change_identity(person: Person, *, actor: Actor, **fields: Any) -> Person:
    """Correct who someone is or how to reach them: they do it themselves, or their coordinator does."""
    require(actor, Can.SEE_OWN_DATA if actor.person_id == person.pk else Can.EDIT_PEOPLE, person)
    if unknown := set(fields) - set(IDENTITY_FIELDS):
        raise TypeError(f"change_identity has no {unknown}")
    if "given_name" in fields and not fields["given_name"].strip():
        raise Refused("no_given_name", _("A first name is needed: it is what others will call this person."))
    for name, value in fields.items():
        setattr(person, name, value.strip() if isinstance(value, str) else value)
    changed = [*fields, "updated_at"]
    if NAMES & set(fields):
        person.name_index = name_index(person.given_name, person.family_name)
        changed.append("name_index")
    # Only what was typed: a page left open undoes nothing that was done to the person meanwhile.
    person.save(update_fields=changed)
    if "contact_email" in fields and person.user_id is None:
        addresses.follow_address(person)
    journal.write(actor, "person.change", person, subject=person)
    return person


@transaction.atomic
def set_account(person: Person, *, actor: Actor, has_shared_mailbox: bool | None = None, language: str = "") -> User:
    """Say that others read the mailbox, or which language to write in."""
    require(actor, Can.SEE_OWN_DATA if actor.person_id == person.pk else Can.EDIT_PEOPLE, person)
    if person.user is None:
        raise Refused("no_account", _("This person does not sign in here."))
    if has_shared_mailbox is not None:
        person.user.has_shared_mailbox = has_shared_mailbox
    if language:
        person.user.language = language
    person.user.save(update_fields=["has_shared_mailbox", "language"])
    journal.write(actor, "account.change", person, subject=person)
    return person.user


@transaction.atomic
def read_identity(person: Person, *, actor: Actor, reason: str) -> Identity:
    """Open someone's name and contacts. When the reader is somebody else it is journaled, with the reason given,
    and the person sees it."""
    if actor.person_id != person.pk:
        require(actor, Can.READ_IDENTITY, person)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused("no_reason", _("Say in a few words why you need this person’s name and contacts."))
        journal.read(actor, "identity.read", person, subject=person, reason=reason.strip())
    return Identity(
        given_name=person.given_name,
        family_name=person.family_name,
        phone=person.phone,
        contact_email=person.contact_email,
        town=person.town,
    )


# Which of these pseudonyms somebody has already.
TAKEN = Prepared(
    lambda: Person.objects.filter(
        any_of("handle", "handles", CharField()),
        memberships__organisation_id=Asked("organisation_id", UUIDField()),
    ).values_list("handle")
)


def draw_handle(organisation: Organisation) -> str:
    """A pseudonym nobody has in this organisation."""
    handles = terms.drawn()
    taken = {handle for (handle,) in TAKEN.rows(organisation_id=organisation.pk, handles=handles)}
    return terms.first_free(handles, taken)


def name_index(given_name: str, family_name: str) -> str:
    """A mark by which the exact name is found again; empty for someone without a last name."""
    return blind_index(f"{given_name} {family_name}", "people.name") if family_name.strip() else ""


def found_by_name(actor: Actor, given_name: str, family_name: str) -> Sequence[Person]:
    """People within reach who bear exactly this name."""
    mark = name_index(given_name, family_name)
    return list(Person.objects.visible_to(actor).filter(name_index=mark)) if mark else []
