"""What the overall plan shows, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from vecu.accompaniment import newcomers, reasons
from vecu.accompaniment.context.board import peer_names
from vecu.accompaniment.context.waiting import waits_for, what_is_lived, who
from vecu.accompaniment.models import PlanLine
from vecu.core import vault
from vecu.core.access import visible
from vecu.peers.models import Peer
from vecu.people.actor import Actor


@dataclass(frozen=True)
class PlanRow:
    """One line of the overall plan, in words."""

    line: PlanLine
    title: str
    what: str
    waits: str
    peer: str
    first_name: str
    recruited: str
    moved: str
    why: str
    details: Sequence[str]
    moves: frozenset[str]


def plan_rows(
    plan_lines: Sequence[PlanLine], moves: dict[UUID, frozenset[str]], actor: Actor, now: datetime
) -> list[PlanRow]:
    """Lines with names and reasons: three queries besides the lines themselves, four once somebody was recruited."""
    keys = {key for line in plan_lines for key in _peers_named(line)}
    peers = visible(Peer, actor).filter(pk__in=keys).select_related("person")
    people = [line.request.person for line in plan_lines if line.request.person is not None]
    vault.preload(
        [peer.person.vault_id for peer in peers]
        + [person.vault_id for person in people]
        + [line.request.vault_id for line in plan_lines]
    )
    names = {str(peer.pk): peer_names(peer) for peer in peers}
    said = _recruited(plan_lines)
    return [_plan_row(line, names, said.get(line.pk, ""), moves.get(line.pk, frozenset()), now) for line in plan_lines]


def _recruited(plan_lines: Sequence[PlanLine]) -> dict[UUID, str]:
    """Whose peer was looked for because of that very need: the reason, in words."""
    if not plan_lines:
        return {}
    came = newcomers.recruited_for(plan_lines[0].organisation_id, [line.request for line in plan_lines])
    return {
        line.pk: words.text
        for line in plan_lines
        for words in reasons.say_recruited(came.get(str(line.request_id), {}).get(str(line.peer_id)))
    }


def _peers_named(line: PlanLine) -> list[str]:
    priced = [key for key, _saves in line.waiting_params.get("peers", ())]
    return [str(key) for key in (line.peer_id, line.moved_from_id) if key] + priced


def _plan_row(
    line: PlanLine, names: dict[str, tuple[str, str]], recruited: str, moves: frozenset[str], now: datetime
) -> PlanRow:
    first, full = names.get(str(line.peer_id), ("", ""))
    why, details = "", []
    if line.peer_id is None and line.waiting_code:
        firsts = {key: one[0] for key, one in names.items()}
        why, details = reasons.say_waiting(line.waiting_code, line.waiting_params, firsts)
    return PlanRow(
        line=line,
        title=who(line.request),
        what=what_is_lived(line.request),
        waits=waits_for(line.request, now),
        peer=full,
        first_name=first,
        recruited=recruited,
        moved=_moved(line, names),
        why=why,
        details=details,
        moves=moves,
    )


def _moved(line: PlanLine, names: dict[str, tuple[str, str]]) -> str:
    if not line.has_moved:
        return ""
    before = names.get(str(line.moved_from_id), ("", ""))[1]
    if line.peer_id is None:
        return _("Was suggested to %(name)s before") % {"name": before}
    return _("Changed: %(name)s before") % {"name": before} if before else _("New suggestion")
