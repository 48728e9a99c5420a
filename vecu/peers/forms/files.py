"""Small forms of a peer's file: pause, absence, limit, proofs, conventions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.peers.enums import ClearanceKind, ExemptionReason
from vecu.peers.forms.inputs import DayField

MOST_PAIRS = 20


class PauseForm(forms.Form):
    until = DayField(label=_("I come back on"), required=False, help_text=_("Leave it empty if you do not know yet."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tomorrow = timezone.localdate() + timedelta(days=1)
        self.fields["until"].widget.attrs["min"] = tomorrow.isoformat()


class AbsenceForm(forms.Form):
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day comes before the first one."))
        return data


class RaiseLimitForm(forms.Form):
    max_pairs = forms.IntegerField(label=_("People at the same time, at most"), min_value=1, max_value=MOST_PAIRS)
    reason = forms.CharField(
        label=_("Why, and how they agreed"),
        max_length=300,
        help_text=_("Kept in the journal, and the referring psychologist is told."),
    )


PRESENCE = _("Presence in groups is counted from the agenda: only an exemption is written here.")


class ClearanceForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=ClearanceKind.choices, help_text=PRESENCE)
    obtained_on = DayField(label=_("Since"))
    expires_on = DayField(
        label=_("Until"), required=False, help_text=_("Empty when it does not end, or ends as your requirements say.")
    )
    exemption = forms.ChoiceField(
        label=_("Or exempted, because"), required=False, choices=[("", _("Not exempted")), *ExemptionReason.choices]
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("obtained_on") and data.get("expires_on") and data["expires_on"] < data["obtained_on"]:
            self.add_error("expires_on", _("It ends before it starts."))
        return data
