"""Shapes of what is entered about gatherings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vecu.agenda.actions.gatherings import MOST_PLACES
from vecu.agenda.actions.rows import FURTHEST
from vecu.agenda.enums import GatheringKind, Presence
from vecu.agenda.models import Gathering, HalfDay
from vecu.core import dates
from vecu.people.models import Person, Site

DAY_INPUT = {"type": "date"}
HOUR_INPUT = {"type": "time"}
MOST_TIMES = 24
REPEATS = (
    ("", gettext_lazy("It does not come back")),
    ("week", gettext_lazy("Every week")),
    ("fortnight", gettext_lazy("Every two weeks")),
    ("month", gettext_lazy("Every month, on the same weekday")),
)


class HalfDayForm(forms.Form):
    """A day, from when to when, and where."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"))
    starts = forms.TimeField(
        label=pgettext_lazy("hour", "From"), widget=forms.TimeInput(attrs=HOUR_INPUT, format="%H:%M")
    )
    ends = forms.TimeField(label=pgettext_lazy("hour", "To"), widget=forms.TimeInput(attrs=HOUR_INPUT, format="%H:%M"))
    site = forms.ChoiceField(label=gettext_lazy("Site"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Room or address"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Shown to those enrolled, here only: never in a letter nor in a calendar."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {str(site.pk): site for site in sites}
        choices = [("", _("Not at one of our sites")), *((key, site.name) for key, site in self.sites.items())]
        self.fields["site"].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(half_day: HalfDay) -> dict[str, Any]:
        start, end = timezone.localtime(half_day.starts_at), timezone.localtime(half_day.ends_at)
        return {
            "day": start.date(),
            "starts": start.time(),
            "ends": end.time(),
            "site": str(half_day.site_id or ""),
            "place": half_day.place,
        }

    def clean_day(self) -> date:
        """Before anything is reckoned from it: the first and last days of all time have no day before or after."""
        day: date = self.cleaned_data["day"]
        if abs(day - timezone.localdate()) > FURTHEST:
            raise forms.ValidationError(_("Check the year: this day is more than three years away."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for first, last in self.hours():
            if data.get(first) and data.get(last) and data[last] == data[first]:
                self.add_error(last, _("It ends at the very minute it begins. Check the hours."))
        return data

    def hours(self) -> list[tuple[str, str]]:
        return [("starts", "ends")]

    def chosen(self) -> dict[str, Any]:
        """What `actions.add_half_day` and `move_half_day` take."""
        data = self.cleaned_data
        starts_at, ends_at = span(data["day"], data["starts"], data["ends"])
        return {"starts_at": starts_at, "ends_at": ends_at, "site": self.where(), "place": data["place"]}

    def where(self) -> Site | None:
        return self.sites.get(self.cleaned_data["site"])


class GatheringForm(forms.Form):
    """What it is called, who leads it, how many places."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=100,
        help_text=gettext_lazy("For example “Thursday group”. Never an illness: it may be read over a shoulder."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    host = forms.ChoiceField(label=gettext_lazy("Who leads it"))
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=gettext_lazy("Leave it empty for no limit. Once full, people wait in the order they asked."),
    )
    is_open = forms.BooleanField(
        label=gettext_lazy("Peers may enrol by themselves"),
        required=False,
        help_text=gettext_lazy("Otherwise you enrol them."),
    )

    def __init__(self, *args: Any, hosts: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = {str(person.pk): person for person in hosts}
        self.fields["host"].choices = [  # type: ignore[attr-defined]
            (key, f"{person.given_name} {person.family_name}".strip()) for key, person in self.hosts.items()
        ]

    @staticmethod
    def initial_of(gathering: Gathering) -> dict[str, Any]:
        names = ("title", "places", "is_open")
        return {"host": str(gathering.host_id), **{name: getattr(gathering, name) for name in names}}

    def told(self) -> dict[str, Any]:
        """What `actions.edit_gathering` takes."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "host": self.hosts[data["host"]],
            "places": data["places"],
            "is_open": data["is_open"],
        }


class PlanForm(HalfDayForm, GatheringForm):
    """A gathering and its dates: one, a morning and an afternoon, or some that come back."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=GatheringKind.choices)
    again_starts = forms.TimeField(
        label=gettext_lazy("Afternoon, from"),
        required=False,
        widget=forms.TimeInput(attrs=HOUR_INPUT, format="%H:%M"),
    )
    again_ends = forms.TimeField(
        label=gettext_lazy("Afternoon, to"), required=False, widget=forms.TimeInput(attrs=HOUR_INPUT, format="%H:%M")
    )
    repeat = forms.ChoiceField(label=gettext_lazy("It comes back"), choices=REPEATS, required=False)
    times = forms.IntegerField(
        label=gettext_lazy("How many dates in all"),
        required=False,
        min_value=1,
        max_value=MOST_TIMES,
        help_text=gettext_lazy("Each date can be moved or taken out afterwards, and others added elsewhere."),
    )
    field_order = ["kind", "title", "host", "places", "is_open", "day", "starts", "ends", "again_starts", "again_ends"]

    def __init__(self, *args: Any, sites: list[Site], hosts: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, sites=sites, hosts=hosts, **kwargs)

    def hours(self) -> list[tuple[str, str]]:
        return [("starts", "ends"), ("again_starts", "again_ends")]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name, other in (("again_starts", "again_ends"), ("again_ends", "again_starts")):
            if data.get(other) and not data.get(name) and name not in self.errors:
                self.add_error(name, _("Write both hours of the afternoon, or neither."))
        if data.get("repeat") and not data.get("times") and "times" not in self.errors:
            self.add_error("times", _("Say how many dates there are in all."))
        return data

    def planned(self) -> dict[str, Any]:
        """What `actions.plan_gathering` takes."""
        data = self.cleaned_data
        hours = [(data["starts"], data["ends"])]
        if data["again_starts"]:
            hours.append((data["again_starts"], data["again_ends"]))
        days = dates_of(data["day"], data["repeat"], data["times"] or 1)
        spans = [span(day, *each) for day in days for each in hours]
        half_days = [(start, end, self.where(), data["place"]) for start, end in spans]
        return {**self.told(), "kind": data["kind"], "half_days": half_days}


def dates_of(first: date, repeat: str, times: int) -> list[date]:
    """The first day and those after it; each month means the same weekday of the month, the fifth being the last."""
    if repeat == "month":
        return [_same_weekday(first, months) for months in range(times)]
    if repeat:
        step = timedelta(weeks=1 if repeat == "week" else 2)
        return [first + number * step for number in range(times)]
    return [first]


def _same_weekday(first: date, months: int) -> date:
    place = (first.day - 1) // 7
    start = dates.add_months(first.replace(day=1), months)
    day = start + timedelta(days=(first.weekday() - start.weekday()) % 7 + 7 * place)
    return day if day.month == start.month else day - timedelta(weeks=1)


def span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """From one hour to the other, the next morning when it ends earlier than it begins."""
    last = day if ends > starts else day + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, starts)), timezone.make_aware(datetime.combine(last, ends))


class EnrolForm(forms.Form):
    """Who gets a place."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    load_reason = forms.CharField(
        label=gettext_lazy("Why, if they already carry as much as they accept?"),
        help_text=gettext_lazy(
            "They read it, and the psychologist is told. Not asked for what helps them, such as supervision."
        ),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choices = [("", _("Choose someone"))]
        choices += [(key, f"{person.given_name} {person.family_name}".strip()) for key, person in self.people.items()]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class PresenceForm(forms.Form):
    """One choice a person; nobody has to be noted at once."""

    def __init__(self, *args: Any, names: dict[str, str], noted: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, name in names.items():
            self.fields[f"presence_{key}"] = forms.ChoiceField(
                label=name,
                required=False,
                choices=Presence.choices,
                initial=noted.get(key, ""),
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[str, str]:
        """Key of a person → what was chosen for them, if anything was."""
        return {name.removeprefix("presence_"): value for name, value in self.cleaned_data.items() if value}


class SignatureForm(forms.Form):
    """Drawn in the frame, or the name typed; and a tick that says what it means."""

    drawn = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-signature": ""}))
    typed = forms.CharField(
        label=gettext_lazy("Or type your first and last name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    was_there = forms.BooleanField(label=gettext_lazy("I was there for this half-day."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("drawn") and not data.get("typed", "").strip() and not self.errors:
            self.add_error("typed", _("Sign in the frame, or type your name."))
        return data

    def signature(self) -> str:
        """What was typed wins: whoever types has chosen not to draw."""
        return self.cleaned_data["typed"].strip() or self.cleaned_data["drawn"]
