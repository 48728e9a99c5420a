"""What peers say of themselves, where they are put on a list: how much they carry, and what they will not be asked."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from vecu.agenda import guests
from vecu.agenda.enums import GatheringKind
from vecu.agenda.guests import Limits
from vecu.agenda.models import Gathering
from vecu.missions.enums import ACTIVITY, Purpose
from vecu.missions.models import Mission, MissionAnswer
from vecu.peers import actions as peers
from vecu.peers import terms
from vecu.peers.enums import Activity, LoadKind
from vecu.peers.models import LimitsPassport, Peer
from vecu.people.actor import Actor
from vecu.people.models import Person

# What somebody may be asked to tell of themselves there. Supervision, practice analysis and interviews ask for nothing:
# what is said there is theirs to begin.
SPEAKING = {GatheringKind.TRAINING: Activity.TESTIMONY, GatheringKind.MEETING: Activity.MEETING}
# What helps those who carry much is never refused to them for carrying much.
HELPING = {GatheringKind.SUPERVISION, GatheringKind.PRACTICE, GatheringKind.INTERVIEW}


def ask_for_reason(gathering: Gathering, person: Person, actor: Actor, reason: str) -> str:
    """Put on a list above what they accept, a peer reads why, and the supervisor is told. Whoever is chosen for a
    mission read it when they were asked, and its day weighs as the mission, once."""
    peer = Peer.objects.engaged().filter(person=person, organisation=gathering.organisation_id).first()
    if peer is None or gathering.kind in HELPING:
        return ""
    if MissionAnswer.objects.chosen_for(gathering.pk).filter(peer=peer).exists():
        return ""
    day = max(timezone.localdate(), timezone.localdate(gathering.starts_at))
    return peers.pass_load(peer, actor=actor, kind=LoadKind.GATHERING, reason=reason, on=day)


def read_limits(gathering: Gathering, person_ids: Iterable[UUID]) -> dict[UUID, Limits]:
    """Of each peer who comes; read as the page opens, so that a change made at nine is here at ten. Two queries, three
    for a meeting: it may be the day of a mission, whose limits then hold."""
    activity = SPEAKING.get(GatheringKind(gathering.kind))
    if gathering.kind == GatheringKind.MEETING:
        mission = Mission.objects.filter(gathering=gathering.pk).first()
        activity = ACTIVITY[Purpose(mission.purpose)] if mission else activity
    if activity is None:
        return {}
    here = Peer.objects.engaged().filter(organisation=gathering.organisation_id, person__in=list(person_ids))
    found = dict(here.values_list("pk", "person_id"))
    held = {row.peer_id: row for row in LimitsPassport.objects.in_force().filter(peer__in=found, activity=activity)}
    return {person_id: _limits(pk, activity, held.get(pk)) for pk, person_id in found.items()}


def _limits(peer_id: UUID, activity: Activity, held: LimitsPassport | None) -> Limits:
    url = reverse("peer_words", args=[peer_id])
    if held is None:
        return Limits(str(activity.label), None, None, "", url)
    set_aside = ", ".join(terms.label(code) for code in held.refused_codes)
    return Limits(str(activity.label), held.version, timezone.localdate(held.created_at), set_aside, url)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    guests.ask_with(ask_for_reason)
    guests.read_limits_with(read_limits)
