"""What pages show of patient partners: states and loads in words, readiness in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import moments
from vecu.core.access import visible
from vecu.core.prepared import Prepared, any_of
from vecu.core.said import said
from vecu.peers import actions, languages, load, readiness, ready_lines, terms, territory
from vecu.peers.enums import Activity, Channel, ClearanceKind, PeerKind, Profile, Slot, TermKind
from vecu.peers.models import Absence, Clearance, LimitsPassport, LivedExperience, Peer
from vecu.peers.readiness import Missing
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can


@dataclass(frozen=True, slots=True)
class Standing:
    """What keeps someone from being proposed today, beside a pause and a full load."""

    missing: tuple[Missing, ...]
    took_back: bool
    away_until: date | None


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
    return short(person.given_name, person.family_name)


def state_of(peer: Peer, standing: Standing, on: date | None = None) -> tuple[str, str]:
    """The state of one peer today, in words, with its tone."""
    day = on or timezone.localdate()
    row = {name: getattr(peer, name) for name in ("paused_at", "paused_until", "active_pairs", "max_pairs")}
    row["person__stopped_at"] = peer.person.stopped_at
    if peer.ended_on is not None and peer.ended_on <= day:
        return _("Engagement ended on %(day)s") % {"day": moments.say_date(peer.ended_on)}, "plain"
    return say_state(row, standing, day)


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
    standing = standings([peer.pk], timezone.localdate())[peer.pk]
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


def say_state(row: dict[str, Any], standing: Standing, day: date) -> tuple[str, str]:
    """The state of somebody today, in words, with its tone."""
    return _say_state(*_state(row, standing, day))


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


def short(given_name: str, family_name: str) -> str:
    return f"{given_name} {family_name[:1]}." if family_name else given_name


@lru_cache(maxsize=4)
def _hindrances(day: date) -> Prepared:
    peers = Peer.objects.filter(any_of("pk", "ids", UUIDField())).order_by()
    columns = ("pk", "lacks_proofs", "took_back", "away_until")
    return Prepared(lambda: peers.with_standing(day).values_list(*columns))


def standings(ids: list[UUID], day: date) -> dict[UUID, Standing]:
    """Two queries whatever the number of peers; nearly everyone lacks no proof."""
    rows = _hindrances(day).rows(ids=ids)
    missing = readiness.personal([pk for pk, lacks_proofs, *_others in rows if lacks_proofs], day)
    return {pk: Standing(missing.get(pk, ()), took_back, away) for pk, _lacks, took_back, away in rows}
