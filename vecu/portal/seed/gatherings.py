"""The agenda of the demo: a monthly supervision group half-way through its year, a practice-analysis group that is full
with someone waiting, and a meeting peers may join; two said what they do not speak of there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from vecu.agenda import actions
from vecu.agenda.enums import GatheringKind, Presence
from vecu.agenda.models import Gathering, HalfDay
from vecu.core import dates
from vecu.peers.actions import limits, requirements
from vecu.peers.actions.requirements import Rule
from vecu.peers.enums import Activity, ClearanceKind, Profile, Unit
from vecu.peers.models import Peer
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Site
from vecu.portal.seed.people import World, acting

HOURS = timedelta(hours=2)
EARLIER, LATER = 5, 4
AGREED = "Vu ensemble, d’accord."
ASIDE = ["reanimation"]
DRAWN = (
    "[[62,118,78,70,96,52,104,88,112,130,126,96,140,84,152,112,168,120],[190,60,196,140],"
    "[178,98,232,92,252,110,270,84,292,118,318,96,344,122,380,100,430,108,500,92]]"
)
# Who was missing, and who excused themselves, by place in the list and month.
MISSED = {(1, 0): Presence.EXCUSED, (3, 1): Presence.ABSENT, (4, 3): Presence.EXCUSED, (2, 4): Presence.ABSENT}


# What the committee asks of those who talk one to one, and of those who testify, besides the usual.
ASKED = {
    Profile.COMPANION: Rule(ClearanceKind.SUPERVISION, True, 12, 2, Unit.SESSIONS),
    Profile.WITNESS: Rule(ClearanceKind.INTERVIEW, True, 36),
}


def make(world: World) -> None:
    _supervision(world)
    _everyone(world)
    _practice(world)
    _open_meeting(world)
    place = world.committee
    for profile, rule in ASKED.items():
        requirements.set_requirements(place.organisation, profile, [rule], actor=place.actor)


def _solene(world: World) -> Actor:
    place = world.committee
    return acting(place.psychologist, place.organisation, Role.PSYCHOLOGIST)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _months(world: World, day_of_month: int) -> list[date]:
    """A working day of each month, around today."""
    first = timezone.localdate(world.now).replace(day=1)
    days = [dates.add_months(first, n).replace(day=day_of_month) for n in range(-EARLIER, LATER)]
    return [next(day + timedelta(n) for n in range(7) if dates.is_working_day(day + timedelta(n))) for day in days]


def _plan(
    world: World, kind: GatheringKind, title: str, days: list[date], hour: int, site: Site, room: str, **fields: object
) -> Gathering:
    half_days = [(_at(day, hour), _at(day, hour) + HOURS, site, room) for day in days]
    return actions.plan_gathering(
        world.committee.organisation,
        actor=_solene(world),
        kind=kind,
        title=title,
        host=world.committee.psychologist,
        half_days=half_days,
        **fields,  # type: ignore[arg-type]
    )


def _enrol(world: World, gathering: Gathering, peers: list[Peer]) -> None:
    since = min(gathering.starts_at, world.now) - timedelta(days=20)
    for number, peer in enumerate(peers):
        at = since + timedelta(hours=number)
        actions.enrol(gathering, peer.person, actor=_solene(world), load_reason=AGREED, now=at)


def _supervision(world: World) -> None:
    house = world.committee.sites[-1]
    days = _months(world, 8)
    group = _plan(world, GatheringKind.SUPERVISION, "Supervision du mois", days, 18, house, "Salon", places=8)
    peers = world.committee.peers[:6]
    _enrol(world, group, peers)
    past = [row for row in group.half_days.order_by("starts_at") if row.ends_at < world.now]
    for month, half_day in enumerate(past):
        for number, peer in enumerate(peers):
            _note(world, half_day, peer, MISSED.get((number, month), Presence.PRESENT))


def _note(world: World, half_day: HalfDay, peer: Peer, presence: Presence) -> None:
    actor, evening = _solene(world), half_day.starts_at + timedelta(minutes=10)
    if presence == Presence.PRESENT:
        actions.sign_presence(half_day, peer.person, actor=actor, signature=DRAWN, now=evening)
    else:
        actions.record_presence(half_day, peer.person, presence, actor=actor, now=evening)


def _everyone(world: World) -> None:
    """Two afternoons for all peers, three and five months ago: one in nine came to the first only."""
    today = timezone.localdate(world.now)
    days = [day for day in _months(world, 12) if day < today - timedelta(days=60)][-3::2]
    house = world.committee.sites[-1]
    group = _plan(world, GatheringKind.PRACTICE, "Après-midi de tous les pairs", days, 14, house, "Grande salle")
    peers = world.committee.peers
    _enrol(world, group, peers)
    first, last = group.half_days.order_by("starts_at")
    for number, peer in enumerate(peers):
        for half_day, is_missed in ((first, False), (last, number % 9 == 7)):
            presence = Presence.EXCUSED if is_missed else Presence.PRESENT
            actions.record_presence(half_day, peer.person, presence, actor=_solene(world), now=half_day.ends_at)


def _practice(world: World) -> None:
    """Four places, four taken; Hélène waits."""
    days = [day for day in _months(world, 19) if day > timezone.localdate(world.now)]
    clinic = world.committee.sites[1]
    group = _plan(world, GatheringKind.PRACTICE, "Relire nos accompagnements", days, 14, clinic, "Salle 3", places=4)
    helene, *others = world.committee.peers
    _enrol(world, group, [*others[:4], helene])


def _open_meeting(world: World) -> None:
    day = timezone.localdate(world.now) + timedelta(days=24)
    house = world.committee.sites[-1]
    group = _plan(world, GatheringKind.MEETING, "Café des pairs", [day], 10, house, "Cuisine", places=12, is_open=True)
    came = world.committee.peers[6:9]
    _enrol(world, group, came)
    for peer, words in zip(came, ("Je n’y parle pas de mon travail.", ""), strict=False):
        himself = acting(peer.person, peer.organisation, Role.PEER)
        limits.save_limits(peer, actor=himself, activity=Activity.MEETING, own_words=words, refused_codes=ASIDE)
