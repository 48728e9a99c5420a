"""What is asked of one profile: for each kind of proof, whether it is, and for how long it holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.peers.actions.requirements import LONGEST, Rule
from vecu.peers.enums import ClearanceKind


class RequirementsForm(forms.Form):
    def __init__(self, rules: list[Rule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in rules:
            label = ClearanceKind(rule.kind).label
            self.fields[rule.kind] = forms.BooleanField(label=label, required=False, initial=rule.is_asked)
            self.fields[f"{rule.kind}_months"] = forms.IntegerField(
                label=_("Valid for how many months"),
                required=False,
                initial=rule.valid_months,
                min_value=1,
                max_value=LONGEST,
                help_text=_("Empty when it does not end."),
            )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """For each kind, its two fields."""
        return [(self[kind], self[f"{kind}_months"]) for kind in ClearanceKind.values]

    @property
    def rules(self) -> list[Rule]:
        data = self.cleaned_data
        return [Rule(kind, data[kind], data[f"{kind}_months"]) for kind in ClearanceKind.values]
