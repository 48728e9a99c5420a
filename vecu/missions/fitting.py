"""Who could come: experience, readiness, limits, and how much each carries; with why somebody is left out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.access import visible
from vecu.missions.enums import ACTIVITY, PROFILE, WEIGHT, AnswerState, Purpose
from vecu.missions.models import Mission, MissionAnswer
from vecu.peers import load, readiness, terms
from vecu.peers.load import Gauge
from vecu.peers.models import LimitsPassport, Peer
from vecu.people.actor import Actor
from vecu.people.models import Person


@dataclass(frozen=True)
class Fit:
    """One peer beside a mission: the version of their limits, what they carry, and why they do not fit."""

    peer: Peer
    limits_version: int | None
    gauge: Gauge
    is_over: bool
    why_not: str

    @property
    def fits(self) -> bool:
        return not self.why_not

    @property
    def key(self) -> str:
        return str(self.peer.pk)

    @property
    def name(self) -> str:
        return short_name(self.peer.person)


def short_name(person: Person) -> str:
    """« Hélène D. »."""
    return f"{person.given_name} {str(person.family_name)[:1]}.".replace(" .", "")


def fitting(mission: Mission, actor: Actor) -> list[Fit]:
    """Those who lived it, free that day and not asked yet, or back since they were: who fits first, who carries least first, then who came
    first. All of them, in six queries: pages show as many as they say, and open only those names."""
    purpose, day = Purpose(mission.purpose), timezone.localdate(mission.starts_at)
    asked = MissionAnswer.objects.filter(mission=mission).exclude(state=AnswerState.WITHDRAWN).values("peer")
    rows = visible(Peer, actor).filter(organisation=mission.organisation_id, kind=mission.kind).available(day)
    if mission.code:
        rows = rows.filter(experiences__code=mission.code)
    peers = list(rows.exclude(pk__in=asked).select_related("person").distinct().order_by("started_on", "pk"))
    ids = [peer.pk for peer in peers]
    missing, carried = readiness.personal(ids, day, PROFILE[purpose]), load.gauges(peers)
    limits = _limits(actor, ids, purpose)
    found = [_fit(mission, peer, missing[peer.pk], carried[peer.pk], limits.get(peer.pk)) for peer in peers]
    return sorted(found, key=lambda one: (bool(one.why_not), one.is_over, one.gauge.points))


def _fit(
    mission: Mission,
    peer: Peer,
    missing: tuple[readiness.Missing, ...],
    gauge: Gauge,
    limits: tuple[int, list[str]] | None,
) -> Fit:
    purpose = Purpose(mission.purpose)
    why = ""
    if missing:
        why = _("Not ready: a paper is missing or has ended")
    elif limits and mission.code and mission.code in limits[1]:
        why = _("Their limits: they do not talk of it (%(what)s)") % {"what": terms.label(mission.code)}
    elif PROFILE[purpose] not in peer.profiles:
        why = _("They have not offered this kind of activity")
    return Fit(peer, limits[0] if limits else None, gauge, gauge.is_over_with(WEIGHT[purpose]), why)


def _limits(actor: Actor, ids: list[UUID], purpose: Purpose) -> dict[UUID, tuple[int, list[str]]]:
    rows = visible(LimitsPassport, actor).in_force().filter(peer__in=ids, activity=ACTIVITY[purpose])
    return {peer: (version, codes) for peer, version, codes in rows.values_list("peer_id", "version", "refused_codes")}
