"""Becoming a patient partner here, changing one's file, leaving."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers import territory
from vecu.peers.actions import groups, rows
from vecu.peers.enums import Channel, PeerKind, Profile, Slot
from vecu.peers.events import EngagementEnded, PeerEngaged
from vecu.peers.models import Peer, RecruitedFor
from vecu.people import actions as people_actions
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can

KEY_PURPOSE = "peers.peer"
PROFILE_FIELDS = frozenset({"kind", "relation", "profiles", "presentation", "employer_code", "started_on", "care_site"})
OFFER_FIELDS = frozenset({"channels", "slots", "territories", "max_pairs"})
MOST_PAIRS = 20


@transaction.atomic
def add_peer(
    person: Person, *, actor: Actor, organisation: Organisation, kind: str = PeerKind.PATIENT, **fields: Any
) -> Peer:
    """Make someone already known here a patient partner: a file with its own key, and the role.

    `fields` are those of PROFILE_FIELDS and OFFER_FIELDS. Someone who had left comes back with the same file; if it
    was erased meanwhile, with an empty one.
    """
    require(actor, Can.EDIT_PEER)
    people_actions.require_here(actor, Can.EDIT_PEER, organisation)
    if unknown := set(fields) - PROFILE_FIELDS - OFFER_FIELDS:
        raise TypeError(f"add_peer has no {unknown}")
    # Whoever stops everything about them meanwhile waits, and then finds this file.
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.is_stopped:
        raise Refused("stopped", _("Everything is stopped about this person. Resume first, if it is right to."))
    peer = Peer.objects.filter(person=person, organisation=organisation).first()
    if peer is not None and (peer.ended_on is None or peer.ended_on > timezone.localdate()):
        raise Refused("already_peer", _("This person is already a patient partner here."))
    if peer is None:
        peer = Peer(person=person, organisation=organisation, vault=vault.new_key(KEY_PURPOSE))
    elif peer.vault.destroyed_at is not None:
        peer.vault, peer.presentation, peer.employer_code = vault.new_key(KEY_PURPOSE), "", ""
    rows.refuse_other_place(organisation.pk, fields.get("care_site"))
    peer.ended_on, peer.active_pairs = None, 0
    usual = {"started_on": timezone.localdate(), "profiles": [Profile.COMPANION]}
    for name, value in clean({**usual, **fields, "kind": kind}).items():
        setattr(peer, name, value)
    rows.checked(peer)
    peer.save()
    people_actions.give_role(person, Role.PEER, actor=actor, organisation=organisation)
    journal.write(actor, "peer.add", peer, subject=person)
    publish(PeerEngaged(peer.pk, person.pk, organisation.pk, actor.person_id))
    return peer


@transaction.atomic
def add_new_peer(
    *,
    actor: Actor,
    organisation: Organisation,
    person: dict[str, Any],
    kind: str = PeerKind.PATIENT,
    **fields: Any,
) -> Peer:
    """Make someone not yet known a person of the organisation and a patient partner at once.

    `person` holds the fields of `people.actions.create_person` (given_name, family_name, phone…).
    """
    require(actor, Can.EDIT_PEER)
    known = people_actions.create_person(actor=actor, organisation=organisation, role=Role.PEER, **person)
    return add_peer(known, actor=actor, organisation=organisation, kind=kind, **fields)


@transaction.atomic
def edit_peer(peer: Peer, *, actor: Actor, **fields: Any) -> Peer:
    """Change who they are as a patient partner, in their own words or by their coordinator."""
    require(actor, Can.EDIT_PEER, peer)
    rows.refuse_ended(peer)
    if unknown := set(fields) - PROFILE_FIELDS:
        raise TypeError(f"edit_peer has no {unknown}")
    rows.refuse_other_place(peer.organisation_id, fields.get("care_site"))
    rows.update(peer, **clean(fields))
    journal.write(actor, "peer.edit", peer, subject=peer.person_id)
    if "profiles" in fields:
        groups.count_sessions(peer.organisation_id, actor=system(peer.organisation_id), person_ids=[peer.person_id])
    return peer


@transaction.atomic
def end_engagement(peer: Peer, *, actor: Actor, ended_on: date | None = None, now: datetime | None = None) -> Peer:
    """Leave: no reason is asked. The pairs going on are closed by their own verbs, told by the event."""
    require(actor, Can.EDIT_PEER, peer)
    rows.refuse_ended(peer)
    moment = now or timezone.now()
    day = ended_on or timezone.localdate(moment)
    if day < peer.started_on:
        raise Refused("ends_before_start", _("An engagement cannot end before it starts."))
    rows.update(peer, ended_on=day, paused_at=None, paused_until=None)
    Membership.objects.filter(
        person=peer.person_id, organisation=peer.organisation_id, role=Role.PEER, ended_on=None
    ).update(ended_on=day, updated_at=moment)
    journal.write(actor, "peer.end", peer, subject=peer.person_id)
    publish(EngagementEnded(peer.pk, peer.person_id, peer.organisation_id, actor.person_id, moment))
    return peer


@transaction.atomic
def reopen_engagement(peer: Peer, *, actor: Actor) -> Peer:
    """Someone who had left comes back, today, to what they did before; what they lived through is still there unless
    it was erased. Papers out of date must be renewed before anybody is proposed."""
    require(actor, Can.EDIT_PEER, peer)
    if peer.person_id == actor.person_id:
        raise Refused("own", _("Your coordinator opens the door again: call them."))
    return add_peer(peer.person, actor=actor, organisation=peer.organisation, kind=peer.kind, profiles=peer.profiles)


@transaction.atomic
def erase_peer(peer: Peer, *, actor: Actor) -> None:
    """Destroy the key of the file: what they wrote is gone from every copy; the row only counts."""
    require(actor, Can.EDIT_PEER, peer)
    vault.destroy(peer.vault_id)
    peer.experiences.all().delete()
    peer.passports.all().delete()
    peer.absences.all().delete()
    RecruitedFor.objects.filter(peer=peer).delete()
    peer.load_entries.all().delete()
    day = min(peer.ended_on or timezone.localdate(), timezone.localdate())
    gone = {"channels": [], "slots": [], "territories": [], "relation": "", "care_site": None}
    rows.update(peer, **gone, ended_on=max(day, peer.started_on))
    journal.write(actor, "peer.erase", peer, subject=peer.person_id)


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """Lists of known codes, texts without spaces around; whoever is no relative has no relation."""
    cleaned = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    lists = {
        "profiles": (Profile.values, _("Ready to")),
        "channels": (Channel.values, _("Ways to talk")),
        "slots": (Slot.values, _("Usual times")),
        "territories": ([code for code, _label in territory.choices()], _("Where face to face")),
    }
    for name, (allowed, what) in lists.items():
        if name in cleaned:
            cleaned[name] = rows.codes_in(cleaned[name], allowed, what)
    if cleaned.get("kind") == PeerKind.PATIENT:
        cleaned["relation"] = ""
    if "started_on" in cleaned:
        rows.reasonable_day(cleaned["started_on"], _("Since"))
    if "max_pairs" in cleaned and not 0 <= cleaned["max_pairs"] <= MOST_PAIRS:
        raise Refused("strange_limit", _("Choose a number of people between 0 and %(most)s.") % {"most": MOST_PAIRS})
    return cleaned
