"""What is asked of one profile: for each kind of proof, whether it is, and for how long it holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.peers.actions.requirements import LONGEST, MOST_ASKED, USUAL_MONTHS, Rule
from vecu.peers.enums import ClearanceKind, Unit


class RequirementsForm(forms.Form):
    def __init__(self, rules: list[Rule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in rules:
            self.fields[rule.kind] = forms.BooleanField(label=rule.label, required=False, initial=rule.is_asked)
            if rule.is_of_presence:
                self._ask_presence(rule)
            else:
                words = _("Valid for how many months"), _("Empty when it does not end.")
                self.fields[f"{rule.kind}_months"] = _number(*words, rule.valid_months, LONGEST)

    def _ask_presence(self, rule: Rule) -> None:
        """At least so many, in so many months."""
        amount = _number(_("At least how many"), "", rule.amount, MOST_ASKED)
        unit = forms.ChoiceField(
            label=_("Counted in"), choices=Unit.choices, required=False, initial=rule.unit or Unit.SESSIONS
        )
        words = _("In the last how many months"), _("Each must have been within these months. Twelve, if left empty.")
        self.fields[f"{rule.kind}_amount"], self.fields[f"{rule.kind}_unit"] = amount, unit
        self.fields[f"{rule.kind}_months"] = _number(*words, rule.valid_months or USUAL_MONTHS, LONGEST)

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """For each kind, whether it is asked, and what goes with it."""
        names = {kind: [f"{kind}_amount", f"{kind}_unit", f"{kind}_months"] for kind in ClearanceKind.values}
        return [(self[kind], [self[name] for name in names[kind] if name in self.fields]) for kind in names]

    @property
    def rules(self) -> list[Rule]:
        data = self.cleaned_data
        return [
            Rule(kind, data[kind], data[f"{kind}_months"], data.get(f"{kind}_amount"), data.get(f"{kind}_unit", ""))
            for kind in ClearanceKind.values
        ]


def _number(label: Any, help_text: Any, initial: int | None, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, initial=initial, min_value=1, max_value=most, help_text=help_text
    )
