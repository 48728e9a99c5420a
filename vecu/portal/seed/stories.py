"""Requests, proposals, pairs and contacts of the demo: two years of them, and those of today in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from vecu.accompaniment import adapter
from vecu.accompaniment.actions import closing, contacts, evaluations, follow_ups, proposals, requests, triage
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import (
    CallOutcome,
    ChoiceReason,
    Duration,
    EvaluationSide,
    Feeling,
    FollowUpOutcome,
    PairClosing,
    RequestClosing,
    RequestSource,
    Theme,
)
from vecu.accompaniment.models import Pair, Proposal, SupportRequest
from vecu.peers.enums import Channel
from vecu.peers.models import Peer
from vecu.people import actions as people
from vecu.people.actor import PUBLIC, Actor
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role
from vecu.portal.seed.names import WISHES, Wish
from vecu.portal.seed.people import Place, World, acting, address_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ENDINGS = (
    PairClosing.NEED_MET,
    PairClosing.NEED_MET,
    PairClosing.NEED_MET,
    PairClosing.PERSON_WISH,
    PairClosing.NO_CONTACT,
    PairClosing.HEALTH,
    PairClosing.MOVED,
)
CLOSED_PAIRS, OPEN_PAIRS = 40, 13
AGREED = "Vu ensemble au téléphone, d’accord."


def receive(
    world: World, place: Place, wish: Wish, at: datetime, *, source: str = RequestSource.ONLINE, email: str = ""
) -> SupportRequest:
    """Someone asks, as the form would write it."""
    told = Told(
        role=wish.role,
        relation=wish.relation,
        needs={"conditions": list(wish.conditions), "stage": wish.stage}
        if wish.stage
        else {"conditions": list(wish.conditions)},
        wishes={
            "channels": list(wish.channels),
            "slots": list(wish.slots),
            "matters": list(wish.matters),
            **wish.wishes,
        },
        own_words=wish.words,
        call_parts=("morning",),
    )
    asker = Asker(
        given_name=wish.name,
        phone="01 99 00 61 61",
        email=email,
        departement=place.sites[0].departement,
        town=place.sites[0].town,
        birth_year=world.now.year - wish.age,
    )
    door = place.doors[0] if source == RequestSource.WARD and place.doors else None
    actor = place.actor if source == RequestSource.PHONE else PUBLIC
    request, _code = requests.receive_request(
        place.programme, actor=actor, source=source, asker=asker, told=told, door=door,
        has_agreed=source == RequestSource.ONLINE, now=at,
    )  # fmt: skip
    if email:
        people.open_account(request.person, email=email, actor=place.actor)
    world.requests.append(request)
    return request


def open_after_call(place: Place, request: SupportRequest, at: datetime) -> None:
    triage.log_call(request, actor=place.actor, outcome=CallOutcome.REACHED, now=at)
    is_online = request.source == RequestSource.ONLINE
    channel = ConsentChannel.ONLINE if is_online else ConsentChannel.ORAL
    triage.open_request(request, actor=place.actor, channel=channel, now=at)
    people.record_consent(
        request.person,
        ConsentPurpose.EVALUATION,
        actor=place.actor,
        organisation=place.organisation,
        channel=ConsentChannel.ORAL,
        now=at,
    )


def propose_best(place: Place, request: SupportRequest, at: datetime, *, second: bool = False) -> Proposal | None:
    """The first peer suggested that day, or the second with a reason; None when nobody is possible."""
    listed = adapter.look_at(request, at).listed
    free = [*listed.best, *listed.others]
    if not free:
        return None
    chosen = free[1] if second and len(free) > 1 else free[0]
    peer = Peer.objects.select_related("person", "organisation").get(pk=chosen.peer)
    reason = ChoiceReason.SHARE_LOAD if chosen is not free[0] else ""
    return proposals.propose(request, peer, actor=place.actor, choice_reason=reason, load_reason=AGREED, now=at)


def accept(proposal: Proposal, at: datetime) -> Pair:
    return proposals.accept(proposal, actor=of_peer(proposal.peer), now=at)


def of_peer(peer: Peer) -> Actor:
    return acting(peer.person, peer.organisation, Role.PEER)


def of_person(pair: Pair) -> Actor:
    return acting(pair.beneficiary, pair.organisation, Role.BENEFICIARY)


def talk(world: World, pair: Pair, at: datetime, *, is_hard: bool = False) -> None:
    """One contact, logged the same evening."""
    rng = world.random
    contacts.log_contact(
        pair,
        actor=of_peer(pair.peer),
        happened_on=timezone.localdate(at),
        channel=rng.choice([Channel.PHONE, Channel.PHONE, Channel.WRITING]),
        duration=rng.choice([Duration.SHORT, Duration.HALF_HOUR, Duration.HALF_HOUR, Duration.HOUR]),
        feeling=Feeling.HARD if is_hard else rng.choice([Feeling.GOOD, Feeling.GOOD, Feeling.MIXED]),
        themes=rng.sample(Theme.values, 2),
        now=at,
    )


def past(world: World) -> None:
    """Pairs that ended, over two years, oldest first; and requests that ended without a pair."""
    rng = world.random
    starts = sorted(rng.randint(60, 720) for _ in range(CLOSED_PAIRS))
    for number, days in enumerate(reversed(starts)):
        place = (world.committee, world.committee, world.hospital, world.committee, world.small)[number % 5]
        _whole_story(world, place, WISHES[number % len(WISHES)], world.now - days * DAY, number)
    for number, reason in enumerate(
        (RequestClosing.PSYCHOLOGIST, RequestClosing.INFORMATION, RequestClosing.NOT_REACHED)
    ):
        at = world.now - (90 + 50 * number) * DAY
        request = receive(world, world.committee, WISHES[number + 3], at, source=RequestSource.PHONE)
        triage.log_call(request, actor=world.committee.actor, outcome=CallOutcome.REACHED, now=at + DAY)
        triage.close_request(request, actor=world.committee.actor, reason=reason, now=at + 2 * DAY)


def _whole_story(world: World, place: Place, wish: Wish, start: datetime, number: int) -> None:
    rng = world.random
    source = (RequestSource.ONLINE, RequestSource.WARD, RequestSource.PHONE)[number % 3]
    request = receive(world, place, wish, start, source=source)
    open_after_call(place, request, start + rng.choice([1, 1, 2, 4]) * DAY)
    proposal = propose_best(place, request, start + 5 * DAY, second=number % 4 == 3)
    if proposal is None:
        triage.close_request(request, actor=place.actor, reason=RequestClosing.NO_PEER, now=start + 20 * DAY)
        return
    if number % 6 == 5:
        proposals.decline(proposal, actor=of_peer(proposal.peer), now=start + 6 * DAY)
        request.refresh_from_db()
        proposal = propose_best(place, request, start + 6 * DAY) or proposal
    pair = accept(proposal, start + 7 * DAY)
    last = start + (8 + rng.randint(0, 4)) * DAY
    for _ in range(rng.randint(3, 8)):
        talk(world, pair, last)
        last += rng.randint(4, 10) * DAY
    _end(world, place, pair, min(last, world.now - DAY), number)


def _end(world: World, place: Place, pair: Pair, at: datetime, number: int) -> None:
    for follow_up in pair.follow_ups.filter(done_at=None, due_on__lte=timezone.localdate(at)):
        follow_ups.record(follow_up, actor=place.actor, outcome=FollowUpOutcome.GOES_WELL, now=at)
    pair.refresh_from_db()
    closing.close_pair(pair, actor=place.actor, closing=ENDINGS[number % len(ENDINGS)], now=at)
    rng = world.random
    for evaluation in pair.evaluations.all():
        if evaluation.side == EvaluationSide.BENEFICIARY and rng.random() < 0.75:
            evaluations.answer(
                evaluation,
                actor=of_person(pair),
                first=rng.choice([3, 4, 4, 5]),
                second=rng.choice([3, 4, 5, 5]),
                third=rng.choice([4, 5, 5]),
                now=at + 3 * DAY,
            )


def present(world: World) -> None:
    """Some thirty requests in every state, today."""
    _in_touch(world)
    _asked(world)
    _to_match(world)
    _to_call(world)


def _in_touch(world: World) -> None:
    """Pairs in progress: most go well, one is silent, one hard, one has not begun and is late."""
    rng = world.random
    for number in range(OPEN_PAIRS):
        place = world.committee if number < 9 else (world.hospital if number < 12 else world.small)
        start = world.now - (18 + 9 * number) * DAY
        wish = WISHES[(number * 3 + 5) % len(WISHES)]
        email = "jean-paul.rivet@courrier.example" if number == 0 else ""
        if number == 0:
            wish = Wish(
                "Jean-Paul",
                "man",
                62,
                ("sep",),
                ("travail", "fatigue"),
                "Je voudrais parler avec quelqu’un qui travaille encore.",
                stage="living_with",
            )
        request = receive(world, place, wish, start, email=email)
        open_after_call(place, request, start + DAY)
        proposal = (
            _propose_to(place, request, place.peers[0], start + 2 * DAY)
            if number == 0
            else propose_best(place, request, start + 2 * DAY)
        )
        if proposal is None:
            continue
        pair = accept(proposal, start + 3 * DAY)
        world.pairs.append(pair)
        last = start + 4 * DAY
        while last < world.now - (45 * DAY if number == 4 else 2 * DAY):
            talk(world, pair, last, is_hard=number == 2 and last > world.now - 12 * DAY)
            last += rng.randint(5, 11) * DAY
        if number != 3:
            _make_points(world, place, pair)
    late = receive(world, world.committee, WISHES[6], world.now - 9 * DAY)
    open_after_call(world.committee, late, world.now - 8 * DAY)
    proposal = propose_best(world.committee, late, world.now - 7 * DAY)
    if proposal is not None:
        accept(proposal, world.now - 6 * DAY)


def _make_points(world: World, place: Place, pair: Pair) -> None:
    """The coordinator called at each point that has passed; what falls this week is still to do."""
    week = timezone.localdate(world.now) - timedelta(days=5)
    for point in pair.follow_ups.filter(done_at=None, due_on__lte=week):
        at = world.now - (timezone.localdate(world.now) - point.due_on)
        follow_ups.record(point, actor=place.actor, outcome=FollowUpOutcome.GOES_WELL, now=at)


def _propose_to(place: Place, request: SupportRequest, peer: Peer, at: datetime) -> Proposal | None:
    """A peer chosen by name."""
    rank = adapter.look_at(request, at).rank_of(str(peer.pk))
    if rank is None:
        return propose_best(place, request, at)
    return proposals.propose(
        request,
        peer,
        actor=place.actor,
        choice_reason="" if rank == 1 else ChoiceReason.STORY,
        load_reason=AGREED,
        now=at,
    )


def _asked(world: World) -> None:
    """Four proposals wait for an answer: one of them is Hélène's."""
    for number, wish in enumerate((WISHES[5], WISHES[0], WISHES[8], WISHES[2])):
        place = (world.committee, world.committee, world.hospital, world.committee)[number]
        start = world.now - (4 + number) * DAY
        request = receive(world, place, wish, start, source=RequestSource.PHONE if number % 2 else RequestSource.ONLINE)
        open_after_call(place, request, start + DAY)
        at = world.now - (6 + 9 * number) * HOUR
        if number == 0:
            _propose_to(place, request, place.peers[0], at)
        else:
            propose_best(place, request, at, second=number == 3)


def _to_match(world: World) -> None:
    """Six to match and two who wait, with an owner and a day to be called again."""
    for number, days in enumerate((11, 9, 8, 6, 5, 3)):
        place = (world.committee, world.committee, world.committee, world.hospital, world.committee, world.small)[
            number
        ]
        start = world.now - days * DAY
        request = receive(world, place, WISHES[(number * 5 + 1) % len(WISHES)], start)
        open_after_call(place, request, start + DAY)
    _who_wait(world)


def _who_wait(world: World) -> None:
    rare = Wish(
        "Ombeline",
        "woman",
        29,
        ("sarcome",),
        ("amputation", "jeune_adulte"),
        "Quelqu’un de mon âge, s’il existe.",
        stage="after",
    )
    for number, wish in enumerate(
        (
            rare,
            Wish(
                "Ahmed",
                "man",
                34,
                ("mucoviscidose",),
                ("attente_greffe",),
                "J’attends une greffe.",
                stage="living_with",
            ),
        )
    ):
        request = receive(
            world, world.committee, wish, world.now - (30 + 10 * number) * DAY, source=RequestSource.PHONE
        )
        open_after_call(world.committee, request, world.now - (28 + 10 * number) * DAY)
        triage.wait_request(
            request,
            actor=world.committee.actor,
            ring_back_on=timezone.localdate(world.now) + timedelta(days=number + 1),
            alternatives=["help_line"],
            now=world.now,
        )


def _to_call(world: World) -> None:
    """Nadia wrote last evening; one call is late; a ward asked for an operation; two came this morning."""
    evening = timezone.localtime(world.now).replace(hour=22, minute=10, second=0, microsecond=0) - DAY
    nadia = Wish(
        "Nadia", "woman", 58, ("sep",), ("travail", "fatigue"),
        "Je voudrais parler avec quelqu’un qui travaille encore avec la maladie. Le soir, je suis trop fatiguée.",
        stage="living_with", channels=("phone", "video", "writing"), slots=("tue_am", "thu_am"),
    )  # fmt: skip
    receive(world, world.committee, nadia, evening, email=address_of("Nadia", "Benali"))
    receive(world, world.committee, WISHES[9], world.now - 6 * DAY, source=RequestSource.PHONE)
    receive(world, world.committee, WISHES[3], world.now - 20 * HOUR, source=RequestSource.WARD)
    receive(world, world.hospital, WISHES[12], world.now - 3 * HOUR)
    receive(world, world.small, WISHES[15], world.now - 2 * HOUR)
