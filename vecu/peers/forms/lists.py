"""The filters of the list, and the file of an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.core import spreadsheet
from vecu.peers import territory


class PeerSearchForm(forms.Form):
    """By exact name, by pseudonym, or by what was lived through."""

    q = forms.CharField(label=_("First and last name, or an experience"), max_length=100, required=False)
    where = forms.CharField(
        label=_("Département or postcode"), max_length=8, required=False, widget=forms.TextInput(attrs={"size": "8"})
    )

    def clean_where(self) -> str:
        typed = self.cleaned_data["where"]
        found = territory.of_postcode(typed)
        if typed and not found:
            raise forms.ValidationError(_("Write its number or a postcode, for instance 44."))
        return found


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("The spreadsheet"),
        help_text=_("A .xlsx, .ods or .csv file of 5 MB at most, made from the model below."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={"empty": _("This file is empty."), "required": _("Choose the file to read.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > spreadsheet.MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 5 MB. Keep only the sheet to import, then send it again."), "too_big"
            )
        return file
