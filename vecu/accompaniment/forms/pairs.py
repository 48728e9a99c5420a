"""Forms of proposals, contacts, follow-ups and endings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.accompaniment.actions.closing import NOT_PICKED
from vecu.accompaniment.actions.evaluations import WORD_LENGTH
from vecu.accompaniment.enums import (
    FIVE,
    QUESTIONS,
    ChoiceReason,
    Duration,
    EvaluationSide,
    Feeling,
    FollowUpOutcome,
    PairClosing,
    Theme,
    Told,
)
from vecu.peers.enums import Channel
from vecu.safeguarding.enums import Danger

LONGEST_CALL_AHEAD = timedelta(days=183)


class ChoiceForm(forms.Form):
    """Why not the first suggested; and why this one, who carries as much as they accept: shown only then."""

    asked_sometimes = frozenset({"load_reason"})

    choice_reason = forms.ChoiceField(
        label=gettext_lazy("Why this peer rather than the first one?"), widget=forms.RadioSelect
    )

    load_reason = forms.CharField(
        label=gettext_lazy("Why ask them all the same?"),
        help_text=gettext_lazy("They read it before answering, and the psychologist is told."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, is_first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice_reason"]
        field.choices = ChoiceReason.by_hand()  # type: ignore[attr-defined]
        field.required = not is_first


class ContactForm(forms.Form):
    """Twenty seconds: everything has an answer already but the face."""

    feeling = forms.ChoiceField(
        label=gettext_lazy("How did it go for you?"), choices=Feeling.choices, widget=forms.RadioSelect
    )
    happened_on = forms.DateField(
        label=gettext_lazy("Which day?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    channel = forms.ChoiceField(label=gettext_lazy("How?"), choices=Channel.choices, widget=forms.RadioSelect)
    duration = forms.ChoiceField(label=gettext_lazy("How long?"), choices=Duration.choices, widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("What was it about?"),
        choices=Theme.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Tick only. Never what was said."),
    )
    needs_support = forms.BooleanField(
        label=gettext_lazy("I need to talk about it"),
        required=False,
        help_text=gettext_lazy("The psychologist is told at once, and answers with a moment to call you."),
    )
    refers_back = forms.BooleanField(
        label=gettext_lazy("The person agrees that the care team takes something up"), required=False
    )


class FollowUpForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How does it go?"), choices=FollowUpOutcome.choices, widget=forms.RadioSelect
    )


class ToldForm(forms.Form):
    """Who was told, by a human."""

    told = forms.MultipleChoiceField(
        label=gettext_lazy("Who have you told?"),
        choices=Told.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class CloseForm(ToldForm):
    closing = forms.ChoiceField(label=gettext_lazy("Why does it end?"), widget=forms.RadioSelect)
    looks_again = forms.BooleanField(
        label=gettext_lazy("The person would like to talk with someone else"),
        required=False,
        help_text=gettext_lazy("Their request goes back to those to match, never with this peer."),
    )
    field_order = ("closing", "looks_again", "told")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hidden = {*NOT_PICKED, PairClosing.DEATH}
        choices = [(value, label) for value, label in PairClosing.choices if value not in hidden]
        self.fields["closing"].choices = choices  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """When the coordinator joins the two on the phone."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "day" in cleaned and "hour" in cleaned:
            moment = timezone.make_aware(datetime.combine(cleaned["day"], cleaned["hour"]))
            now = timezone.now()
            if not now < moment < now + LONGEST_CALL_AHEAD:
                raise ValidationError(_("Choose a moment between now and six months from now."), code="moment")
            cleaned["call_at"] = moment
        return cleaned


class WorryForm(forms.Form):
    """The two questions of « Je m’inquiète pour cette personne »."""

    danger = forms.ChoiceField(
        label=gettext_lazy("Is there immediate danger?"), choices=Danger.choices, widget=forms.RadioSelect
    )
    where = forms.CharField(
        label=gettext_lazy("Where is the person, if you know?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class EvaluationForm(forms.Form):
    """Three questions; any may be left out."""

    first = forms.TypedChoiceField(choices=FIVE, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect)
    second = forms.TypedChoiceField(
        choices=FIVE, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    third = forms.TypedChoiceField(choices=FIVE, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect)
    word = forms.CharField(
        label=gettext_lazy("A word, if you wish"),
        required=False,
        max_length=WORD_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Read by the coordinator. Neither names nor health details."),
    )

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in zip(("first", "second", "third"), QUESTIONS[EvaluationSide(side)], strict=True):
            self.fields[name].label = label
