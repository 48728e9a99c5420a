"""The one source of figures: (organisations, period) → figures. Nothing else computes statistics.

A figure carries its n, its definition and its period, or it is not made. `value` is None when the group is too
small to be shown (`vecu.impact.masking`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
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
from vecu.impact.definitions import BOOK, Definition
from vecu.impact.masking import SMALLEST_GROUP, masked, share
from vecu.impact.periods import Period
from vecu.impact.words import unmatched_in_words
from vecu.peers.models import Peer
from vecu.safeguarding.enums import ReportState
from vecu.safeguarding.models import Alert, Report

AGREES = 4  # from this answer on, of 1 to 5, a person agrees


@dataclass(frozen=True)
class Figure:
    """One number of the book. `value` None: hidden because the group is small, or nothing to count yet (n = 0)."""

    definition: Definition
    value: float | int | None
    n: int
    period: Period

    @property
    def is_hidden(self) -> bool:
        return self.value is None and self.n > 0


@dataclass(frozen=True)
class Table:
    """A one-way table; hidden cells are None."""

    title: str
    rows: list[tuple[str, int | None]]
    n: int


@dataclass(frozen=True)
class Summary:
    """Everything the page and the CSV print for these organisations and this period."""

    period: Period
    figures: list[Figure]
    tables: list[Table]


def report(organisation_ids: Sequence[UUID], period: Period, now: datetime | None = None) -> Summary:
    """All first figures of these organisations together, in a fixed number of queries."""
    moment = now or timezone.now()
    made = [
        *_requests(organisation_ids, period, moment),
        *_pairs(organisation_ids, period),
        *_peers(organisation_ids, period),
        *_evaluations(organisation_ids, period),
        *_safety(organisation_ids, period, moment),
    ]
    return Summary(period, made, tables(organisation_ids, period))


def nearest_rank(values: Sequence[float], percent: int) -> float:
    """The smallest value at or below which `percent` % of the values lie."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def _figure(code: str, value: float | int | None, n: int, period: Period) -> Figure:
    return Figure(BOOK[code], value, n, period)


def _count(code: str, count: int, period: Period) -> Figure:
    return _figure(code, count, count, period)


def _average(code: str, values: Sequence[float], period: Period, percent: int | None = None) -> Figure:
    """A median or percentile, hidden under the smallest group."""
    value = None
    if len(values) >= SMALLEST_GROUP:
        value = nearest_rank(values, percent) if percent is not None else median(values)
    return _figure(code, value, len(values), period)


def received(organisation_ids: Sequence[UUID], period: Period):  # type: ignore[no-untyped-def]
    """Requests received in the period, those entered by mistake twice left out."""
    return SupportRequest.objects.filter(
        organisation_id__in=organisation_ids, received_at__gte=period.starts_at, received_at__lt=period.ends_at
    ).exclude(closing="duplicate")


def _requests(ids: Sequence[UUID], period: Period, now: datetime) -> list[Figure]:
    first_call = (
        CallAttempt.objects.filter(request=OuterRef("pk")).order_by().values("request").annotate(at=Min("called_at"))
    )
    rows = list(
        received(ids, period)
        .annotate(
            first_call=Subquery(first_call.values("at")), has_pair=Exists(Pair.objects.filter(request=OuterRef("pk")))
        )
        .values_list("received_at", "call_by", "first_contact_at", "first_call", "has_pair")
    )
    days = [full_days_between(at, contact) for at, _by, contact, _call, _pair in rows if contact is not None]
    promised = [(by, call) for _at, by, _contact, call, _pair in rows if by < now or call is not None]
    in_time = sum(call is not None and call <= by for by, call in promised)
    waiting = SupportRequest.objects.filter(organisation_id__in=ids, state__in=RequestState.to_match()).count()
    unmet = UnmetNeed.objects.filter(
        organisation_id__in=ids, noted_on__range=(period.first, period.last), met_on=None
    ).count()
    return [
        _count("requests", len(rows), period),
        _figure("matched", share(sum(row[4] for row in rows), len(rows)), len(rows), period),
        _figure("called_in_time", share(in_time, len(promised)), len(promised), period),
        _average("days_median", days, period),
        _average("days_p90", days, period, 90),
        _count("waiting", waiting, period),
        _count("unmet", unmet, period),
    ]


def _pairs(ids: Sequence[UUID], period: Period) -> list[Figure]:
    opened = Pair.objects.filter(
        organisation_id__in=ids, opened_at__gte=period.starts_at, opened_at__lt=period.ends_at
    ).count()
    contacts = Contact.objects.filter(organisation_id__in=ids, happened_on__range=(period.first, period.last)).count()
    return [_count("pairs_opened", opened, period), _count("contacts", contacts, period)]


def _peers(ids: Sequence[UUID], period: Period) -> list[Figure]:
    """Persons are counted once, even when they are engaged in two of these organisations."""
    engaged = Peer.objects.filter(organisation_id__in=ids).engaged()
    rows = list(engaged.values_list("person_id", "active_pairs", "max_pairs"))
    people = {person for person, _active, _most in rows}
    full = {person for person, active, most in rows if active >= most}
    loads = Counter[UUID]()
    for person, active, _most in rows:
        loads[person] += active
    idle = set(Peer.objects.filter(organisation_id__in=ids).never_called().values_list("person_id", flat=True))
    idle -= {person for person, load in loads.items() if load}
    return [
        _count("peers", len(people), period),
        _average("load_median", [load for load in loads.values() if load], period),
        _figure("load_full", len(full), len(people), period),
        _figure("never_called", len(idle), len(people), period),
    ]


def _evaluations(ids: Sequence[UUID], period: Period) -> list[Figure]:
    rows = list(
        Evaluation.objects.filter(
            organisation_id__in=ids,
            side=EvaluationSide.BENEFICIARY,
            asked_at__gte=period.starts_at,
            asked_at__lt=period.ends_at,
        ).values_list("answered_at", "first", "second", "third")
    )
    answered = [row for row in rows if row[0] is not None]
    made = [_figure("evaluation_rate", share(len(answered), len(rows)), len(rows), period)]
    for place, code in enumerate(("evaluation_soon", "evaluation_right", "evaluation_heard"), start=1):
        given = [row[place] for row in answered if row[place] is not None]
        made.append(_figure(code, share(sum(value >= AGREES for value in given), len(given)), len(given), period))
    return made


def _safety(ids: Sequence[UUID], period: Period, now: datetime) -> list[Figure]:
    alerts = list(
        Alert.objects.filter(
            organisation_id__in=ids, opened_at__gte=period.starts_at, opened_at__lt=period.ends_at
        ).values_list("opened_at", "taken_at")
    )
    minutes = [(taken - opened).total_seconds() / 60 for opened, taken in alerts if taken is not None]
    reports = Report.objects.filter(
        organisation_id__in=ids, reported_at__gte=period.starts_at, reported_at__lt=period.ends_at
    ).aggregate(
        all=Count("pk"),
        late=Count(
            "pk", filter=Q(answered_at__gt=F("answer_by")) | Q(~Q(state=ReportState.ANSWERED), answer_by__lt=now)
        ),
    )
    return [
        _count("alerts", len(alerts), period),
        _average("alert_minutes", minutes, period),
        _figure("reports_late", reports["late"], reports["all"], period),
    ]


def tables(ids: Sequence[UUID], period: Period) -> list[Table]:
    """How requests came, for whom, and why exchanges ended: one question a table, small groups hidden."""
    requests = received(ids, period)
    closed = Pair.objects.filter(organisation_id__in=ids, closed_at__gte=period.starts_at, closed_at__lt=period.ends_at)
    reasons: Counter[str] = Counter()
    noted = UnmetNeed.objects.filter(organisation_id__in=ids, noted_on__range=(period.first, period.last))
    for codes in noted.values_list("reasons", flat=True):
        reasons.update(codes[:1])
    return [
        _table("source", {RequestSource(k).label: v for k, v in _by(requests, "source").items()}),
        _table("role", {RequestRole(k).label: v for k, v in _by(requests, "role").items()}),
        _table("unmatched", unmatched_in_words(reasons)),
        _table("closing", {PairClosing(k).label: v for k, v in _by(closed, "closing").items()}),
    ]


def _by(rows, field: str) -> dict[str, int]:  # type: ignore[no-untyped-def]
    return dict(rows.order_by().values_list(field).annotate(count=Count("pk")))


def _table(title: str, counts: dict[str, int]) -> Table:
    shown = masked(counts)
    rows = sorted(shown.items(), key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    return Table(title, [(str(label), count) for label, count in rows], sum(counts.values()))
