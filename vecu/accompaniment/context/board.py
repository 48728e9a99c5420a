"""What the board shows of peers beside a request, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vecu.accompaniment import adapter, reasons
from vecu.accompaniment import matching as m
from vecu.accompaniment.models import SupportRequest
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.moments import say_date
from vecu.core.prepared import Seen, SeenRows, any_of
from vecu.peers import load
from vecu.peers.enums import Activity
from vecu.peers.models import LimitsPassport, Peer
from vecu.people.actor import Actor
from vecu.people.enums import Gender
from vecu.people.models import Organisation
from vecu.people.policy import Can

DEFAULT_LABEL = "patient partenaire"

# Read each time somebody is looked for: written once.
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
    gauge: load.Gauge
    why_not: Sequence[str] = ()

    @property
    def is_first(self) -> bool:
        return self.rank == 1

    @property
    def held(self) -> str:
        """Why a reason is needed to ask them today: they rest, or carry what they accept. Empty where none is."""
        if self.gauge.rests_until is not None:
            return _("Rests until %(day)s, after a hard contact") % {
                "day": say_date(self.gauge.rests_until, year=False)
            }
        return self.gauge.words if self.gauge.is_over_with_pair else ""


@dataclass(frozen=True)
class BoardPage:
    """Everything the board shows of one request."""

    best: Sequence[PeerColumn]
    others: int
    stopped: int
    untold: Sequence[str]
    rows: int
    nobody_lived_it: bool = False


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
    """Peers shown, with their names and what they carry: five queries whatever their number."""
    told = list(explanations)
    keys = [one.peer for one in told]
    peers = {str(peer.pk): peer for peer in SHOWN.all(actor, ids=keys)}
    vault.preload(peer.person.vault_id for peer in peers.values())
    versions, carried = _limits_versions(actor, keys), load.gauges(peers.values())
    return [
        _column(one, peer, looked, versions.get(peer.pk), carried[peer.pk])
        for one in told
        if (peer := peers.get(one.peer))
    ]


def _column(one: m.Explanation, peer: Peer, looked: adapter.Look, version: int | None, gauge: load.Gauge) -> PeerColumn:
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
        gauge=gauge,
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
