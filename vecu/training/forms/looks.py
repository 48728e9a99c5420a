"""One answer a line: where someone stands, and what trainees think of a course."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.training.actions.reviews import LONGEST_WORDS
from vecu.training.enums import Agreement, Level, Question
from vecu.training.models import Criterion


class LevelsForm(forms.Form):
    """A level in words for each thing looked at."""

    def __init__(self, criteria: Iterable[Criterion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in criteria:
            self.fields[str(one.pk)] = _one_of(one.title, Level.choices)

    @property
    def levels(self) -> dict[str, str]:
        return dict(self.cleaned_data)


class ReviewForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in Question:
            self.fields[question.value] = _one_of(question.label, Agreement.choices)
        self.fields["words"] = forms.CharField(
            label=_("What helped most, or what you would change"),
            required=False,
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Kept apart from your other answers. Name nobody, and nothing by which you would be known."),
        )

    @property
    def answers(self) -> dict[str, str]:
        return {question.value: self.cleaned_data[question.value] for question in Question}


def _one_of(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
