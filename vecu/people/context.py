"""What pages of the people area show: rows of members, tabs, the tree, and readings in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.core.access import get_visible, visible
from vecu.core.openid import Provider
from vecu.core.tables import JournalEntry
from vecu.people.actor import Actor
from vecu.people.enums import STAFF_ROLES, STORED_ROLES, Role
from vecu.people.models import Membership, Organisation, OutsideAccount, Person
from vecu.people.policy import Can

# In lists, those who ask for a peer are known by their pseudonym: their name is opened with a reason.
NAMED_ROLES = frozenset(STORED_ROLES) - {Role.BENEFICIARY}


@dataclass(frozen=True)
class MemberRow:
    pk: UUID
    name: str
    roles: tuple[str, ...]
    since: date | None
    is_stopped: bool


@dataclass(frozen=True)
class Reading:
    """One line of « Qui a ouvert mes informations »."""

    at: datetime
    who: str
    what: str
    reason: str


@dataclass(frozen=True)
class NamedReading:
    """One line of the data officer's journal: the reader by name, the person read by pseudonym."""

    at: datetime
    reader: str
    role: str
    what: str
    about: str
    reason: str


@dataclass(frozen=True)
class Branch:
    organisation: Organisation
    children: list[Branch]


def here(actor: Actor) -> Organisation:
    """The organisation somebody acts for."""
    return get_visible(Organisation, actor, pk=actor.organisation_id)


def members(actor: Actor, role: str = "") -> QuerySet[Person]:
    """People with a role here today, oldest first."""
    here = visible(Membership, actor).current().filter(person_id=OuterRef("pk"), organisation_id=actor.organisation_id)
    if role in Role.values:
        here = here.with_role(Role(role))
    return visible(Person, actor).filter(Exists(here)).order_by("created_at", "pk")


def rows(people: Iterable[Person], actor: Actor) -> list[MemberRow]:
    """Three queries whatever the number of people: they are already fetched, then roles, then keys."""
    people = list(people)
    held: dict[UUID, list[tuple[str, date]]] = {}
    memberships = visible(Membership, actor).current().filter(person__in=people).order_by("started_on")
    for person_id, role, started_on in memberships.values_list("person_id", "role", "started_on"):
        held.setdefault(person_id, []).append((role, started_on))
    vault.preload(person.vault_id for person in people)
    return [
        MemberRow(
            pk=person.pk,
            name=shown_name(person, [role for role, _since in held.get(person.pk, [])]),
            roles=tuple(str(Role(role).label) for role, _since in held.get(person.pk, [])),
            since=min((since for _role, since in held.get(person.pk, [])), default=None),
            is_stopped=person.is_stopped,
        )
        for person in people
    ]


def shown_name(person: Person, roles: Iterable[str]) -> str:
    """Colleagues by their name; those who only ask for a peer by their pseudonym."""
    if NAMED_ROLES & {Role(role) for role in roles}:
        return f"{person.given_name} {person.family_name}".strip()
    return person.pseudonym


def recognised_name(person: Person, roles: Iterable[str]) -> str:
    """As `shown_name`, with the first name one knows beside a pseudonym: before an act that cannot touch another."""
    shown = shown_name(person, roles)
    return f"{person.given_name} ({shown})" if shown == person.pseudonym else shown


def tabs(actor: Actor, current: str) -> list[tuple[str, str, int | None, bool]]:
    """How many people in each role, as links."""
    here = visible(Membership, actor).current().filter(organisation_id=actor.organisation_id)
    counted = dict(here.values_list("role").annotate(count=Count("person_id", distinct=True)).order_by())
    links = [(str(_("Everyone")), "?", None, current not in counted)]
    links += [
        (str(role.label), f"?role={role.value}", counted[role.value], role.value == current)
        for role in STORED_ROLES
        if role.value in counted
    ]
    return links


def tree(organisations: Iterable[Organisation]) -> list[Branch]:
    """Organisations under their parents; those whose parent is out of reach stand at the top."""
    branches = {organisation.pk: Branch(organisation, []) for organisation in organisations}
    tops = []
    for branch in branches.values():
        above = branches.get(branch.organisation.parent_id)
        (above.children if above else tops).append(branch)
    return tops


def explain(entries: Iterable[JournalEntry]) -> list[Reading]:
    """Who read what and why, in the reader's words: a role, not a name (given on request by the data officer)."""
    return [
        Reading(
            at=entry.at,
            who=str(Role(entry.actor_role).label) if entry.actor_role in Role.values else _("Vécu itself"),
            what=str(words_for(entry.verb).yours),
            reason=entry.reason,
        )
        for entry in entries
    ]


@dataclass(frozen=True)
class Words:
    """What was opened: said to whose it is (« Your name »), and of them to the data officer (« Name »)."""

    yours: Any
    theirs: Any


WHAT: dict[str, Words] = {}
UNNAMED = Words(gettext_lazy("A part of your file"), gettext_lazy("A part of the file"))


def name_reading(verb: str, *, yours: Any, theirs: Any) -> None:
    """Each area says in words what opening something of its own means, from its `apps.ready`."""
    WHAT[verb] = Words(yours, theirs)


def words_for(verb: str) -> Words:
    return WHAT.get(verb, UNNAMED)


def named_readings(entries: Iterable[JournalEntry]) -> list[NamedReading]:
    """Two queries whatever the number of lines."""
    entries = list(entries)
    keys = {key for entry in entries for key in (entry.actor_id, entry.subject_id) if key}
    people = {person.pk: person for person in Person.objects.filter(pk__in=keys)}
    vault.preload(people[entry.actor_id].vault_id for entry in entries if entry.actor_id in people)
    return [
        NamedReading(
            at=entry.at,
            reader=reader_name(people.get(entry.actor_id)),
            role=line.who,
            what=str(words_for(entry.verb).theirs),
            about=people[entry.subject_id].pseudonym if entry.subject_id in people else "–",
            reason=entry.reason,
        )
        for entry, line in zip(entries, explain(entries), strict=True)
    ]


def reader_name(person: Person | None) -> str:
    return f"{person.given_name} {person.family_name}".strip() if person is not None else _("Vécu itself")


@dataclass(frozen=True)
class OutsideLine:
    """A provider of this instance, and my account there if I linked it. A provider no longer configured stays
    shown while something is linked."""

    label: str
    provider: str
    account: OutsideAccount | None


def outside_lines(actor: Actor) -> list[OutsideLine]:
    """Linking is offered to whoever works for a programme; unlinking to everyone."""
    if not settings.OIDC_PROVIDERS:
        return []
    linked = {account.issuer: account for account in visible(OutsideAccount, actor)}
    lines = [
        OutsideLine(label_of(each), each.name, linked.pop(each.issuer, None))
        for each in settings.OIDC_PROVIDERS.values()
    ]
    lines += [OutsideLine(issuer, "", account) for issuer, account in linked.items()]
    held = visible(Membership, actor, Can.SEE_OWN_DATA).filter(person_id=actor.person_id).current()
    may_link = held.with_role(*STAFF_ROLES).exists()
    return [line for line in lines if line.account is not None or may_link]


def label_of(provider: Provider) -> str:
    """What the button calls a provider, in the reader's language."""
    is_english = (get_language() or "fr").startswith("en")
    return (provider.label_en if is_english else "") or provider.label


def issuer_label(issuer: str) -> str:
    found = [label_of(each) for each in settings.OIDC_PROVIDERS.values() if each.issuer == issuer]
    return found[0] if found else issuer


def why_not_proven(code: str, label: str) -> str:
    """A sentence for each thing that may happen at a provider; how exactly a proof was wrong is for the log."""
    sentences = {
        "cancelled": _("You came back from %(label)s without signing in there."),
        "unreachable": _("%(label)s does not answer at this moment."),
        "too_late": _("More than ten minutes went by. Start again."),
        "expired": _("More than ten minutes went by. Start again."),
        "not_asked": _(
            "This page is only reached on the way back from there, once, just after you asked to sign in. Start again."
        ),
        "not_linked": _(
            "Nobody here has linked this professional account (%(label)s) yet. Sign in another way first, then link it "
            "in “My data”."
        ),
    }
    default = _("What came back (%(label)s) could not be checked, so nothing was opened.")
    return sentences.get(code, default) % {"label": label}
