"""Missions as tests begin them: who is asked for, who could come, what each said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import mail
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.core import jobs
from vecu.messaging.models import Notice
from vecu.missions import actions
from vecu.missions.models import Mission, MissionAnswer
from vecu.peers.enums import Profile
from vecu.peers.models import Peer
from vecu.peers.tests.factories import PeerFactory
from vecu.people.enums import Role
from vecu.people.models import Membership

DAY = timedelta(days=1)


def witness(cast: Cast, person: Any, **fields: Any) -> Peer:
    profiles = [Profile.COMPANION.value, Profile.WITNESS.value]
    Membership.objects.filter(person=person, role=Role.PEER).delete()  # the factory gives it again
    return PeerFactory(
        organisation=cast.committee, person=person, profiles=profiles, ready=True, lived=["cancer_sein"], **fields
    )


def asked(cast: Cast, **fields: Any) -> Mission:
    starts_at = timezone.now() + 30 * DAY
    told = {"purpose": "teaching", "wanted": 2, "code": "cancer_sein", "place": "Faculté, salle 3", "pay": "volunteer"}
    told |= {"asker": "Dr Anne Bréhier", "email": "anne@faculte.example", "kind": "patient"}
    told |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), **fields}
    return actions.receive_mission(cast.committee, actor=actor_of(cast.claire), **told)


def answer_of(peer: Peer) -> MissionAnswer:
    return MissionAnswer.objects.get(peer=peer)


def told(person: Any) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("created_at").values_list("kind", flat=True))


def answered(cast: Cast, mission: Mission, *peers: Peer, can_come: bool = True) -> list[MissionAnswer]:
    """Asked by Claire, and they said so."""
    actions.ask_peers(mission, peers, actor=actor_of(cast.claire))
    for peer in peers:
        actor = actor_of(peer.person, cast.committee)
        actions.answer_mission(answer_of(peer), actor=actor, can_come=can_come)
    return [answer_of(peer) for peer in peers]


def letters_to(address: str) -> list[str]:
    jobs.run_due(now=timezone.now() + timedelta(minutes=5))
    return [one.body for one in mail.outbox if one.to == [address]]
