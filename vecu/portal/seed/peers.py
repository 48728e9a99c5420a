"""Patient partners of the demo: 51 in the committee, 25 of them witnesses; 12 at the university hospital; 5 in Bréhal."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice

from django.utils import timezone

from vecu.peers.actions import availability, clearances, conventions, engagement, experiences, limits
from vecu.peers.enums import Activity, Channel, ClearanceKind, PeerKind, Profile, Slot
from vecu.peers.models import Peer
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Membership
from vecu.portal.seed import papers
from vecu.portal.seed.names import FAMILIES, MEN, PEER_LIVES, WOMEN, Life
from vecu.portal.seed.people import Place, World, acting, address_of

HOW_MANY = {"committee": 51, "hospital": 12, "small": 5}
WITNESSES = 25
DAY = timedelta(days=1)
NEAR = {"44": ["44", "49", "85"], "50": ["50", "14", "35"]}

# Those whom one may enter the demo as: given name, family name, life, place.
NAMED = {
    "committee": [
        ("Hélène", "Dubreuil", Life((("sep", 11, None), ("fatigue", 10, None), ("travail", 9, None)), "woman", 60)),
        ("Marc", "Ollivier", Life((("cancer_colorectal", 6, 5), ("stomie", 6, None), ("travail", 4, None)), "man", 58)),
    ],
    "small": [("Aïcha", "Lamri", Life((("polyarthrite", 9, None), ("travail", 9, None)), "woman", 45))],
}


def make(world: World) -> None:
    names = iter(_names(world))
    for key, place in zip(HOW_MANY, world.places, strict=True):
        _conventions(world, place)
        named = NAMED.get(key, [])
        lives = cycle(PEER_LIVES)
        for number in range(HOW_MANY[key]):
            given, family, life = named[number] if number < len(named) else (*next(names), next(lives))
            if number >= len(named):
                given = given[0] if life.gender == "woman" else given[1]
            place.peers.append(_peer(world, place, number, str(given), family, life, has_account=number < len(named)))
    _exceptions(world)


def _conventions(world: World, place: Place) -> None:
    """One a structure. Of the committee's: a paper is sealed with the first, the last ended three weeks ago."""
    for number, site in enumerate(place.sites):
        here = place is world.committee
        is_lapsed = here and len(place.sites) > 2 and number == len(place.sites) - 2
        conventions.record_convention(
            place.organisation,
            actor=place.actor,
            partner=site.name,
            sites=[site],
            starts_on=_ago(world, 700),
            ends_on=_ago(world, 21 if is_lapsed else -60 if here and number == 0 else -400),
            referent=place.coordinator if number == 0 else None,
            file=papers.scan(f"Convention – {site.name}") if here and number == 0 else None,
            partner_referent=f"Direction des soins, 01 99 00 30 {number + 10}",
        )


def _names(world: World) -> list[tuple[tuple[str, str], str]]:
    women, men, families = list(WOMEN), list(MEN), list(FAMILIES)
    world.random.shuffle(families)
    both = zip(cycle(women), cycle(men), strict=False)
    return [
        ((her, his), family) for (her, his), family in zip(islice(both, 80), islice(cycle(families), 80), strict=True)
    ]


def _ago(world: World, days: int) -> date:
    return timezone.localdate(world.now - days * DAY)


def _peer(world: World, place: Place, number: int, given: str, family: str, life: Life, *, has_account: bool) -> Peer:
    rng, is_witness = world.random, place is world.committee and number < WITNESSES
    since = _ago(world, rng.randint(200, 850))
    peer = engagement.add_new_peer(
        actor=place.actor,
        organisation=place.organisation,
        person={
            "given_name": given,
            "family_name": family,
            "email": address_of(given, family) if has_account else "",
            "has_account": has_account,
            "phone": f"01 99 00 5{rng.randint(0, 9)} {rng.randint(10, 99)}",
            "birth_year": world.now.year - life.age - rng.randint(-2, 2),
            "gender": life.gender,
            "languages": ["fr", "en"] if number % 7 == 0 else (["fr", "ar"] if number % 11 == 0 else ["fr"]),
            "departement": place.sites[0].departement,
            "town": place.sites[0].town,
        },
        kind=PeerKind.RELATIVE if life.relation else PeerKind.PATIENT,
        relation=life.relation,
        profiles=[Profile.COMPANION, Profile.WITNESS] if is_witness else [Profile.COMPANION],
        started_on=since,
        channels=[
            Channel.PHONE,
            Channel.WRITING,
            *([Channel.VIDEO] if number % 2 else []),
            *([Channel.IN_PERSON] if number % 3 else []),
        ],
        slots=sorted(
            rng.sample([Slot.TUE_AM, Slot.TUE_PM, Slot.THU_AM, Slot.THU_PM, Slot.WED_EV, Slot.SAT_AM, Slot.MON_EV], 3)
        ),
        territories=NEAR[place.sites[0].departement],
        max_pairs=3 if given == "Hélène" else 1 + number % 3,
        care_site=place.sites[number // 3 % len(place.sites)] if number % 3 == 0 else None,
        presentation="J’ai appris à vivre avec. Je suis là pour écouter, pas pour conseiller un traitement.",
    )
    Membership.objects.filter(person=peer.person).update(started_on=since)
    _lived(world, place, peer, life)
    _clear(world, place, peer, number)
    return peer


def _lived(world: World, place: Place, peer: Peer, life: Life) -> None:
    for code, first, last in life.lived:
        experiences.set_experience(
            peer,
            actor=place.actor,
            code=code,
            year_from=world.now.year - first,
            year_to=world.now.year - last if last is not None else None,
        )
    if life.refused:
        limits.save_limits(
            peer,
            actor=_self(peer),
            activity=Activity.ACCOMPANIMENT,
            refused_codes=life.refused,
            own_words="Pas maintenant.",
        )


def _self(peer: Peer) -> Actor:
    return acting(peer.person, peer.organisation, Role.PEER)


def _clear(world: World, place: Place, peer: Peer, number: int) -> None:
    """Most are ready; one witness in eleven has not been met yet, one in nine has an insurance that ended, one in thirteen has not finished training and has
    still to sign the confidentiality undertaking on screen."""
    start = peer.started_on
    if Profile.WITNESS in peer.profiles and number % 11 != 10:
        met_on = max(start, _ago(world, 700))
        clearances.record_clearance(peer, actor=place.actor, kind=ClearanceKind.INTERVIEW, obtained_on=met_on)
    clearances.record_clearance(peer, actor=place.actor, kind=ClearanceKind.CHARTER, obtained_on=start)
    if number % 13 != 12:
        clearances.record_clearance(peer, actor=place.actor, kind=ClearanceKind.CONFIDENTIALITY, obtained_on=start)
        clearances.record_clearance(peer, actor=place.actor, kind=ClearanceKind.TRAINING, obtained_on=start)
    ends = _ago(world, 20) if number % 9 == 8 else _ago(world, -40 if number % 5 == 4 else -300)
    clearances.record_clearance(
        peer, actor=place.actor, kind=ClearanceKind.INSURANCE, obtained_on=start, expires_on=ends
    )


def _exceptions(world: World) -> None:
    """Some are on a pause, one is away next week: nobody asks why."""
    peers = world.committee.peers
    for peer in peers[30:33]:
        availability.pause(peer, actor=world.committee.actor)
    availability.pause(peers[33], actor=world.committee.actor, until=_ago(world, -21))
    availability.add_absence(
        peers[34], actor=world.committee.actor, starts_on=_ago(world, -7), ends_on=_ago(world, -14)
    )
