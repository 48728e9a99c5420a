"""The one source of figures: (organisations, period) → figures. Nothing else computes statistics.

A figure carries its n, its definition and its period, or it is not made. Each is counted organisation by organisation,
masked there, and only then added up (`vecu.impact.masking`, `vecu.impact.pooling`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery
from django.utils import timezone

from vecu.accompaniment.enums import (
    EvaluationSide,
    PairClosing,
    RequestRole,
    RequestSource,
    RequestState,
)
from vecu.accompaniment.models import CallAttempt, Contact, Evaluation, Pair, SupportRequest, UnmetNeed
from vecu.core.dates import full_days_between
from vecu.impact.periods import Period
from vecu.impact.pooling import Figure, Pool, Table
from vecu.impact.words import unmatched_in_words
from vecu.peers.models import Peer
from vecu.people.models import Organisation
from vecu.safeguarding.enums import ReportState
from vecu.safeguarding.models import Alert, Report

AGREES = 4  # from this answer on, of 1 to 5, a person agrees


@dataclass(frozen=True)
class Summary:
    """Everything the page and the CSV print for these organisations and this period."""

    period: Period
    figures: list[Figure]
    tables: list[Table]


def report(organisations: Sequence[Organisation], period: Period, now: datetime | None = None) -> Summary:
    """All first figures of these organisations together, in a fixed number of queries."""
    moment = now or timezone.now()
    pool = Pool(organisations, period)
    made = [
        *_requests(pool, moment),
        *_pairs(pool),
        *_peers(pool),
        *_evaluations(pool),
        *_safety(pool, moment),
    ]
    return Summary(period, made, tables(pool))


def received(pool: Pool) -> Any:
    """Requests received in the period, those entered by mistake twice left out."""
    return SupportRequest.objects.filter(
        organisation_id__in=pool.keys, received_at__gte=pool.period.starts_at, received_at__lt=pool.period.ends_at
    ).exclude(closing="duplicate")


def standing_needs(pool: Pool) -> Any:
    """Needs noted in the period which nobody has answered since."""
    noted = (pool.period.first, pool.period.last)
    return UnmetNeed.objects.filter(organisation_id__in=pool.keys, noted_on__range=noted, met_on=None)


def _by_place(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, list[tuple[Any, ...]]]:
    """Rows under the organisation that stands first in each."""
    found: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for place, *row in rows:
        found[place].append(tuple(row))
    return found


def _sizes(queryset: Any) -> dict[UUID, int]:
    """How many rows of each organisation."""
    return dict(queryset.order_by().values_list("organisation_id").annotate(count=Count("pk")))


def _requests(pool: Pool, now: datetime) -> list[Figure]:
    first_call = (
        CallAttempt.objects.filter(request=OuterRef("pk")).order_by().values("request").annotate(at=Min("called_at"))
    )
    rows = _by_place(
        received(pool)
        .annotate(
            first_call=Subquery(first_call.values("at")), has_pair=Exists(Pair.objects.filter(request=OuterRef("pk")))
        )
        .values_list("organisation_id", "received_at", "call_by", "first_contact_at", "first_call", "has_pair")
    )
    all_of = {place: len(requests) for place, requests in rows.items()}
    matched = {place: (sum(row[4] for row in requests), len(requests)) for place, requests in rows.items()}
    days = {
        place: [full_days_between(at, contact) for at, _by, contact, _call, _pair in requests if contact is not None]
        for place, requests in rows.items()
    }
    in_time = {place: _called_in_time(requests, now) for place, requests in rows.items()}
    waiting = SupportRequest.objects.filter(organisation_id__in=pool.keys, state__in=RequestState.to_match())
    return [
        pool.count("requests", all_of),
        pool.share("matched", matched),
        pool.share("called_in_time", in_time, among=all_of),
        pool.average("days_median", days, among=all_of),
        pool.average("days_p90", days, among=all_of, rank=90),
        pool.count("waiting", _sizes(waiting)),
        pool.count("unmet", _sizes(standing_needs(pool))),
    ]


def _called_in_time(requests: list[tuple[Any, ...]], now: datetime) -> tuple[int, int]:
    """(called before the promise ran out, those whose promise has run out or was kept)."""
    promised = [(by, call) for _at, by, _contact, call, _pair in requests if by < now or call is not None]
    return sum(call is not None and call <= by for by, call in promised), len(promised)


def _pairs(pool: Pool) -> list[Figure]:
    period = pool.period
    opened = Pair.objects.filter(
        organisation_id__in=pool.keys, opened_at__gte=period.starts_at, opened_at__lt=period.ends_at
    )
    contacts = Contact.objects.filter(organisation_id__in=pool.keys, happened_on__range=(period.first, period.last))
    return [pool.count("pairs_opened", _sizes(opened)), pool.count("contacts", _sizes(contacts))]


def _peers(pool: Pool) -> list[Figure]:
    """Persons are counted once, even when they are engaged in two of these organisations."""
    engaged = Peer.objects.filter(organisation_id__in=pool.keys)
    rows = _by_place(engaged.engaged().values_list("organisation_id", "person_id", "active_pairs", "max_pairs"))
    idle: dict[UUID, set[UUID]] = defaultdict(set)
    for place, person in engaged.never_called().values_list("organisation_id", "person_id"):
        idle[place].add(person)
    people = {place: {person for person, _active, _most in peers} for place, peers in rows.items()}
    full = {place: {person for person, active, most in peers if active >= most} for place, peers in rows.items()}
    busy = {place: {person for person, active, _most in peers if active} for place, peers in rows.items()}
    free = {place: persons - busy.get(place, set()) for place, persons in idle.items()}
    following = {place: [active for _person, active, _most in peers if active] for place, peers in rows.items()}
    return [
        pool.people("peers", people),
        pool.average("load_median", following, among={place: len(persons) for place, persons in people.items()}),
        pool.some_people("load_full", full, people),
        pool.some_people("never_called", free, people),
    ]


def _evaluations(pool: Pool) -> list[Figure]:
    rows = _by_place(
        Evaluation.objects.filter(
            organisation_id__in=pool.keys,
            side=EvaluationSide.BENEFICIARY,
            cancelled_at=None,
            asked_at__gte=pool.period.starts_at,
            asked_at__lt=pool.period.ends_at,
        ).values_list("organisation_id", "answered_at", "first", "second", "third")
    )
    asked = {place: len(answers) for place, answers in rows.items()}
    rate = {place: (sum(row[0] is not None for row in answers), len(answers)) for place, answers in rows.items()}
    made = [pool.share("evaluation_rate", rate)]
    for column, code in enumerate(("evaluation_soon", "evaluation_right", "evaluation_heard"), start=1):
        given = {place: [row[column] for row in answers if row[column] is not None] for place, answers in rows.items()}
        agree = {place: (sum(value >= AGREES for value in values), len(values)) for place, values in given.items()}
        made.append(pool.share(code, agree, among=asked))
    return made


def _safety(pool: Pool, now: datetime) -> list[Figure]:
    period = pool.period
    alerts = _by_place(
        Alert.objects.filter(
            organisation_id__in=pool.keys, opened_at__gte=period.starts_at, opened_at__lt=period.ends_at
        ).values_list("organisation_id", "opened_at", "taken_at")
    )
    opened_in = {place: len(rows) for place, rows in alerts.items()}
    minutes = {
        place: [(taken - opened).total_seconds() / 60 for opened, taken in rows if taken is not None]
        for place, rows in alerts.items()
    }
    is_late = Q(answered_at__gt=F("answer_by")) | Q(~Q(state=ReportState.ANSWERED), answer_by__lt=now)
    reports = Report.objects.filter(
        organisation_id__in=pool.keys, reported_at__gte=period.starts_at, reported_at__lt=period.ends_at
    )
    late = {
        place: (late, count)
        for place, late, count in reports.order_by()
        .values_list("organisation_id")
        .annotate(late=Count("pk", filter=is_late), count=Count("pk"))
    }
    return [
        pool.count("alerts", opened_in),
        pool.average("alert_minutes", minutes, among=opened_in),
        pool.some("reports_late", late),
    ]


def tables(pool: Pool) -> list[Table]:
    """How requests came, for whom, and why exchanges ended: one question a table, small groups hidden."""
    requests = received(pool)
    closed = Pair.objects.filter(
        organisation_id__in=pool.keys, closed_at__gte=pool.period.starts_at, closed_at__lt=pool.period.ends_at
    )
    reasons: dict[UUID, Counter[str]] = defaultdict(Counter)
    for place, codes in standing_needs(pool).values_list("organisation_id", "reasons"):
        reasons[place][codes[0] if codes else ""] += 1
    return [
        pool.table("source", _labelled(requests, "source", RequestSource)),
        pool.table("role", _labelled(requests, "role", RequestRole)),
        pool.table("unmatched", {place: unmatched_in_words(counts) for place, counts in reasons.items()}),
        pool.table("closing", _labelled(closed, "closing", PairClosing)),
    ]


def _labelled(queryset: Any, field: str, words: Any) -> dict[UUID, dict[str, int]]:
    """Of each organisation, how many rows bear each value, under its words."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = queryset.order_by().values_list("organisation_id", field).annotate(count=Count("pk"))
    for place, value, count in rows:
        found[place][str(words(value).label)] = count
    return found
