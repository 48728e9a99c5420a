"""Missions of the demo: one just received, one whose answers are there, one settled; and the link of a faculty."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from vecu.core.errors import Refused
from vecu.missions import actions
from vecu.missions.fitting import fitting
from vecu.missions.models import Mission, MissionAnswer
from vecu.people.actor import PUBLIC
from vecu.people.enums import Role
from vecu.portal.seed.people import World, acting

DAY = timedelta(days=1)


def make(world: World) -> None:
    place = world.committee
    door = actions.open_door(place.organisation, actor=place.actor, label="Faculté de médecine de Valmont")
    actions.receive_mission(
        place.organisation,
        actor=PUBLIC,
        door=door,
        now=world.now - DAY,
        **_told(world, 24, 2, "cancer_sein", "teaching", "Faculté de médecine, amphithéâtre B"),
    )
    asked = _ask(world, 15, 2, "", "committee", "CHU de Valmont, salle du conseil", 4)
    for number, answer in enumerate(_answers(asked)[:3]):
        _answer(answer, can_come=number != 1, at=world.now - 2 * DAY)
    settled = _ask(world, 6, 1, "", "research", "Université de Valmont, laboratoire", 3)
    for number, answer in enumerate(_answers(settled)):
        _answer(answer, can_come=number < 2, at=world.now - 2 * DAY)
    chosen = [row for row in _answers(settled) if row.state == "yes"][:1]
    if chosen:
        actions.settle_mission(settled, chosen, actor=place.actor, now=world.now - DAY)


def _ask(world: World, days: int, wanted: int, code: str, purpose: str, where: str, how_many: int) -> Mission:
    """Received by phone four days ago, and asked of the first who fit."""
    place, at = world.committee, world.now - 4 * DAY
    told = _told(world, days, wanted, code, purpose, where)
    mission = actions.receive_mission(place.organisation, actor=place.actor, now=at, **told)
    fits = [one.peer for one in fitting(mission, place.actor) if one.fits and not one.is_over][:how_many]
    helene = place.peers[0]
    if helene not in fits:
        fits = [
            *fits[: how_many - 1],
            *(one.peer for one in fitting(mission, place.actor) if one.peer == helene and one.fits),
        ]
    try:
        actions.ask_peers(mission, fits, actor=place.actor, load_reason="Vu ensemble, d’accord.", now=at + DAY)
    except Refused:
        return mission
    return mission


def _answers(mission: Mission) -> list[MissionAnswer]:
    """Those who are not Hélène: hers waits."""
    rows = MissionAnswer.objects.filter(mission=mission).select_related("peer__person", "peer__organisation")
    return [row for row in rows.order_by("asked_at", "pk") if str(row.peer.person.given_name) != "Hélène"]


def _answer(answer: MissionAnswer, *, can_come: bool, at: datetime) -> None:
    peer = answer.peer
    actor = acting(peer.person, peer.organisation, Role.PEER)
    actions.answer_mission(answer, actor=actor, can_come=can_come, now=at)


def _told(world: World, days: int, wanted: int, code: str, purpose: str, where: str) -> dict[str, Any]:
    day = timezone.localtime(world.now + days * DAY)
    starts_at = day.replace(hour=14, minute=0, second=0, microsecond=0)
    return {
        "purpose": purpose,
        "wanted": wanted,
        "code": code,
        "kind": "patient",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "place": where,
        "pay": "volunteer",
        "words": "Raconter vingt minutes, puis répondre aux questions, à deux.",
        "asker": "Dr Anne Le Goff",
        "email": "anne.legoff@faculte.example",
        "phone": "01 99 00 45 45",
    }
