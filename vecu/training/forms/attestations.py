"""Renewing, withdrawing, checking an attestation; sending a diploma and deciding about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.core.images import MAX_BYTES
from vecu.peers.forms.inputs import DayField
from vecu.training.enums import Qualification, RevocationReason


class CheckForm(forms.Form):
    """The code at the foot of an attestation."""

    code = forms.CharField(
        label=_("Code written on the attestation"), max_length=40, help_text=_("Sixteen letters and figures.")
    )


class RenewForm(forms.Form):
    completed_on = DayField(label=_("Refreshed on"), help_text=_("The day from which the new attestation counts."))


class RevokeForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=RevocationReason.choices,
        widget=forms.RadioSelect,
        help_text=_("Kept here. Whoever checks the code only reads that it was withdrawn."),
    )


class EquivalenceForm(forms.Form):
    diploma = forms.CharField(label=_("Which diploma or training?"), max_length=200)
    qualification = forms.ChoiceField(
        label=_("In place of which training?"),
        choices=[choice for choice in Qualification.choices if choice[0] != Qualification.NONE],
    )
    obtained_on = DayField(label=_("Obtained on"))
    file = forms.FileField(
        label=_("A photo or a PDF of it"),
        help_text=_("10 MB at most. Only the team sees it; what the file says of its author is removed."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("This file is over 10 MB. Send a lighter one, or a photo of the page."))
        return file


class DecisionForm(forms.Form):
    answer = forms.CharField(
        label=_("One sentence for the person"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it. Needed when you say no."),
    )
