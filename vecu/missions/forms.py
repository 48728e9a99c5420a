"""Six answers for a ward, a faculty or a laboratory; the same for a coordinator on the phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.missions.enums import Pay, Purpose
from vecu.peers import terms
from vecu.peers.enums import PeerKind
from vecu.peers.forms.inputs import DayField, LineField, PhoneField


def _codes() -> list[tuple[str, str]]:
    return [("", _("Whatever was lived")), *terms.choices()]


class MissionForm(forms.Form):
    purpose = forms.ChoiceField(
        label=gettext_lazy("What is it for?"), choices=Purpose.choices, widget=forms.RadioSelect
    )
    wanted = forms.IntegerField(label=gettext_lazy("How many people?"), min_value=1, max_value=30)
    code = forms.ChoiceField(label=gettext_lazy("Which experience?"), choices=_codes, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Lived as"), choices=PeerKind.choices)
    day = DayField(label=gettext_lazy("Which day?"))
    begins = forms.TimeField(
        label=gettext_lazy("From what time?"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=gettext_lazy("To what time?"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = LineField(label=gettext_lazy("Where?"), max_length=120)
    pay = forms.ChoiceField(label=gettext_lazy("Paid or not"), choices=Pay.choices)
    words = forms.CharField(
        label=gettext_lazy("What will be asked of them"),
        help_text=gettext_lazy("Read by the coordinator and by those who are asked."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    asker = LineField(label=gettext_lazy("Your name, and for whom you ask"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Your e-mail"), required=False)
    phone = PhoneField(label=gettext_lazy("Your phone"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not (told.get("email") or told.get("phone")):
            self.add_error("email", _("Leave an e-mail address or a phone number: you are always answered."))
        if told.get("begins") and told.get("ends") and told["ends"] <= told["begins"]:
            self.add_error("ends", _("It ends before it starts."))
        return told

    def told(self) -> dict[str, Any]:
        """What the action takes: moments of that day, here."""
        given = dict(self.cleaned_data)
        day, begins, ends = given.pop("day"), given.pop("begins"), given.pop("ends")
        moments = (timezone.make_aware(datetime.combine(day, hour)) for hour in (begins, ends))
        return {**given, **dict(zip(("starts_at", "ends_at"), moments, strict=True))}


class DoorForm(forms.Form):
    label = LineField(label=gettext_lazy("Whose link is it?"), max_length=120)


class PickForm(forms.Form):
    """Who is ticked; a reason when one of them carries as much as they accept."""

    people = forms.MultipleChoiceField(
        choices=[],
        error_messages={
            "required": gettext_lazy("Tick at least one person."),
            "invalid_choice": gettext_lazy("The list has changed meanwhile. Look at it again."),
        },
    )
    load_reason = forms.CharField(
        label=gettext_lazy("Why ask those who already carry as much as they accept?"),
        help_text=gettext_lazy("They read it before answering, and the psychologist is told."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, people: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(key, key) for key in people]

    @property
    def ticked(self) -> frozenset[str]:
        """Everybody ticked, to be ticked again beside what is wrong."""
        return frozenset(self.data.getlist("people")) if self.is_bound else frozenset()
