"""The four questions of someone who asks for a peer, and the receipt by which they follow it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.accompaniment.enums import OWN_WORDS, AgeGroup, DayPart, RequestRole, Stage
from vecu.accompaniment.forms import fields
from vecu.peers import languages
from vecu.peers.enums import Channel, Relation
from vecu.peers.forms.reach import ReachForm
from vecu.people.enums import Gender

ONE_ANSWER = gettext_lazy("Choose one of these answers.")
GENDERS = [
    ("", gettext_lazy("No preference")),
    (Gender.WOMAN, gettext_lazy("A woman")),
    (Gender.MAN, gettext_lazy("A man")),
]


class StepForm(forms.Form):
    """One question. `answers()` is what the draft keeps; `from_answers` gives it back."""

    def answers(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    @classmethod
    def from_answers(cls, kept: dict[str, Any]) -> dict[str, Any]:
        return kept


class WhoForm(StepForm):
    asked_sometimes = frozenset({"relation"})

    role = forms.ChoiceField(
        label=gettext_lazy("Your situation"),
        choices=list(OWN_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": ONE_ANSWER, "invalid_choice": ONE_ANSWER},
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("If someone close to you is ill, you are their"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": ONE_ANSWER},
    )
    age_group = forms.ChoiceField(
        label=gettext_lazy("Your age"),
        choices=AgeGroup.choices,
        widget=forms.RadioSelect,
        error_messages={"required": ONE_ANSWER, "invalid_choice": ONE_ANSWER},
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("role") == RequestRole.RELATIVE and not told.get("relation") and "relation" not in self.errors:
            self.add_error("relation", ValidationError(_("Say who you are to the person who is ill."), code="relation"))
        if told.get("role") == RequestRole.PATIENT:
            told["relation"] = ""
        return told


class GuardianForm(forms.Form):
    agrees = forms.BooleanField(
        label=gettext_lazy("I hold parental authority, I am here, and I agree to this request."),
        error_messages={"required": gettext_lazy("Someone who holds parental authority has to agree before we go on.")},
    )


class StoryForm(StepForm):
    condition = fields.LineField(
        label=gettext_lazy("The illness or what you live with"),
        help_text=gettext_lazy("Type the first letters and choose, or simply write it your way."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "illnesses", "autocomplete": "off"}),
    )
    condition_code = fields.illness_field(label=gettext_lazy("Or choose in the whole list"))
    matters = fields.ticks((), label=gettext_lazy("What you would like to talk about"))
    stage = forms.ChoiceField(
        label=gettext_lazy("Where you are now"), choices=Stage.choices, widget=forms.RadioSelect, required=False
    )
    own_words = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("A sentence or two is plenty. Only the coordinators read it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Both lists are accepted: the first question may have been changed in another window meanwhile.
        self.fields["matters"].choices = fields.all_concerns()
        self.fields["matters"].widget.choices = fields.concerns_for(role)
        if role == RequestRole.RELATIVE:
            self.fields["condition"].label = _("The illness of the person close to you")
            self.fields["stage"].label = _("Where they are now")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        named = [told.get(name) for name in ("condition", "condition_code", "matters", "own_words")]
        if not any(named) and not self.errors:
            raise ValidationError(
                _("Tell us at least one thing: the illness, what you would like to talk about, or a few words."),
                code="nothing",
            )
        return told

    def answers(self) -> dict[str, Any]:
        told = self.cleaned_data
        code = told["condition_code"] or fields.find_illness(told["condition"])
        return {
            "condition": told["condition"],
            "condition_code": told["condition_code"],
            "conditions": [code] if code else [],
            "own_condition": told["condition"],
            "matters": told["matters"],
            "stage": told["stage"],
            "own_words": told["own_words"],
        }


class WishesForm(StepForm):
    channels = fields.ticks(Channel.choices, label=gettext_lazy("How you would like to talk"))
    times = fields.ticks(fields.TIMES, label=gettext_lazy("When you are rather free"))
    departement = fields.departement_field(label=gettext_lazy("Your département"))
    town = fields.LineField(label=gettext_lazy("Your town"), max_length=80, required=False)
    birth_year = fields.BirthYearField(
        label=gettext_lazy("Your year of birth"),
        help_text=gettext_lazy("To look for someone near your age."),
        required=False,
    )
    near_my_age = forms.BooleanField(label=gettext_lazy("Someone near my age"), required=False)
    gender = forms.ChoiceField(
        label=gettext_lazy("You would rather talk with"), choices=GENDERS, widget=forms.RadioSelect, required=False
    )
    not_same_town = forms.BooleanField(label=gettext_lazy("Not someone from my town"), required=False)
    not_same_site = forms.BooleanField(label=gettext_lazy("Not someone from my hospital"), required=False)
    site = forms.ChoiceField(label=gettext_lazy("Where you are treated"), required=False)
    language = fields.language_field(label=gettext_lazy("The language in which you would like to talk"))

    FOLDED = ("birth_year", "near_my_age", "gender", "not_same_town", "not_same_site", "site", "language")

    def __init__(self, *args: Any, sites: Iterable[tuple[Any, str]], age_group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.age_group = age_group
        self.fields["site"].choices = [("", _("Elsewhere, or I would rather not say")), *sites]

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        fields.check_age(year, self.age_group)
        return year

    @property
    def is_unfolded(self) -> bool:
        """Whether the folded wishes must be seen: something there was answered or has to be mended."""
        told = self.data if self.is_bound else self.initial
        usual = (None, "", False, [], languages.USUAL)
        return any(name in self.errors for name in self.FOLDED) or any(
            told.get(name) not in usual for name in self.FOLDED
        )

    def answers(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["slots"] = fields.slots_of(told["times"])
        told["languages"] = [told["language"] or languages.USUAL]
        return told


class ContactForm(ReachForm, StepForm):
    call_parts = fields.ticks(DayPart.choices, label=gettext_lazy("When may we call you?"))
    texts = forms.CharField(widget=forms.HiddenInput, required=False)
    agrees_contact = forms.BooleanField(
        label=gettext_lazy("I agree to be contacted and put in touch with a peer."),
        error_messages={"required": gettext_lazy("Without your agreement we may not contact you.")},
    )
    agrees_keeping = forms.BooleanField(
        label=gettext_lazy("I agree that my answers are kept while I am followed."),
        error_messages={"required": gettext_lazy("Without your agreement we may not keep your answers.")},
    )

    def __init__(self, *args: Any, texts: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts_in_force = texts
        self.initial["texts"] = texts

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("texts") != self.texts_in_force:
            self.data = self.data.copy()
            self.data["texts"] = self.texts_in_force
            raise ValidationError(
                _("The text of the agreement changed while you were answering. Read it again, then go on."),
                code="texts",
            )
        return told

    @classmethod
    def from_answers(cls, kept: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in kept.items() if name != "texts"}


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Your follow-up code"),
        help_text=gettext_lazy("Sixteen digits, given when you sent your request."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the sixteen digits of your code.")},
    )
