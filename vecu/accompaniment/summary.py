"""A request in words: codes of the maintained list and of the forms, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
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


def headline(needs: Mapping[str, Any] | None, wishes: Mapping[str, Any] | None) -> str:
    """The line under a name in a list: what is lived, and the first thing to talk about."""
    needs, wishes = needs or {}, wishes or {}
    first = labels(needs.get("conditions", []))[:1] or [needs.get("own_condition", "")]
    parts = [*first, *labels(wishes.get("matters", []))[:1]]
    return " · ".join(part for part in parts if part)


def lived_words(told: Mapping[str, Any], *, typed: str) -> list[str]:
    """Illnesses, treatments and situations by their labels, the stage, and what was typed when it says more."""
    found = labels([*told.get("conditions", []), *told.get("treatments", []), *told.get("situations", [])])
    if typed and not any(typed.casefold() in word.casefold() for word in found):
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
    if birth_year is None:
        return ""
    years = (today or timezone.localdate()).year - birth_year
    return ngettext("%(n)s year old", "%(n)s years old", years) % {"n": years}


def say_wait(since: datetime, now: datetime) -> str:
    """« Attend depuis 5 jours », « Reçue aujourd’hui »."""
    today, day = timezone.localdate(now), timezone.localdate(since)
    days = (today - day).days
    if days <= 0:
        return _("Received today")
    return ngettext("Has been waiting for %(n)s day", "Has been waiting for %(n)s days", days) % {"n": days}


def say_late(due: datetime, now: datetime) -> str:
    """« En retard de 2 jours », « En retard depuis ce matin »."""
    days = max(0, (timezone.localdate(now) - timezone.localdate(due)).days)
    if days == 0 or now - due < timedelta(hours=12):
        return _("Late since today")
    return ngettext("Late by %(n)s day", "Late by %(n)s days", days) % {"n": days}


def _reach(contact: Mapping[str, Any]) -> list[str | Promise]:
    parts = [DayPart(part).label for part in contact["call_parts"] if part in DayPart.values]
    shared = _("Someone else reads this mailbox: nothing is sent there") if contact["has_shared_mailbox"] else ""
    return [contact["given_name"], contact["phone"], contact["email"], shared, *(str(part) for part in parts)]


# -- rows of lists


@dataclass(frozen=True)
class Row:
    """One request in a list: who, what about, since when, and what is late. Made from tuples, 50 at a time."""

    pk: Any
    number: int
    name: str
    headline: str
    when: str
    state: str
    source: str
    is_late: bool
    late: str
    fixed_on: date | None
    closing: str
    url: str
    is_stopped: bool = False

    @property
    def badges(self) -> SafeString:
        """What is to be known at once, the most pressing first; most rows have none."""
        marks = []
        if self.is_stopped:
            marks.append(leaves.badge(_("Everything is stopped"), "alert", "octagon-alert"))
        if self.late:
            marks.append(leaves.badge(self.late, "alert", "clock"))
        if self.fixed_on:
            before = format_html("{} {}", _("Before"), leaves.date_tag(self.fixed_on, year=False))
            marks.append(leaves.badge(before, "mirabelle"))
        if self.source == RequestSource.WARD:
            marks.append(leaves.badge(_("From a ward"), "prune"))
        if self.closing:
            marks.append(leaves.badge(self.closing))
        if not marks:
            return SafeString("")
        return format_html('<span class="row">{}</span>', format_html_join("", "{}", ((mark,) for mark in marks)))


COLUMNS = (
    *("pk", "organisation_id", "number", "state", "source", "vault_id", "needs", "wishes", "birth_year"),
    *("received_at", "call_by", "opened_at", "ring_back_on", "fixed_on", "closed_at", "closing"),
    *("person_id", "person__vault_id", "person__given_name", "person__stopped_at", "programme__unanswered_hours"),
)


def of_lines(lines: Iterable[tuple[Any, ...]], now: datetime) -> list[Row]:
    """Rows of what was read already, column by column."""
    found = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    vault.preload(key for line in found for key in (line["vault_id"], line["person__vault_id"]))
    address = reverse("request_detail", args=[UUID(int=0)])
    return [_row(line, now, address) for line in found]


def _row(line: dict[str, Any], now: datetime, address: str) -> Row:
    late = _late(line, now)
    closing = RequestClosing(line["closing"]).label if line["closing"] else ""
    return Row(
        pk=line["pk"],
        number=line["number"],
        name=", ".join(part for part in (_name(line), age_of(line["birth_year"])) if part),
        headline=headline(_opened(line, "needs"), _opened(line, "wishes")) or "–",
        when=_when(line, now),
        state=line["state"],
        source=line["source"],
        is_late=bool(late),
        late=late,
        fixed_on=line["fixed_on"],
        closing=str(closing),
        url=address.replace(str(UUID(int=0)), str(line["pk"])),
        is_stopped=line["person__stopped_at"] is not None,
    )


def _opened(line: dict[str, Any], field: str) -> dict[str, Any]:
    value = open_value(
        SupportRequest, field, line["pk"], line["organisation_id"], line["vault_id"], line[field] or Ciphertext(b"")
    )
    return value if isinstance(value, dict) else {}


def _name(line: dict[str, Any]) -> str:
    sealed = line["person__given_name"]
    if not sealed:
        return _("Request %(number)s") % {"number": line["number"]}
    return str(open_value(Person, "given_name", line["person_id"], None, line["person__vault_id"], sealed))


def _late(line: dict[str, Any], now: datetime) -> str:
    """Why this one comes first: the call is overdue, nobody was proposed in time, or it is the day to ring back."""
    if line["person__stopped_at"] is not None:
        return ""
    patience = timedelta(hours=line["programme__unanswered_hours"])
    if line["state"] == RequestState.RECEIVED and min(line["call_by"], line["received_at"] + patience) < now:
        return say_late(min(line["call_by"], line["received_at"] + patience), now)
    if line["state"] == RequestState.OPEN and line["opened_at"] + patience < now:
        return say_late(line["opened_at"] + patience, now)
    if line["state"] == RequestState.WAITING and line["ring_back_on"] <= timezone.localdate(now):
        return _("To ring back today") if line["ring_back_on"] == timezone.localdate(now) else _("To ring back")
    return ""


def _when(line: dict[str, Any], now: datetime) -> str:
    if line["state"] == RequestState.CLOSED:
        return _("Ended on %(day)s") % {"day": moments.say_date(line["closed_at"])}
    if line["state"] == RequestState.PAIRED:
        return _("Received on %(day)s") % {"day": moments.say_date(line["received_at"])}
    if line["state"] == RequestState.WAITING:
        return _("To ring back on %(day)s") % {"day": moments.say_date(line["ring_back_on"], year=False)}
    return say_wait(line["received_at"], now)
