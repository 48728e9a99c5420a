"""Why a peer is not possible, and why someone waits, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.accompaniment import matching as m
from vecu.accompaniment.reasons import words


def say_blocks(explanation: m.Explanation, asked_before: Mapping[str, str] | None = None) -> list[str]:
    """Why a peer is not possible for this person: one sentence for each hard rule that fails."""
    before = (asked_before or {}).get(explanation.peer)
    return [before if block.rule == "excluded" and before else say_block(block) for block in explanation.blocks]


def say_block(block: m.Block) -> str:
    """One hard rule that forbids a pair, in words."""
    topics = words.labels(block.params.get("topics", ()))
    return {
        "role": _("Not the same experience: a patient talks with a patient, a relative with a relative"),
        "paused": _("On a pause, or away"),
        "site": _("Not ready for this place: a paper is missing or has ended"),
        "language": _("No language in common"),
        "channel": _("No way to talk in common"),
        "distance": _("Too far to meet face to face, and no other way in common"),
        "excluded": _("Set aside at the person’s wish"),
        "gender": _("The person does not wish it"),
        "same_site": _("Cared for in the same place, and the person does not wish it"),
        "same_town": _("Lives in the same town, and the person does not wish it"),
        "same_employer": _("Same employer, and the person does not wish it"),
        "peer_limits": _("The peer’s own limits: %(topics)s") % {"topics": topics},
        "full": _("No free place: already follows as many people as they accept"),
    }[block.rule]


def rule_label(rule: str, count: int) -> str:
    """How many peers a hard rule sets aside: « 3 pairs n’ont plus de place »."""
    said = {
        "role": ngettext(
            "%(n)s peer has another kind of experience", "%(n)s peers have another kind of experience", count
        ),
        "paused": ngettext("%(n)s peer is on a pause", "%(n)s peers are on a pause", count),
        "site": ngettext("%(n)s peer is not ready for this place", "%(n)s peers are not ready for this place", count),
        "language": ngettext("%(n)s peer speaks no common language", "%(n)s peers speak no common language", count),
        "channel": ngettext(
            "%(n)s peer has no way to talk in common", "%(n)s peers have no way to talk in common", count
        ),
        "distance": ngettext("%(n)s peer lives too far", "%(n)s peers live too far", count),
        "peer_limits": ngettext("%(n)s peer has set a limit on this", "%(n)s peers have set a limit on this", count),
        "full": ngettext("%(n)s peer has no place left", "%(n)s peers have no place left", count),
    }.get(
        rule,
        ngettext(
            "%(n)s peer is set aside at the person’s wish",
            "%(n)s peers are set aside at the person’s wish",
            count,
        ),
    )
    return said % {"n": count}


# -- the overall plan


def say_waiting(code: str, params: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[str]]:
    """Why someone waits, and what one more place would permit; `names` are those of peers."""
    if code == "no_feasible_peer":
        why = [rule_label(rule, count) for rule, count in params.get("eliminated", {}).items()]
        return _("Waits because no peer is possible."), why
    peers = [(names.get(peer, ""), saves) for peer, saves in params.get("peers", ()) if names.get(peer)]
    if code == "all_full":
        why = ngettext(
            "Waits because the only possible peer has no place left.",
            "Waits because the %(n)s possible peers have no place left.",
            len(peers),
        ) % {"n": len(peers)}
    else:
        why = _("Waits because the free places do more good to someone else who waits.")
    helped = [name for name, saves in peers if saves > 0]
    return why, [_("One more place with %(name)s would permit this meeting.") % {"name": name} for name in helped[:2]]


def waiting_params(waiting: m.Waiting) -> dict[str, Any]:
    """What `say_waiting` needs, as plain data that is kept with the plan."""
    if "eliminated" in waiting.params:
        return {"eliminated": dict(waiting.params["eliminated"])}  # type: ignore[call-overload]
    prices: Iterable[m.PeerPrice] = waiting.params["peers"]  # type: ignore[assignment]
    return {"peers": [[price.peer, price.saves] for price in prices]}
