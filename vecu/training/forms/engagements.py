"""A letter of thanks, and what goes into a portfolio."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.people.records import Chapter, Record

CHAPTERS = {
    Chapter.ENGAGEMENT: _("My engagement"),
    Chapter.ACCOMPANIMENT: _("People accompanied"),
    Chapter.GROUPS: _("Groups and meetings"),
    Chapter.TRAINING: _("Trainings"),
}


class ThanksForm(forms.Form):
    letter = forms.CharField(
        label=_("Your letter"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("In your own words. Name nobody they followed, and say nothing of their health."),
    )


class PortfolioForm(forms.Form):
    """Line by line: what is shown, and whether codes by which it can be checked are."""

    def __init__(self, records: Iterable[Record], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.records = list(records)
        for chapter in Chapter:
            lines = [record for record in self.records if record.chapter == chapter]
            if lines:
                self.fields[chapter.name.lower()] = forms.MultipleChoiceField(
                    label=CHAPTERS[chapter],
                    choices=[(one.key, " – ".join(filter(None, (one.what, one.detail)))) for one in lines],
                    initial=[one.key for one in lines],
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
        self.fields["with_proofs"] = forms.BooleanField(
            label=_("With the codes by which each attestation is checked"), required=False, initial=True
        )

    @property
    def chapters(self) -> list[tuple[str, list[Record]]]:
        """What was ticked, in the order of the paper."""
        kept = {key for value in self.cleaned_data.values() if isinstance(value, list) for key in value}
        found = []
        for chapter in Chapter:
            lines = [one for one in self.records if one.chapter == chapter and one.key in kept]
            if lines:
                found.append((str(CHAPTERS[chapter]), lines))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(isinstance(value, list) and value for value in data.values()):
            raise forms.ValidationError(_("Tick at least one line."))
        return data
