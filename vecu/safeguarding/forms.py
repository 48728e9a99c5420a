"""Shapes of what is entered in safeguarding."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.people.models import Person
from vecu.safeguarding.actions.sealed import FIELDS
from vecu.safeguarding.enums import AlertKind, AlertOutcome, Danger, ReportOutcome
from vecu.safeguarding.models import SealedContact

SHORT = 300
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


class HelpNowForm(forms.Form):
    """« Prévenir l’équipe »: one question, one optional sentence."""

    danger = forms.ChoiceField(
        label=gettext_lazy("Are you, or is someone, in danger now?"), choices=Danger.choices, widget=forms.RadioSelect
    )
    facts = forms.CharField(
        label=gettext_lazy("A few words, if you wish"), required=False, max_length=SHORT, widget=forms.Textarea
    )


class AlertTakeForm(forms.Form):
    """Whom the button was taking over from; nobody for « I take it »."""

    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AlertOpenForm(forms.Form):
    """What staff enter for something told by phone or in person."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=AlertKind.choices, widget=forms.RadioSelect)
    danger = forms.ChoiceField(
        label=gettext_lazy("Is there immediate danger?"), choices=Danger.choices, widget=forms.RadioSelect
    )
    facts = forms.CharField(
        label=gettext_lazy("What happened, in a few words"),
        required=False,
        max_length=SHORT,
        widget=forms.Textarea,
        help_text=gettext_lazy("Facts only. No name of someone else, no diagnosis."),
    )


class AlertCloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How does it end?"), choices=AlertOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("A short note"), required=False, max_length=SHORT, widget=forms.Textarea)
    review_on = forms.DateField(
        label=gettext_lazy("Look again on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ReviewForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What you looked at, and what was decided"), max_length=SHORT, widget=forms.Textarea
    )


class SealedContactForm(forms.Form):
    """Whom to reach in a danger: everything is optional, in the person's own words."""

    town = forms.CharField(label=gettext_lazy("The town where you live"), required=False, max_length=80)
    phone = forms.CharField(
        label=gettext_lazy("A number where you answer"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    relative = forms.CharField(
        label=gettext_lazy("Someone close to you"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Their first name, and who they are for you. Tell them that you wrote it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relative_phone = forms.CharField(
        label=gettext_lazy("Their number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    @staticmethod
    def initial_of(contact: SealedContact | None) -> dict[str, str]:
        return {name: getattr(contact, name) for name in FIELDS} if contact is not None else {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in FIELDS):
            raise forms.ValidationError(_("Write at least one of these, or go back without writing anything."))
        return data


class OpeningForm(forms.Form):
    """Why the sealed contact must be opened; and whether there is no time to find a second person."""

    reason = forms.CharField(
        label=gettext_lazy("Why must it be opened?"),
        max_length=SHORT,
        widget=forms.Textarea,
        help_text=gettext_lazy("The person will read it afterwards."),
    )
    is_alone = forms.BooleanField(
        label=gettext_lazy("Imminent peril: I cannot wait for a second person"),
        required=False,
        help_text=gettext_lazy("It opens at once. A colleague looks at it with you tomorrow."),
    )


class ReportAnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"), choices=ReportOutcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=gettext_lazy("Your words to the person who reported"), max_length=600, widget=forms.Textarea
    )


class TalkForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("A word, if you wish"), required=False, max_length=SHORT, widget=forms.Textarea
    )


class MomentForm(forms.Form):
    """A day and an hour, joined into one moment of the local day."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label=gettext_lazy("Hour"), widget=forms.TimeInput(attrs={"type": "time"}))

    def moment(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class ShiftForm(forms.Form):
    """Who is on duty, from a day and hour to a day and hour."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    rank = forms.TypedChoiceField(
        label=gettext_lazy("Called"),
        coerce=int,
        choices=[(1, gettext_lazy("First")), (2, gettext_lazy("Second, if the first does not answer"))],
        initial=1,
    )
    phone = forms.CharField(
        label=gettext_lazy("Duty phone"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("The line of the duty, never a private number. The team sees it and rings it."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    rings_outside_hours = forms.BooleanField(
        label=gettext_lazy("This number is answered outside duty hours too"),
        required=False,
        help_text=gettext_lazy("Tick it only if the programme pays someone to answer."),
    )
    first_day = forms.DateField(label=gettext_lazy("From (day)"), widget=forms.DateInput(attrs={"type": "date"}))
    first_hour = forms.TimeField(label=gettext_lazy("From (hour)"), widget=forms.TimeInput(attrs={"type": "time"}))
    last_day = forms.DateField(label=gettext_lazy("To (day)"), widget=forms.DateInput(attrs={"type": "date"}))
    last_hour = forms.TimeField(label=gettext_lazy("To (hour)"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (key, f"{person.given_name} {person.family_name}".strip()) for key, person in self.people.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rings_outside_hours") and not data.get("phone"):
            self.add_error("phone", _("Write the number that is answered outside duty hours."))
        if {"first_day", "first_hour", "last_day", "last_hour"} <= data.keys():
            data["starts_at"] = _join(data["first_day"], data["first_hour"])
            data["ends_at"] = _join(data["last_day"], data["last_hour"])
            if data["ends_at"] <= data["starts_at"]:
                self.add_error("last_day", _("The end comes before the beginning."))
        return data

    def chosen(self) -> dict[str, Any]:
        """What `actions.duties.add_shift` takes."""
        data = self.cleaned_data
        return {
            "person": self.people[data["person"]],
            "rank": data["rank"],
            "starts_at": data["starts_at"],
            "ends_at": data["ends_at"],
            "phone": data["phone"],
            "rings_outside_hours": data["rings_outside_hours"],
        }


def _join(day: Any, hour: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class DutyHoursForm(forms.Form):
    """One line a day: from, to; both empty means nobody answers that day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            for side, label in (("starts", gettext_lazy("from")), ("ends", gettext_lazy("to"))):
                self.fields[f"{side}_{number}"] = forms.TimeField(
                    label=f"{name}, {label}", required=False, widget=forms.TimeInput(attrs={"type": "time"})
                )

    def days(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [(name, self[f"starts_{number}"], self[f"ends_{number}"]) for number, name in enumerate(WEEKDAYS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number, name in enumerate(WEEKDAYS):
            starts, ends = data.get(f"starts_{number}"), data.get(f"ends_{number}")
            if (starts is None) != (ends is None):
                self.add_error(f"ends_{number}", _("%(day)s: give both hours, or none.") % {"day": name})
            elif starts is not None and ends is not None and ends <= starts:
                self.add_error(f"ends_{number}", _("%(day)s: it ends before it starts.") % {"day": name})
        return data

    def hours(self) -> list[tuple[int, Any, Any]]:
        data = self.cleaned_data
        return [(n, data[f"starts_{n}"], data[f"ends_{n}"]) for n in range(7) if data.get(f"starts_{n}")]


class CrisisPathForm(forms.Form):
    steps = forms.CharField(
        label=gettext_lazy("What to do, step by step"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("One step a line: who does what, and whom they call next."),
    )
    phone = forms.CharField(label=gettext_lazy("Duty phone"), required=False, max_length=30)
    referent = forms.ChoiceField(label=gettext_lazy("Psychologist or doctor to call after 30 minutes"))
    head = forms.ChoiceField(label=gettext_lazy("Head of the programme, called after one hour"))

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choices = [(key, f"{person.given_name} {person.family_name}".strip()) for key, person in self.people.items()]
        self.fields["referent"].choices = choices  # type: ignore[attr-defined]
        self.fields["head"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What `actions.duties.write_crisis_path` takes."""
        data = self.cleaned_data
        return {
            "steps": data["steps"],
            "phone": data["phone"],
            "referent": self.people[data["referent"]],
            "head": self.people[data["head"]],
        }
