"""Presence in supervision and practice groups, turned into days on which it was enough."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from vecu.core import journal
from vecu.core.access import require
from vecu.peers import sessions
from vecu.peers.enums import ClearanceKind
from vecu.peers.models import Clearance, Peer, Requirement
from vecu.people.actor import Actor
from vecu.people.policy import Can


@transaction.atomic
def count_sessions(organisation_id: UUID, *, actor: Actor, person_ids: Iterable[UUID] | None = None) -> int:
    """Write anew the days on which presence was enough, for these people or for everyone here; returns for how many
    peers it changed. Exemptions written by a coordinator stay."""
    require(actor, Can.RECORD_CLEARANCE)
    peers = Peer.objects.filter(organisation=organisation_id, person__erased_at=None)
    peers = list(peers if person_ids is None else peers.filter(person__in=list(person_ids)))
    rules = list(Requirement.objects.of_groups().filter(organisation=organisation_id))
    attended = sessions.attended(organisation_id, (peer.person_id for peer in peers)) if rules else {}
    held = _held(peers)
    gone, made, changed = [], [], []
    for peer in peers:
        asked = sessions.asked_of(peer, rules)
        enough = sessions.periods_of_all(attended.get(peer.person_id, []), asked)
        had = held.get(peer.pk, {})
        if set(had) == set(enough):
            continue
        gone += [pk for period, pk in had.items() if period not in enough]
        made += [_line(peer, *period) for period in enough if period not in had]
        changed.append(peer)
    Clearance.objects.filter(pk__in=gone).delete()
    Clearance.objects.bulk_create(made)
    for peer in changed:
        journal.write(actor, "clearance.count", peer, subject=peer.person_id)
    return len(changed)


def _held(peers: list[Peer]) -> dict[UUID, dict[sessions.Period, UUID]]:
    """What was counted before, by peer."""
    rows = Clearance.objects.filter(peer__in=peers, kind=ClearanceKind.SUPERVISION, exemption="").order_by()
    held: dict[UUID, dict[sessions.Period, UUID]] = {}
    for peer_id, start, end, pk in rows.values_list("peer_id", "obtained_on", "expires_on", "pk"):
        held.setdefault(peer_id, {})[start, end] = pk
    return held


def _line(peer: Peer, start: date, end: date) -> Clearance:
    return Clearance(
        organisation_id=peer.organisation_id,
        peer=peer,
        kind=ClearanceKind.SUPERVISION,
        obtained_on=start,
        expires_on=end,
    )
