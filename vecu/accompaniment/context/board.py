"""What the board shows: the requests to match, and peers beside one of them. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateField, UUIDField
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vecu.accompaniment import adapter, reasons, summary
from vecu.accompaniment import matching as m
from vecu.accompaniment.enums import RequestRole, RequestState
from vecu.accompaniment.models import SupportRequest
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.prepared import Asked, Seen, SeenRows, any_of
from vecu.core.templatetags.ui import leaves
from vecu.core.templatetags.ui.stencils import address, place
from vecu.peers.enums import Activity
from vecu.peers.models import LimitsPassport, Peer
from vecu.people.actor import Actor
from vecu.people.enums import Gender
from vecu.people.models import Organisation
from vecu.people.policy import Can

QUEUE_LENGTH = 50
HERE, NOT_HERE = mark_safe(' aria-current="true"'), mark_safe("")
SOON_DAYS = 30
DEFAULT_LABEL = "patient partenaire"

# Read each time somebody is looked for: written once.
TODAY = Asked("today", DateField())


def _queued(part: Callable[[Any], Any]) -> SeenRows[SupportRequest]:
    columns = ("organisation_id", "number", "state", "role", "vault_id", "needs", "wishes", "received_at", "fixed_on")
    return SeenRows(
        Can.SEE_REQUESTS,
        SupportRequest,
        lambda actor: part(visible(SupportRequest, actor)),
        "person",
        only=(*columns, "person__vault_id", "person__given_name"),
    )


# Read each time somebody is looked for: written once. An index holds each part in its order.
DATED = _queued(lambda requests: requests.to_match().with_date_to_come(TODAY))
OLDEST = [
    _queued(lambda requests, state=state: requests.filter(state=state).without_date_to_come(TODAY))
    for state in RequestState.to_match()
]
SHOWN = SeenRows(
    Can.SEE_PEERS,
    Peer,
    lambda actor: visible(Peer, actor).filter(any_of("pk", "ids", UUIDField())),
    *("person", "organisation"),
)
LIMITS = Seen(
    Can.SEE_PEERS,
    lambda actor: (
        visible(LimitsPassport, actor)
        .in_force()
        .filter(any_of("peer_id", "ids", UUIDField()), activity=Activity.ACCOMPANIMENT)
        .order_by()
        .values_list("peer_id", "version")
    ),
)


@dataclass(frozen=True)
class QueueItem:
    """One request of the left column, ready to print."""

    pk: UUID
    title: str
    what: str
    waits: str
    badge: str
    is_current: bool

    @property
    def mark(self) -> SafeString:
        return leaves.mark(self.badge, "mirabelle")

    @property
    def here(self) -> SafeString:
        return HERE if self.is_current else NOT_HERE

    @property
    def url(self) -> str:
        before, after = address("board_request", *place())
        return f"{before}{self.pk}{after}"


@dataclass(frozen=True)
class PeerColumn:
    """One peer beside a request: who, since when, and every reason in words."""

    pk: UUID
    name: str
    first_name: str
    role: str
    words: Sequence[reasons.Words]
    waits: str
    limits_version: int | None
    rank: int | None
    why_not: Sequence[str] = ()

    @property
    def is_first(self) -> bool:
        return self.rank == 1


@dataclass(frozen=True)
class BoardPage:
    """Everything the board shows of one request."""

    best: Sequence[PeerColumn]
    others: int
    stopped: int
    untold: Sequence[str]
    rows: int
    nobody_lived_it: bool = False


def queue(actor: Actor, current: UUID | None, now: datetime) -> list[QueueItem]:
    """Those to match, the nearest fixed date first, then the oldest. First names only; four queries."""
    part, today = slice(0, QUEUE_LENGTH), timezone.localdate(now)
    others = [row for one in OLDEST for row in one.all(actor, part, today=today)]
    found = [*DATED.all(actor, part, today=today), *sorted(others, key=lambda row: (row.received_at, row.pk))]
    found = found[:QUEUE_LENGTH]
    vault.preload([row.vault_id for row in found] + [row.person.vault_id for row in found if row.person])
    oldest = min(found, key=lambda row: (row.received_at, row.pk)).pk if found else None
    return [_queue_item(row, current, oldest, now) for row in found]


def _queue_item(row: SupportRequest, current: UUID | None, oldest: UUID | None, now: datetime) -> QueueItem:
    badge = ""
    if row.fixed_on is not None and row.fixed_on >= timezone.localdate(now):
        badge = _("Fixed date")
    elif row.pk == oldest:
        badge = _("The oldest")
    elif row.state == RequestState.WAITING:
        badge = _("Waiting")
    return QueueItem(row.pk, who(row), what_is_lived(row), waits_for(row, now), badge, is_current=row.pk == current)


def who(row: SupportRequest) -> str:
    """A first name, or the number of a request that has none."""
    name = str(row.person.given_name) if row.person is not None else ""
    return name or _("Request %(number)s") % {"number": row.number}


def what_is_lived(row: SupportRequest) -> str:
    """« Sclérose en plaques, travail »: two or three words of what the person told."""
    needs: dict[str, Any] = row.needs or {}
    codes = [*needs.get("conditions", ())[:2], *(row.wishes or {}).get("matters", ())[:1]]
    said = [reasons.label(code) for code in codes] or [needs.get("own_condition", "")]
    if row.role == RequestRole.RELATIVE:
        said = [_("Relative"), *said]
    return ", ".join(one for one in said if one)


def waits_for(row: SupportRequest, now: datetime) -> str:
    """« Attend depuis 5 jours », or the day that does not move."""
    if row.fixed_on is not None:
        left = (row.fixed_on - timezone.localdate(now)).days
        if 0 <= left <= SOON_DAYS:
            return ngettext("Fixed date in %(n)s day", "Fixed date in %(n)s days", left) % {"n": left}
    return summary.say_wait(row.received_at, now)


# -- peers beside a request


def board_page(row: SupportRequest, looked: adapter.Look, actor: Actor) -> BoardPage:
    listed = looked.listed
    best = columns(listed.best, looked, actor)
    first = listed.best[0] if listed.best else next(iter(listed.stopped), None)
    return BoardPage(
        best=best,
        others=len(listed.others),
        stopped=len(listed.stopped),
        untold=reasons.untold(first) if first else [],
        rows=max((len(column.words) for column in best), default=0),
        nobody_lived_it=looked.nobody_lived_it,
    )


def columns(explanations: Iterable[m.Explanation], looked: adapter.Look, actor: Actor) -> list[PeerColumn]:
    """Peers shown, with their names: four queries whatever their number."""
    told = list(explanations)
    keys = [one.peer for one in told]
    peers = {str(peer.pk): peer for peer in SHOWN.all(actor, ids=keys)}
    vault.preload(peer.person.vault_id for peer in peers.values())
    versions = _limits_versions(actor, keys)
    return [
        _column(one, peers[one.peer], looked, versions.get(peers[one.peer].pk)) for one in told if one.peer in peers
    ]


def _column(one: m.Explanation, peer: Peer, looked: adapter.Look, version: int | None) -> PeerColumn:
    offer, facts = looked.offers[one.peer], looked.facts[one.peer]
    first_name, name = peer_names(peer)
    return PeerColumn(
        pk=peer.pk,
        name=name,
        first_name=first_name,
        role=role_since(peer, facts.years_engaged),
        words=[*reasons.say_recruited(looked.recruited.get(one.peer)), *reasons.say(one, offer)],
        waits=reasons.waits_to_be_called(offer.days_since_last_pair or 0, never=facts.days_since_last_pair is None)
        if offer.load == 0
        else "",
        limits_version=version,
        rank=looked.rank_of(one.peer),
        why_not=reasons.say_blocks(one, looked.asked_before),
    )


def peer_names(peer: Peer) -> tuple[str, str]:
    """« Hélène », « Hélène D. »."""
    first = str(peer.person.given_name)
    return first, shown_name(first, str(peer.person.family_name))


def shown_name(first: str, last: str) -> str:
    """« Hélène D. », or what is known of it."""
    return f"{first} {last[:1]}.".strip() if last else first


def role_since(peer: Peer, years: int) -> str:
    """« Patiente partenaire depuis 4 ans », in the organisation's own words."""
    label = peer_label(peer.organisation, peer.person.gender)
    if years < 1:
        return _("%(label)s for less than a year") % {"label": label}
    return ngettext("%(label)s for %(n)s year", "%(label)s for %(n)s years", years) % {"label": label, "n": years}


def peer_label(organisation: Organisation, gender: str) -> str:
    """What the organisation calls its peers; the usual French word agrees with the person."""
    if organisation.peer_label != DEFAULT_LABEL:
        return organisation.peer_label[:1].upper() + organisation.peer_label[1:]
    return (
        pgettext("of a woman", "Patient partner") if gender == Gender.WOMAN else pgettext("of a man", "Patient partner")
    )


def _limits_versions(actor: Actor, keys: Iterable[str]) -> dict[UUID, int]:
    return dict(LIMITS.rows(actor, ids=list(keys)))
