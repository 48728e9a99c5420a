"""The list of patient partners: its filters with their counts, a search, and its lines in words.

Of each line, all but the name is kept in memory until something is written about that peer (`vecu.core.marks`);
names stay sealed, and are opened for each page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, UUIDField
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vecu.core import marks, vault
from vecu.core.access import Scope, visible
from vecu.core.crypto import open_value
from vecu.core.prepared import Asked, Listing, Prepared, any_of
from vecu.core.said import said
from vecu.core.templatetags.ui.stencils import filled
from vecu.peers import context, languages, terms, territory
from vecu.peers.enums import TermKind
from vecu.peers.models import LivedExperience, Peer
from vecu.people.actions.persons import name_index
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can

FILTERS = ("available", "all", "paused", "never_called", "overloaded", "uncleared")
HELD = tuple(name for name in FILTERS if name != "all")
SHOWN_EXPERIENCES = 3
NAMES = ("pk", "person_id", "person__vault_id", "person__given_name", "person__family_name")
TOLD = (
    *("pk", "kind", "started_on", "active_pairs", "max_pairs", "paused_at", "paused_until"),
    *("person__departement", "person__languages", "person__stopped_at"),
)
NOWHERE = UUID(int=0)

# What hangs on the peers of one page: the same questions each time, written once.
ROWS = Prepared(lambda: Peer.objects.filter(any_of("pk", "ids", UUIDField())).order_by().values_list(*TOLD))
LIVED = Prepared(
    lambda: (
        LivedExperience.objects.filter(any_of("peer_id", "ids", UUIDField()))
        .order_by("peer_id", "-year_from", "code")
        .values_list("peer_id", "code")
    )
)


class Told(NamedTuple):
    """What a line says beside the name."""

    about: str
    lived: str
    where: str
    load: str
    state: str
    tone: str


class PeerLine(NamedTuple):
    """One line of the list: the address and the name, and the cells that follow, drawn."""

    url: str
    name: str
    told: SafeString


def counts(actor: Actor) -> dict[str, int]:
    """How many peers this actor sees under each filter."""
    scope = actor.scope(Can.SEE_PEERS)
    if scope == Scope.NONE or actor.organisation_id is None:
        return dict.fromkeys(FILTERS, 0)
    today = timezone.localdate()
    if scope < Scope.ORGANISATION:
        own = list(visible(Peer, actor).values_list("pk", flat=True))
        return _counted(_filtered(actor.organisation_id, own, today).values())
    known = FILTERED.of(actor.organisation_id, today)
    found: dict[str, int] = known.once("counts", lambda: _counted(known.facts.values()))
    return found


def _counted(held: Iterable[tuple[bool, ...]]) -> dict[str, int]:
    lines = list(held)
    counted = [sum(column) for column in zip(*lines, strict=True)] or [0] * len(HELD)
    return {"all": len(lines), **dict(zip(HELD, counted, strict=True))}


def listed_peers(actor: Actor, name: str, held: dict[str, int], q: str = "", where: str = "") -> Any:
    """The lines of a filter, a search and a département, to be cut into pages; `held` is what `counts` gave."""
    name = name if name in FILTERS else FILTERS[0]
    if not q.strip() and not where:
        return _listing(name, timezone.localdate()).of(actor, held[name])
    return found(visible(Peer, actor), name, q, where).values_list(*NAMES)


@lru_cache(maxsize=32)
def _listing(name: str, day: date) -> Listing:
    """A filter without a search, which everyone asks: written once a day."""
    return Listing(Can.SEE_PEERS, lambda actor: _chosen(visible(Peer, actor), name, day).values_list(*NAMES))


@lru_cache(maxsize=8)
def _filters(day: date, some: bool) -> Prepared:
    here = Asked("organisation_id", UUIDField())
    peers = Peer.objects.filter(any_of("pk", "ids", UUIDField())) if some else Peer.objects.all()
    return Prepared(lambda: peers.filters_of(day, here).order_by())


def _filtered(organisation_id: UUID, ids: Collection[UUID] | None, day: date) -> dict[UUID, tuple[bool, ...]]:
    """Which filters hold each peer that day, in the order of HELD; everyone's papers are looked at, hence kept."""
    asked = {"organisation_id": organisation_id} | ({} if ids is None else {"ids": list(ids)})
    return {pk: tuple(held) for pk, *held in _filters(day, ids is not None).rows(**asked)}


FILTERED = marks.Kept(_filtered)


def _chosen(peers: Any, name: str, day: date) -> Any:
    kept = peers.engaged(day) if name == "all" else getattr(peers, name)(on=day)
    return kept.longest_waiting_first()


def found(peers: Any, name: str, q: str, where: str) -> Any:
    """The peers of a filter, a search and a département."""
    peers = _chosen(peers, name if name in FILTERS else FILTERS[0], timezone.localdate())
    if where:
        peers = peers.living_in(where)
    if q.strip():
        codes = [one.code for one in terms.search(q, limit=30)]
        named = Q(person__name_index__in=_marks(q)) | Q(person__handle__icontains=q.strip())
        peers = peers.filter(named | Q(pk__in=peers.with_experience(codes).values("pk")) if codes else named)
    return peers


def tabs(held: dict[str, int], current: str) -> list[tuple[str, str, int, bool]]:
    """The filters in words, each with its count."""
    words = {
        "available": _("Available now"),
        "all": _("All of them"),
        "paused": _("Resting"),
        "never_called": _("Not called for 90 days"),
        "overloaded": _("Following as many as they can"),
        "uncleared": _("Papers missing"),
    }
    url = reverse("peer_list")
    chosen = current if current in FILTERS else FILTERS[0]
    return [(words[name], f"{url}?show={name}", held[name], name == chosen) for name in FILTERS]


def of_page(page: Iterable[tuple[Any, ...]], actor: Actor) -> list[PeerLine]:
    """Lines of one page of peers, in a fixed number of queries."""
    rows = list(page)
    vault.preload(vault_id for _pk, _person_id, vault_id, *_names in rows)
    told = _told([pk for pk, *_others in rows], actor)
    before, after = reverse("peer_detail", args=[NOWHERE]).split(str(NOWHERE))
    return [PeerLine(f"{before}{pk}{after}", _name(*sealed), told[pk]) for pk, *sealed in rows]


def _told(ids: list[UUID], actor: Actor) -> dict[UUID, SafeString]:
    """Said anew of those about whom something was written since the last time, and of whoever is new here."""
    day = timezone.localdate()
    if actor.organisation_id is None:
        return _tell(ids, day)
    known = FILTERED.of(actor.organisation_id, day)
    told: dict[UUID, SafeString] = known.mended(("told", get_language()), dict, _without)
    if untold := [pk for pk in ids if pk not in told]:
        told.update(_tell(untold, day))
    return told


def _without(told: dict[UUID, SafeString], changed: Collection[UUID]) -> dict[UUID, SafeString]:
    """Another, for a page that is being made may still read and fill the first one."""
    left = told.copy()
    for pk in changed:
        left.pop(pk, None)
    return left


def _tell(ids: list[UUID], day: date) -> dict[UUID, SafeString]:
    rows = [dict(zip(TOLD, row, strict=True)) for row in ROWS.rows(ids=ids)]
    lived, standings = _lived(ids), context.standings(ids, day)
    return {
        row["pk"]: filled(
            "peers/_peer_told.html",
            Told(
                context.say_kind(row["kind"], row["started_on"]),
                lived.get(row["pk"], ""),
                _where(row["person__departement"], row["person__languages"]),
                context.say_load(row["active_pairs"], row["max_pairs"]),
                *context.say_state(row, standings[row["pk"]], day),
            ),
        )
        for row in rows
    }


def _name(person_id: UUID, vault_id: UUID, given_name: bytes, family_name: bytes) -> str:
    sealed = {"given_name": given_name, "family_name": family_name}
    return context.short(*(str(open_value(Person, name, person_id, None, vault_id, sealed[name])) for name in sealed))


def _where(departement: str, spoken: Iterable[str]) -> str:
    places = [territory.name(departement)] if departement else []
    return ", ".join([*places, *(languages.label(code) for code in spoken if code != languages.USUAL)])


def _lived(ids: list[UUID]) -> dict[UUID, str]:
    """The first things lived through, illnesses first, and how many more."""
    say = cache(_say_lived)
    found = groupby(LIVED.rows(ids=ids), itemgetter(0))
    return {peer_id: say(tuple([code for _peer, code in codes])) for peer_id, codes in found}


@said
def _say_lived(codes: tuple[str, ...]) -> str:
    order = {kind: place for place, kind in enumerate(TermKind.values)}
    first = sorted(dict.fromkeys(codes), key=lambda code: order[terms.term(code).kind])
    more = len(first) - SHOWN_EXPERIENCES
    words = ", ".join(terms.label(code) for code in first[:SHOWN_EXPERIENCES])
    return words + (ngettext(" and %(n)s other", " and %(n)s others", more) % {"n": more} if more > 0 else "")


def _marks(q: str) -> list[str]:
    """The marks of every way to cut what was typed into a first and a last name, in both orders."""
    words = q.split()
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return [mark for one, other in cuts for mark in (name_index(one, other), name_index(other, one))]
