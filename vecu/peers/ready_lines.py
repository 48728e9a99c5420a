"""Ready or not, place by place, in words: what is missing, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import moments
from vecu.core.access import visible
from vecu.peers import readiness, sessions
from vecu.peers.enums import ClearanceKind, Unit
from vecu.peers.models import Peer, Requirement
from vecu.peers.readiness import AGREEMENT, Missing
from vecu.people.actor import Actor
from vecu.people.enums import UNDERTAKINGS
from vecu.people.models import Site
from vecu.people.policy import Can


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """Sites alike, and what is missing there, each with what to do."""

    names: list[str]
    missing: list[tuple[str, str]]

    @property
    def is_ready(self) -> bool:
        return not self.missing


def of_peer(peer: Peer, actor: Actor, on: date | None = None) -> list[ReadyLine]:
    """Each open site of the organisation: ready or not, what is missing, what to do; talks by phone come first.

    Sites where the same is missing share a line. Whoever may not enter proofs is not told to.
    """
    sites = list(visible(Site, actor).filter(organisation=peer.organisation_id, is_open=True).order_by("name"))
    by_site = readiness.readiness_of([peer], sites, on)
    places: list[tuple[str, UUID | None]] = [(_("By phone, video or in writing"), None)]
    places += [(site.name, site.pk) for site in sites]
    lacks_presence = any(one.kind == ClearanceKind.SUPERVISION for one in by_site[peer.pk, None].missing)
    there, may_enter = say_presence(peer, on) if lacks_presence else "", actor.may(Can.RECORD_CLEARANCE)
    lines: dict[tuple[Missing, ...], ReadyLine] = {}
    for name, pk in places:
        missing = by_site[peer.pk, pk].missing
        if missing not in lines:
            lines[missing] = ReadyLine([], [say_missing(one, there, may_enter=may_enter) for one in missing])
        lines[missing].names.append(name)
    return list(lines.values())


def say_presence(peer: Peer, on: date | None = None) -> str:
    """« 2 séances sur 4 en 12 mois » of what is not met, or nothing where none is asked."""
    asked = sessions.asked_of(peer, Requirement.objects.of_groups().filter(organisation=peer.organisation_id))
    if not asked:
        return ""
    held = sessions.attended(peer.organisation_id, [peer.person_id]).get(peer.person_id, [])
    counted = [(one, sessions.count(held, one, on or timezone.localdate())) for one in asked]
    lacking = [(one, n) for one, n in counted if n < one.amount] or counted
    return ", ".join(
        _("%(n)s of %(most)s %(unit)s in the last %(months)s months")
        % {"n": n, "most": one.amount, "unit": Unit(one.unit).label, "months": one.months}
        for one, n in lacking
    )


def to_sign(peer: Peer, on: date | None = None) -> list[tuple[str, str]]:
    """What this peer can put in order alone: the undertakings not in force, with their names."""
    missing = readiness.personal([peer.pk], on)[peer.pk]
    return [(one.kind, str(ClearanceKind(one.kind).label)) for one in missing if one.kind in UNDERTAKINGS]


def say_missing(missing: Missing, presence: str = "", *, may_enter: bool = True) -> tuple[str, str]:
    """What is missing, and what to do about it; `presence` is how much there was of it in groups."""
    if missing.kind == ClearanceKind.SUPERVISION and missing.code != "not_yet":
        what = str(ClearanceKind.SUPERVISION.label)
        words = _("%(what)s: %(presence)s") % {"what": what, "presence": presence}
        return words, _("The next groups are in the agenda: presence noted there counts at once.")
    what = str(ClearanceKind(missing.kind).label) if missing.kind != AGREEMENT else _("Convention with this site")
    day = moments.say_date(missing.on) if missing.on else ""
    if missing.code == "expired":
        to_do = _("Renew it, then enter the new dates.") if may_enter else ""
        return _("%(what)s: ended on %(day)s") % {"what": what, "day": day}, to_do
    if missing.code == "not_yet":
        return _("%(what)s: from %(day)s only") % {"what": what, "day": day}, _(
            "Nothing to do: it will be in order that day."
        )
    if not may_enter:
        return _("%(what)s: not yet") % {"what": what}, ""
    return _("%(what)s: not entered") % {"what": what}, _("Once it is done, enter its date.")
