"""Forms of those who recruit: settings, conditions, hours, guides, decisions and letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.peers.enums import Profile
from vecu.peers.forms.inputs import DayField, PhoneField
from vecu.recruitment.enums import (
    ConditionKind,
    Hindsight,
    InterviewOutcome,
    LetterWay,
    MeetingWay,
    Outcome,
    Reason,
)
from vecu.recruitment.models import Recruitment

LENGTHS = [(30, gettext_lazy("30 minutes")), (45, gettext_lazy("45 minutes")), (60, gettext_lazy("1 hour"))]


class RecruitmentForm(forms.Form):
    is_open = forms.BooleanField(label=gettext_lazy("Applications are open"), required=False)
    profiles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles you look for"),
        choices=Profile.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    phone = PhoneField(label=gettext_lazy("Phone shown on each page of the form"), required=False, may_be_short=True)
    answer_days = forms.IntegerField(
        label=gettext_lazy("Days to answer, at each step"),
        min_value=1,
        max_value=60,
        help_text=Recruitment._meta.get_field("answer_days").help_text,
    )
    keep_months = forms.IntegerField(
        label=gettext_lazy("Months kept after the answer"),
        min_value=1,
        max_value=12,
        help_text=Recruitment._meta.get_field("keep_months").help_text,
    )
    needs_two = forms.BooleanField(
        label=gettext_lazy("Two people decide"),
        required=False,
        help_text=Recruitment._meta.get_field("needs_two").help_text,
    )


class ConditionForm(forms.Form):
    profile = forms.ChoiceField(label=gettext_lazy("For which role"), choices=Profile.choices)
    kind = forms.ChoiceField(label=gettext_lazy("Condition"), choices=ConditionKind.choices)
    least = forms.ChoiceField(
        label=gettext_lazy("At least, for the time since what was lived"),
        choices=[("", "—"), *Hindsight.choices],
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("Why, in your words"),
        help_text=gettext_lazy("Shown to whoever does not meet it, with a kind sentence of ours."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") == ConditionKind.HINDSIGHT and not told.get("least"):
            self.add_error("least", _("Say how much time is needed."))
        return told


class SlotForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    hour = forms.TimeField(
        label=gettext_lazy("From what time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H h %M", "%Hh%M"],
    )
    minutes = forms.TypedChoiceField(label=gettext_lazy("How long each"), choices=LENGTHS, coerce=int, initial=45)
    count = forms.IntegerField(label=gettext_lazy("How many in a row"), min_value=1, max_value=20, initial=1)
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=MeetingWay.choices)
    place = forms.CharField(
        label=gettext_lazy("Where"),
        help_text=gettext_lazy("The address when you meet face to face; shown to whoever chooses the hour."),
        max_length=120,
        required=False,
    )

    def offered(self) -> dict[str, Any]:
        """What the action takes: the local hour of that day."""
        told = self.cleaned_data
        starts_at = timezone.make_aware(datetime.combine(told["day"], told["hour"]))
        return {"starts_at": starts_at, **{name: told[name] for name in ("minutes", "count", "way", "place")}}


class HourForm(forms.Form):
    slot = forms.UUIDField()


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InterviewForm(forms.Form):
    motivation = _words(gettext_lazy("What moves them"))
    silences = _words(gettext_lazy("What they do not want to talk about"))
    limits = _words(gettext_lazy("Their limits, and what helps them"))
    availability = _words(gettext_lazy("Availability, travel, health of the moment as they tell it"))
    conflict = _words(gettext_lazy("Links of interest"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        help_text=gettext_lazy("With the date, this is all that others see."),
        choices=InterviewOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what came of the interview.")},
    )
    notes = forms.CharField(
        label=gettext_lazy("Private notes"),
        help_text=gettext_lazy("Sealed under a key of their own: nobody but you opens them, whatever their role."),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def guide(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("outcome", "notes")}


class NotesForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Private notes"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What do you answer?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what is answered.")},
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Not needed for a yes. These words judge nobody."),
        choices=[("", "—"), *Reason.choices],
        required=False,
    )
    talk_again_on = DayField(
        label=gettext_lazy("If later: the day you talk again"),
        required=False,
        help_text=gettext_lazy("It comes back on your first screen that day."),
    )
    redirected_to = forms.ChoiceField(
        label=gettext_lazy("If another role: which one"), choices=[("", "—"), *Profile.choices], required=False
    )


class LetterForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("The letter"),
        help_text=gettext_lazy("Change whatever you like: it is your letter. It is kept with the application."),
        min_length=40,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    way = forms.ChoiceField(label=gettext_lazy("How it leaves"), choices=LetterWay.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, may_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_mail:
            self.fields["way"].choices = [(LetterWay.BY_HAND, LetterWay.BY_HAND.label)]
