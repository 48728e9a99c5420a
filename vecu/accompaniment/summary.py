"""A request in words: codes of the maintained list and of the forms, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.accompaniment.enums import AgeGroup, DayPart, RequestClosing, RequestRole, RequestSource, RequestState, Stage
from vecu.accompaniment.models import SupportRequest
from vecu.core import moments, vault
from vecu.core.crypto import Ciphertext, open_value
from vecu.core.said import said
from vecu.core.templatetags.ui import leaves
from vecu.peers import languages, terms, territory
from vecu.peers.enums import Channel, Relation, Slot
from vecu.people.enums import Gender
from vecu.people.models import Person

NBSP = "\u00a0"
DAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True)
class Line:
    """One answer as it is shown before sending, and the question it belongs to."""

    label: str
    values: list[str]
    step: str


@dataclass(frozen=True)
class Facts:
    """What the card of a request says; everything may be empty."""

    lived: list[str]
    matters: list[str]
    places: list[str]
    times: list[str]
    wishes: list[str]
    calls: list[str]


def of_draft(answers: Mapping[str, Mapping[str, Any]], sites: Iterable[tuple[str, str]]) -> list[Line]:
    """All four answers, those left empty said to be left empty by the page."""
    who, story, wishes, contact = (answers[step] for step in ("who", "story", "wishes", "contact"))
    asks = [RequestRole(who["role"]).own_words]
    if who["relation"]:
        asks.append(str(Relation(who["relation"]).label))
    lived = lived_words({**story, "situations": []}, typed=story["condition"])
    place = [story_place for story_place in (wishes["town"], departement(wishes["departement"])) if story_place]
    names = dict(sites)
    treated = [names[wishes["site"]]] if wishes["site"] in names else []
    return [
        Line(_("Your situation"), [*asks, str(AgeGroup(who["age_group"]).label)], "who"),
        Line(_("What is lived"), lived, "story"),
        Line(_("To talk about"), labels(story["matters"]), "story"),
        Line(_("In your own words"), [story["own_words"]] if story["own_words"] else [], "story"),
        Line(_("How and when"), [*channels(wishes), *time_words(wishes["slots"])], "wishes"),
        Line(_("Where"), [*place, *treated], "wishes"),
        Line(_("With whom"), wish_words(wishes, wishes["birth_year"], wishes["languages"]), "wishes"),
        Line(_("To reach you"), [str(value) for value in _reach(contact) if value], "contact"),
    ]


def of_request(request: SupportRequest) -> Facts:
    """The facts of a request's card, opened."""
    needs, wishes = request.told, request.wished
    town = request.person.town if request.person is not None else ""
    places = [place for place in (town, departement(request.departement)) if place]
    if request.site is not None:
        places.append(request.site.name)
    return Facts(
        lived=lived_words(needs, typed=needs.get("own_condition", "")),
        matters=labels(wishes.get("matters", [])),
        places=places,
        times=[*channels(wishes), *time_words(wishes.get("slots", []))],
        wishes=wish_words(wishes, None, request.languages),
        calls=[str(DayPart(part).label) for part in request.call_parts if part in DayPart.values],
    )


def lived_words(told: Mapping[str, Any], *, typed: str) -> list[str]:
    """Illnesses, treatments and situations by their labels, the stage, and what was typed when it says more."""
    found = labels([*told.get("conditions", []), *told.get("treatments", []), *told.get("situations", [])])
    asked = terms.plain(typed)
    if typed and not (asked and any(asked in terms.plain(word) for word in found)):
        found.append(f"«{NBSP}{typed}{NBSP}»")
    if told.get("stage") in Stage.values:
        found.append(str(Stage(told["stage"]).label))
    return found


def wish_words(wishes: Mapping[str, Any], birth_year: int | None, spoken: Iterable[str]) -> list[str]:
    """Wishes and exclusions about the other person."""
    found = []
    if wishes.get("gender") in (Gender.WOMAN, Gender.MAN):
        found.append(_("A woman") if wishes["gender"] == Gender.WOMAN else _("A man"))
    if birth_year:
        found.append(_("Born in %(year)s") % {"year": birth_year})
    for name, words in (
        ("near_my_age", _("Near their age")),
        ("not_same_town", _("Not someone from their town")),
        ("not_same_site", _("Not someone from their hospital")),
    ):
        if wishes.get(name):
            found.append(words)
    found += [languages.label(code) for code in spoken if code != languages.USUAL]
    return found


def channels(wishes: Mapping[str, Any]) -> list[str]:
    return [str(Channel(code).label) for code in wishes.get("channels") or [] if code in Channel.values]


def time_words(slots: Iterable[str]) -> list[str]:
    """Half-days as people say them: whole working weeks together, other half-days one by one."""
    left = [slot for slot in slots if slot in Slot.values]
    found = []
    for part, words in (
        ("am", _("On weekdays, in the morning")),
        ("pm", _("On weekdays, in the afternoon")),
        ("ev", _("On weekdays, in the early evening")),
    ):
        week = [f"{day}_{part}" for day in DAYS]
        if set(week) <= set(left):
            found.append(words)
            left = [slot for slot in left if slot not in week]
    for day, words in (("sat", _("On Saturday")), ("sun", _("On Sunday"))):
        if {f"{day}_am", f"{day}_pm"} <= set(left):
            found.append(words)
            left = [slot for slot in left if not slot.startswith(day)]
    return found + [str(Slot(slot).label) for slot in left]


def labels(codes: Iterable[str]) -> list[str]:
    return [terms.label(code) for code in codes if terms.is_known(code)]


def departement(code: str) -> str:
    """« Haute-Vienne (87) »."""
    return f"{territory.name(code)} ({code})" if code else ""


def age_of(birth_year: int | None, today: date | None = None) -> str:
    """« 58 ans », to a year."""
    return "" if birth_year is None else _say_years((today or timezone.localdate()).year - birth_year)


def say_wait(since: datetime, now: datetime) -> str:
    """« Attend depuis 5 jours », « Reçue aujourd’hui »."""
    return say_days_waited((timezone.localdate(now) - timezone.localdate(since)).days)


@said
def _say_years(years: int) -> str:
    return ngettext("%(n)s year old", "%(n)s years old", years) % {"n": years}


@said
def say_days_waited(days: int) -> str:
    if days <= 0:
        return _("Received today")
    return ngettext("Has been waiting for %(n)s day", "Has been waiting for %(n)s days", days) % {"n": days}


@said
def say_days_late(days: int) -> str:
    """« En retard de 2 jours », « En retard depuis ce matin »."""
    if days <= 0:
        return _("Late since today")
    return ngettext("Late by %(n)s day", "Late by %(n)s days", days) % {"n": days}


def _reach(contact: Mapping[str, Any]) -> list[str | Promise]:
    parts = [DayPart(part).label for part in contact["call_parts"] if part in DayPart.values]
    shared = _("Someone else reads this mailbox: nothing is sent there") if contact["has_shared_mailbox"] else ""
    return [contact["given_name"], contact["phone"], contact["email"], shared, *(str(part) for part in parts)]


# -- rows of lists


class Row(NamedTuple):
    """One request in a list: who, what about, since when, and what is late. Made from tuples, 50 at a time."""

    pk: Any
    name: str
    headline: str
    when: str
    state: str
    is_late: bool
    late: str
    url: str
    badges: SafeString
    before: SafeString

    @property
    def mark(self) -> SafeString:
        """How late it is, or since when it waits; after the day that does not move, when there is one."""
        mark = leaves.late_mark(self.late, self.when)
        return format_html('<span class="row">{}{}</span>', self.before, mark) if self.before else mark


COLUMNS = (
    *("pk", "organisation_id", "number", "state", "source", "vault_id", "needs", "wishes", "birth_year"),
    *("received_at", "call_by", "opened_at", "ring_back_on", "fixed_on", "closed_at", "closing"),
    *("person_id", "person__vault_id", "person__given_name", "person__stopped_at", "programme__unanswered_hours"),
)


def of_lines(lines: Iterable[tuple[Any, ...]], now: datetime) -> list[Row]:
    """Rows of what was read already, column by column."""
    found = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    vault.preload(key for line in found for key in (line["vault_id"], line["person__vault_id"]))
    page = _Page(now)
    return [page.row(line) for line in found]


class _Page:
    """The rows of one page. What many of them say alike (a code, a number of days) is said once for all."""

    def __init__(self, now: datetime) -> None:
        self._now, self._zone = now, timezone.get_current_timezone()
        self._today = self._day(now)
        self._before_key, self._after_key = reverse("request_detail", args=[UUID(int=0)]).split(str(UUID(int=0)))
        self._age, self._waited, self._days_late = cache(_say_years), cache(say_days_waited), cache(say_days_late)
        self._labels, self._badges, self._before = cache(_label_of), cache(_badges), cache(_before)

    def row(self, line: dict[str, Any]) -> Row:
        late, is_stopped = self._late(line), line["person__stopped_at"] is not None
        age = self._age(self._today.year - line["birth_year"]) if line["birth_year"] is not None else ""
        return Row(
            pk=line["pk"],
            name=", ".join(part for part in (name_of(line), age) if part),
            headline=self._headline(line) or "–",
            when=self._when(line),
            state=line["state"],
            is_late=bool(late),
            late=late,
            url=f"{self._before_key}{line['pk']}{self._after_key}",
            badges=self._badges(is_stopped, late, line["fixed_on"], line["source"], line["closing"]),
            before=self._before(line["fixed_on"]),
        )

    def _headline(self, line: dict[str, Any]) -> str:
        """The line under a name: what is lived, and the first thing to talk about."""
        needs, wishes = opened(line, "needs"), opened(line, "wishes")
        lived = next(filter(None, map(self._labels, needs.get("conditions", []))), needs.get("own_condition", ""))
        matter = next(filter(None, map(self._labels, wishes.get("matters", []))), "")
        return " · ".join(part for part in (lived, matter) if part)

    def _late(self, line: dict[str, Any]) -> str:
        """Why this one comes first: the call is overdue, nobody was proposed in time, or it is the day to ring back."""
        if line["person__stopped_at"] is not None:
            return ""
        if line["state"] == RequestState.WAITING:
            return _say_ring_back(self._today - line["ring_back_on"])
        due, patience = None, timedelta(hours=line["programme__unanswered_hours"])
        if line["state"] == RequestState.RECEIVED:
            due = min(line["call_by"], line["received_at"] + patience)
        elif line["state"] == RequestState.OPEN:
            due = line["opened_at"] + patience
        if due is None or due >= self._now:
            return ""
        is_of_today = self._now - due < timedelta(hours=12)
        return self._days_late(0 if is_of_today else (self._today - self._day(due)).days)

    def _when(self, line: dict[str, Any]) -> str:
        if line["state"] == RequestState.CLOSED:
            return _("Ended on %(day)s") % {"day": moments.say_date(line["closed_at"])}
        if line["state"] == RequestState.PAIRED:
            return _("Received on %(day)s") % {"day": moments.say_date(line["received_at"])}
        if line["state"] == RequestState.WAITING:
            return _("To ring back on %(day)s") % {"day": moments.say_date(line["ring_back_on"], year=False)}
        return self._waited((self._today - self._day(line["received_at"])).days)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _label_of(code: str) -> str:
    return terms.label(code) if terms.is_known(code) else ""


@said
def _before(fixed_on: date | None) -> SafeString:
    """« Avant le 3 décembre », or nothing."""
    if fixed_on is None:
        return SafeString("")
    return leaves.badge(format_html("{} {}", _("Before"), leaves.date_tag(fixed_on, year=False)), "mirabelle")


@said
def _badges(is_stopped: bool, late: str, fixed_on: date | None, source: str, closing: str) -> SafeString:
    """What is to be known at once, the most pressing first; most rows have none."""
    marks = []
    if is_stopped:
        marks.append(leaves.badge(_("Everything is stopped"), "alert", "octagon-alert"))
    if late:
        marks.append(leaves.badge(late, "alert", "clock"))
    if fixed_on:
        marks.append(_before(fixed_on))
    if source == RequestSource.WARD:
        marks.append(leaves.badge(_("From a ward"), "prune"))
    if closing:
        marks.append(leaves.badge(str(RequestClosing(closing).label)))
    if not marks:
        return SafeString("")
    return format_html('<span class="row">{}</span>', format_html_join("", "{}", ((mark,) for mark in marks)))


def _say_ring_back(since: timedelta) -> str:
    if since.days < 0:
        return ""
    return _("To ring back") if since.days else _("To ring back today")


def opened(line: dict[str, Any], field: str) -> dict[str, Any]:
    value = open_value(
        SupportRequest, field, line["pk"], line["organisation_id"], line["vault_id"], line[field] or Ciphertext(b"")
    )
    return value if isinstance(value, dict) else {}


def name_of(line: dict[str, Any]) -> str:
    sealed = line["person__given_name"]
    if not sealed:
        return _("Request %(number)s") % {"number": line["number"]}
    return str(open_value(Person, "given_name", line["person_id"], None, line["person__vault_id"], sealed))
