"""Settings of a programme and doors of wards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.accompaniment.forms.fields import LineField, PhoneField, this_year
from vecu.accompaniment.models import Programme

NUMBER = {"inputmode": "numeric"}
MOST_WEEKS = 6


def number(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=most, widget=forms.NumberInput(attrs=NUMBER)
    )


class ProgrammeForm(forms.Form):
    """Its name, its phone, and the clocks from which every promise to a person is computed."""

    name = LineField(label=gettext_lazy("Name"), max_length=120)
    phone = PhoneField(label=gettext_lazy("Phone shown on every step"), may_be_short=True)
    call_working_days = number(
        gettext_lazy("We call back within (working days)"), 1, 30,
        gettext_lazy("Weekends and public holidays do not count."),
    )  # fmt: skip
    unanswered_hours = number(gettext_lazy("Late on the first screen after (hours)"), 1, 720)
    answer_hours = number(gettext_lazy("A peer answers within (hours)"), 1, 720)
    first_contact_days = number(gettext_lazy("First contact within (days)"), 1, 60)
    check_days = number(gettext_lazy("We ask how it went within (days)"), 1, 90)
    silence_days = number(gettext_lazy("Silence is looked at after (days)"), 7, 365)
    ring_back_days = number(gettext_lazy("Someone who waits is called again after (days)"), 1, 180)
    follow_up_weeks = LineField(
        label=gettext_lazy("Later follow-ups (weeks)"),
        help_text=gettext_lazy("Weeks after the first contact, separated by commas: 4, 12."),
        max_length=40,
        required=False,
    )
    protocol_year = forms.IntegerField(
        label=gettext_lazy("Treatments before this year are said to be older"),
        min_value=1950,
        max_value=2100,
        required=False,
        widget=forms.NumberInput(attrs=NUMBER),
    )
    keep_months = number(
        gettext_lazy("Kept after the end (months)"), 1, 24,
        gettext_lazy("Then only counts remain. A longer time has to be agreed with the data protection officer."),
    )  # fmt: skip

    def clean_follow_up_weeks(self) -> list[int]:
        typed = self.cleaned_data["follow_up_weeks"]
        parts = [part.strip() for part in typed.replace(";", ",").split(",") if part.strip()]
        weeks = [int(part) for part in parts if part.isdecimal() and len(part) <= 3 and 1 <= int(part) <= 104]
        if len(weeks) != len(parts) or len(weeks) > MOST_WEEKS:
            raise ValidationError(_("Write up to six numbers of weeks, between 1 and 104: 4, 12."), code="weeks")
        return sorted(set(weeks))

    def clean_protocol_year(self) -> int | None:
        year: int | None = self.cleaned_data["protocol_year"]
        if year is not None and year > this_year():
            raise ValidationError(_("This year has not come yet."), code="year")
        return year


def kept(programme: Programme) -> dict[str, Any]:
    """What the settings form shows first."""
    names = [name for name in ProgrammeForm.base_fields if name != "follow_up_weeks"]
    shown = {name: getattr(programme, name) for name in names}
    return {**shown, "follow_up_weeks": ", ".join(str(week) for week in programme.follow_up_weeks)}


class DoorForm(forms.Form):
    """One ward of one site."""

    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=None, error_messages={"required": gettext_lazy("Choose the site.")}
    )
    ward = LineField(
        label=gettext_lazy("Ward"),
        max_length=120,
        help_text=gettext_lazy("Only your team reads it: it is never in a message nor in an address."),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Where the two messages go"),
        help_text=gettext_lazy("A mailbox of the ward. « Received », then « contact made », and nothing else."),
        max_length=254,
        required=False,
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites
