"""Peers from a spreadsheet: read, shown, then all added or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, spreadsheet, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.tables import DataKey
from vecu.peers import roster, terms
from vecu.peers.actions import clearances, engagement
from vecu.peers.enums import ClearanceKind, PeerKind, Profile
from vecu.peers.models import Clearance, ImportDraft, LivedExperience, Peer, SiteAgreement
from vecu.people import actions as people_actions
from vecu.people.actions.persons import name_index
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Organisation, Person, Site, User
from vecu.people.policy import Can

KEPT = timedelta(days=1)
USUAL_PAIRS = 3
BATCH = 200
PERSON_FIELDS = (
    "given_name",
    "family_name",
    "birth_year",
    "gender",
    "phone",
    "contact_email",
    "town",
    "departement",
    "languages",
)
LONGEST_NAME = 200


@transaction.atomic
def read_import(
    file: IO[bytes], *, actor: Actor, organisation: Organisation, file_name: str, now: datetime | None = None
) -> ImportDraft:
    """Read a spreadsheet and keep it, sealed, until confirmed or for a day. Nobody is added."""
    require(actor, Can.IMPORT_PEERS)
    people_actions.require_here(actor, Can.EDIT_PEER, organisation)
    found = roster.parse(spreadsheet.read_table(file))
    if not found.total:
        raise Refused("no_line", _("This file has titles and no line under them. Write one line for each person."))
    roster.refuse_known(found, *known_here(organisation), name_index)
    roster.check_places(found, sites_here(organisation))
    roster.place_at_sites(found, {**_to_come(found), **sites_here(organisation)})
    # One preview at a time: the one before is erased, sealed words included.
    erase_drafts(ImportDraft.objects.filter(organisation=organisation, by_id=actor.person_id))
    draft = ImportDraft(
        organisation=organisation,
        by_id=actor.person_id,
        vault=vault.new_key("peers.import"),
        file_name=file_name[-LONGEST_NAME:],
        rows=found.as_json(),
        expires_at=(now or timezone.now()) + KEPT,
    )
    draft.save(force_insert=True)
    journal.write(actor, "import.read", draft, reason=f"{found.total} / {len(found.refused)}")
    return draft


@transaction.atomic
def confirm_import(draft: ImportDraft, *, actor: Actor) -> list[Peer]:
    """Add everyone, or nobody: a line with a problem, or someone added meanwhile, stops it all."""
    require(actor, Can.IMPORT_PEERS, draft)
    found = roster.Roster.from_json(draft.rows)
    # Deleted first: of two clicks at once, one finds nothing to confirm.
    if not ImportDraft.objects.filter(pk=draft.pk).delete()[0]:
        raise Refused("gone", _("This import was already confirmed or given up."))
    roster.refuse_known(found, *known_here(draft.organisation), name_index)
    if found.problems:
        raise Refused(
            "problems", _("Some lines are refused: nobody was added. Mend them in the file and send it again.")
        )
    made = _open_sites(found, draft.organisation, actor)
    for line in found.people:
        line["care_site"] = made.get(line["care_site"], line["care_site"])
    people = people_actions.create_people(
        [{name: line[name] for name in PERSON_FIELDS} for line in found.people],
        actor=actor,
        organisation=draft.organisation,
        role=Role.PEER,
    )
    peers = [
        peer
        for start in range(0, len(people), BATCH)
        for peer in _add_peers(people[start : start + BATCH], found.people[start : start + BATCH], draft)
    ]
    by_line = list(zip(peers, found.people, strict=True))
    LivedExperience.objects.bulk_create((row for peer, line in by_line for row in _lived(peer, line)), batch_size=500)
    Clearance.objects.bulk_create((row for peer, line in by_line for row in _proofs(peer, line)), batch_size=500)
    journal.write(actor, "import.confirm", draft, reason=str(len(peers)))
    vault.destroy(draft.vault_id)
    return peers


@transaction.atomic
def give_up_import(draft: ImportDraft, *, actor: Actor) -> None:
    """Erase the preview; nobody is added."""
    require(actor, Can.IMPORT_PEERS, draft)
    erase_drafts(ImportDraft.objects.filter(pk=draft.pk))
    journal.write(actor, "import.give_up", draft)


def purge_imports(now: datetime | None = None) -> int:
    """Erase the previews nobody confirmed within a day."""
    return erase_drafts(ImportDraft.objects.over(now))


def known_here(organisation: Organisation) -> tuple[dict[str, set[int | None]], frozenset[str]]:
    """Who is already here, by mark of name with years of birth, and the addresses that sign in here."""
    people = Person.objects.filter(memberships__organisation=organisation).distinct()
    years: dict[str, set[int | None]] = {}
    for mark, year in people.exclude(name_index="").values_list("name_index", "birth_year"):
        years.setdefault(mark, set()).add(year)
    addresses = User.objects.filter(person__memberships__organisation=organisation).values_list("email", flat=True)
    return years, frozenset(addresses)


def sites_here(organisation: Organisation) -> dict[str, str]:
    """The organisation's own sites: their names, and their keys."""
    sites = Site.objects.filter(organisation=organisation).values_list("name", "pk")
    return {name: str(key) for name, key in sites}


def _to_come(found: roster.Roster) -> dict[str, str]:
    """Sites of the file, by a key that says they are still to be made."""
    return {place.name: f"+{terms.plain(place.name)}" for place in roster.places(found)}


def _open_sites(found: roster.Roster, organisation: Organisation, actor: Actor) -> dict[str, str]:
    """Sites that are not here yet are made, and conventions written down; returns the key of each site made."""
    here = {terms.plain(site.name): site for site in Site.objects.filter(organisation=organisation)}
    made: dict[str, str] = {}
    for place in roster.places(found):
        key = terms.plain(place.name)
        if key not in here:
            told = {"name": place.name, "town": place.town, "departement": place.departement}
            here[key] = people_actions.create_site(organisation, actor=actor, **told)
            made[f"+{key}"] = str(here[key].pk)
        start, end = _day(place.starts_on), _day(place.ends_on)
        is_known = SiteAgreement.objects.filter(site=here[key], starts_on=start, ends_on=end).exists()
        if start is not None and not is_known:
            clearances.record_agreement(here[key], actor=actor, starts_on=start, ends_on=end)
    return made


def _add_peers(people: Sequence[Person], lines: Sequence[dict[str, Any]], draft: ImportDraft) -> list[Peer]:
    """Their keys are made with them, and still open when their words are sealed."""
    keys = vault.new_keys(engagement.KEY_PURPOSE, len(people))
    return Peer.objects.bulk_create(
        _peer(person, line, draft, key) for person, line, key in zip(people, lines, keys, strict=True)
    )


def _peer(person: Person, line: dict[str, Any], draft: ImportDraft, key: DataKey) -> Peer:
    return Peer(
        organisation=draft.organisation,
        person=person,
        vault=key,
        kind=line["kind"],
        relation=line["relation"] if line["kind"] == PeerKind.RELATIVE else "",
        profiles=[Profile.COMPANION],
        channels=line["channels"],
        territories=line["territories"],
        care_site_id=UUID(line["care_site"]) if line["care_site"] else None,
        presentation=line["presentation"],
        started_on=_day(line["started_on"]) or timezone.localdate(),
        max_pairs=USUAL_PAIRS if line["max_pairs"] is None else line["max_pairs"],
    )


def _lived(peer: Peer, line: dict[str, Any]) -> Iterable[LivedExperience]:
    for code, start, end in line["experiences"]:
        yield LivedExperience(organisation_id=peer.organisation_id, peer=peer, code=code, year_from=start, year_to=end)


def _proofs(peer: Peer, line: dict[str, Any]) -> Iterable[Clearance]:
    until = _day(line["insurance_until"])
    insured = _day(line["insurance_on"]) or (min(peer.started_on, until) if until else None)
    dated = (
        (ClearanceKind.CHARTER, _day(line["charter_on"]), None),
        (ClearanceKind.CONFIDENTIALITY, _day(line["confidentiality_on"]), None),
        (ClearanceKind.TRAINING, _day(line["training_on"]), _day(line["training_until"])),
        (ClearanceKind.INSURANCE, insured, until),
    )
    for kind, start, end in dated:
        if start is not None:
            yield Clearance(
                organisation_id=peer.organisation_id, peer=peer, kind=kind, obtained_on=start, expires_on=end
            )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def erase_drafts(drafts: Any) -> int:
    """Spreadsheets being read: their keys go with them."""
    keys = list(drafts.values_list("vault_id", flat=True))
    drafts.delete()
    for key in keys:
        vault.destroy(key)
    return len(keys)
