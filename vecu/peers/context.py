"""What pages show of patient partners: lines of the list, states and loads in words, readiness in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, UUIDField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import marks, moments, vault
from vecu.core.access import Scope, visible
from vecu.core.crypto import open_value
from vecu.core.prepared import Asked, Listing, Prepared, any_of
from vecu.core.said import said
from vecu.peers import actions, languages, load, readiness, ready_lines, terms, territory
from vecu.peers.enums import Activity, Channel, ClearanceKind, PeerKind, Profile, Slot, TermKind
from vecu.peers.models import Absence, Clearance, LimitsPassport, LivedExperience, Peer
from vecu.peers.readiness import Missing
from vecu.people.actions.persons import name_index
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can

FILTERS = ("available", "all", "paused", "never_called", "overloaded", "uncleared")
HELD = tuple(name for name in FILTERS if name != "all")
SHOWN_EXPERIENCES = 3
LINE = (
    *("pk", "person_id", "kind", "started_on", "active_pairs", "max_pairs", "paused_at", "paused_until"),
    *("last_pair_at", "person__given_name", "person__family_name", "person__vault_id", "person__departement"),
    *("person__languages", "person__stopped_at"),
)
NOWHERE = UUID(int=0)

# What hangs on the peers of one page: the same questions each time, written once.
LIVED = Prepared(
    lambda: (
        LivedExperience.objects.filter(any_of("peer_id", "ids", UUIDField()))
        .order_by("peer_id", "-year_from", "code")
        .values_list("peer_id", "code")
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What keeps someone from being proposed today, beside a pause and a full load."""

    missing: tuple[Missing, ...]
    took_back: bool
    away_until: date | None


class PeerLine(NamedTuple):
    """One line of the list, in words and ready to print."""

    url: str
    name: str
    about: str
    lived: str
    where: str
    load: str
    state: str
    tone: str


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
    return found(visible(Peer, actor), name, q, where).values_list(*LINE)


@lru_cache(maxsize=32)
def _listing(name: str, day: date) -> Listing:
    """A filter without a search, which everyone asks: written once a day."""
    return Listing(Can.SEE_PEERS, lambda actor: _chosen(visible(Peer, actor), name, day).values_list(*LINE))


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


def lines(page: Iterable[tuple[Any, ...]], on: date | None = None) -> list[PeerLine]:
    """Lines of one page of peers, in a fixed number of queries."""
    day = on or timezone.localdate()
    rows = [dict(zip(LINE, row, strict=True)) for row in page]
    ids = [row["pk"] for row in rows]
    vault.preload(row["person__vault_id"] for row in rows)
    lived, standings = _lived(ids), _standings(ids, day)
    before, after = reverse("peer_detail", args=[NOWHERE]).split(str(NOWHERE))
    about, load, state_of_day = cache(_say_kind), cache(say_load), cache(_say_state)  # said once for all
    return [
        PeerLine(
            f"{before}{row['pk']}{after}",
            _name(row),
            about(row["kind"] == PeerKind.RELATIVE, row["started_on"].year),
            lived.get(row["pk"], ""),
            _where(row),
            load(row["active_pairs"], row["max_pairs"]),
            *state_of_day(*_state(row, standings[row["pk"]], day)),
        )
        for row in rows
    ]


@said
def say_load(active: int, most: int) -> str:
    """« suit 1 personne sur 3 »."""
    return ngettext("follows %(n)s person of %(most)s", "follows %(n)s people of %(most)s", active) % {
        "n": active,
        "most": most,
    }


def listed(labels: Iterable[Any]) -> str:
    """« Par téléphone, en visio »."""
    words = [str(label) for label in labels]
    return ", ".join([*words[:1], *(f"{word[:1].lower()}{word[1:]}" for word in words[1:])])


def say_kind(kind: str, started_on: date) -> str:
    """« Pair depuis 2021, comme proche »."""
    return _say_kind(kind == PeerKind.RELATIVE, started_on.year)


@said
def _say_kind(is_relative: bool, year: int) -> str:
    words = _("Peer since %(year)s, as a relative") if is_relative else _("Peer since %(year)s, as a patient")
    return words % {"year": year}


def say_years(year_from: int | None, year_to: int | None) -> str:
    """« de 2011 à 2014 », « depuis 2018 », « en 2011 », or nothing."""
    if year_from and year_to:
        words = _("in %(from)s") if year_from == year_to else _("from %(from)s to %(to)s")
        return words % {"from": year_from, "to": year_to}
    if year_from:
        return _("since %(year)s") % {"year": year_from}
    return _("until %(year)s") % {"year": year_to} if year_to else ""


def say_pause(paused_until: date | None) -> str:
    if paused_until is None:
        return _("On pause")
    return _("On pause, back on %(day)s") % {"day": moments.say_date(paused_until)}


def short_name(person: Person) -> str:
    """First name and the first letter of the last one: « Hélène D. »."""
    return _short(person.given_name, person.family_name)


def state_of(peer: Peer, standing: Standing, on: date | None = None) -> tuple[str, str]:
    """The state of one peer today, in words, with its tone."""
    day = on or timezone.localdate()
    row = {name: getattr(peer, name) for name in ("paused_at", "paused_until", "active_pairs", "max_pairs")}
    row["person__stopped_at"] = peer.person.stopped_at
    if peer.ended_on is not None and peer.ended_on <= day:
        return _("Engagement ended on %(day)s") % {"day": moments.say_date(peer.ended_on)}, "plain"
    return _say_state(*_state(row, standing, day))


def experiences(peer: Peer, actor: Actor) -> list[dict[str, Any]]:
    """What was lived through, illnesses first, with what changed since; own words are not opened here."""
    rows = visible(LivedExperience, actor).filter(peer=peer).order_by("-year_from", "code")
    order = {kind: place for place, kind in enumerate(TermKind.values)}
    rows = sorted(rows.defer("own_words"), key=lambda row: order[terms.term(row.code).kind])
    return [
        {
            "pk": row.pk,
            "label": terms.label(row.code),
            "kind": terms.term(row.code).kind,
            "years": say_years(row.year_from, row.year_to),
            "since": _since(row),
        }
        for row in rows
    ]


def limits(peer: Peer, actor: Actor) -> list[dict[str, Any]]:
    """« Mon cadre » per activity: what is refused, in words of the list, with its version and day."""
    held = {row.activity: row for row in visible(LimitsPassport, actor).filter(peer=peer).in_force()}
    return [
        {
            "activity": activity,
            "label": Activity(activity).label,
            "passport": held.get(activity),
            "refused": [terms.label(code) for code in held[activity].refused_codes] if activity in held else [],
        }
        for activity in Activity.values
    ]


def offered(peer: Peer) -> dict[str, Any]:
    """How, when, where and in which languages, in words."""
    return {
        "load": say_load(peer.active_pairs, peer.max_pairs),
        "profiles": listed(Profile(code).label for code in peer.profiles),
        "channels": listed(Channel(code).label for code in peer.channels),
        "slots": listed(Slot(code).label for code in peer.slots),
        "territories": [territory.name(code) for code in peer.territories],
        "departement": territory.name(peer.person.departement),
        "spoken": [languages.label(code) for code in peer.person.languages],
    }


def file_page(peer: Peer, actor: Actor) -> dict[str, Any]:
    """One file, whoever reads it; own words are not opened here, but whether there are some shows."""
    standing = _standings([peer.pk], timezone.localdate())[peer.pk]
    state, tone = state_of(peer, standing)
    return {
        "peer": peer,
        "name": short_name(peer.person),
        "about": say_kind(peer.kind, peer.started_on),
        "state": state,
        "tone": tone,
        "is_paused": actions.is_paused(peer),
        "took_back": standing.took_back,
        "has_left": peer.ended_on is not None and peer.ended_on <= timezone.localdate(),
        "experiences": experiences(peer, actor),
        "absences": visible(Absence, actor).filter(peer=peer).to_come().order_by("starts_on"),
        "ready": ready_lines.of_peer(peer, actor),
        "clearances": visible(Clearance, actor).filter(peer=peer).select_related("consent__text"),
        "limits": limits(peer, actor),
        "gauge": load.gauge(peer),
        "may_edit": actor.may(Can.EDIT_PEER),
        "may_enter_diploma": actor.may(Can.DECIDE_EQUIVALENCE),
        **offered(peer),
    }


def _since(row: LivedExperience) -> str:
    """« avant l’immunothérapie (2015) »: said, never held against anyone."""
    year = terms.changed_since(row.code, row.year_from, row.year_to)
    if year is None:
        return ""
    return _("before %(what)s (%(year)s)") % {"what": terms.term(row.code).since, "year": year}


def _state(row: dict[str, Any], standing: Standing, day: date) -> tuple[str, Any]:
    """The state of somebody, and until when or what is missing."""
    until = row["paused_until"]
    if row["person__stopped_at"] is not None:
        return "stopped", None
    if standing.took_back:
        return "took_back", None
    if row["paused_at"] is not None and (until is None or until > day):
        return "paused", until
    if standing.away_until is not None:
        return "away", standing.away_until
    if standing.missing:
        return "not_ready", tuple(one.kind for one in standing.missing)
    return ("full", None) if row["active_pairs"] >= row["max_pairs"] else ("available", None)


def _say_state(state: str, told: Any) -> tuple[str, str]:
    """In words, with its tone."""
    if state == "paused":
        return say_pause(told), "prune"
    if state == "away":
        return _("Away until %(day)s") % {"day": moments.say_date(told, year=False)}, "prune"
    if state == "not_ready":
        what = ", ".join(str(ClearanceKind(kind).label) for kind in told)
        return _("Not ready: %(what)s") % {"what": what.lower()}, "mirabelle"
    if state == "took_back":
        return _("Agreement taken back: nothing is proposed"), "prune"
    if state == "stopped":
        return _("Everything is stopped"), "alert"
    return {"full": (_("Full"), "mirabelle"), "available": (_("Available"), "sauge")}[state]


def _name(row: dict[str, Any]) -> str:
    opened = (
        str(open_value(Person, name, row["person_id"], None, row["person__vault_id"], row[f"person__{name}"]))
        for name in ("given_name", "family_name")
    )
    return _short(*opened)


def _short(given_name: str, family_name: str) -> str:
    return f"{given_name} {family_name[:1]}." if family_name else given_name


def _where(row: dict[str, Any]) -> str:
    places = [territory.name(row["person__departement"])] if row["person__departement"] else []
    return ", ".join(
        [*places, *(languages.label(code) for code in row["person__languages"] if code != languages.USUAL)]
    )


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


@lru_cache(maxsize=4)
def _hindrances(day: date) -> Prepared:
    peers = Peer.objects.filter(any_of("pk", "ids", UUIDField())).order_by()
    columns = ("pk", "lacks_proofs", "took_back", "away_until")
    return Prepared(lambda: peers.with_standing(day).values_list(*columns))


def _standings(ids: list[UUID], day: date) -> dict[UUID, Standing]:
    """Two queries whatever the number of peers; nearly everyone lacks no proof."""
    rows = _hindrances(day).rows(ids=ids)
    missing = readiness.personal([pk for pk, lacks_proofs, *_others in rows if lacks_proofs], day)
    return {pk: Standing(missing.get(pk, ()), took_back, away) for pk, _lacks, took_back, away in rows}


def _marks(q: str) -> list[str]:
    """The marks of every way to cut what was typed into a first and a last name, in both orders."""
    words = q.split()
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return [mark for one, other in cuts for mark in (name_index(one, other), name_index(other, one))]
