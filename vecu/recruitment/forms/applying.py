"""The six short pages of someone who would like to help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vecu.peers.enums import Channel, PeerKind, Profile, Relation
from vecu.peers.forms import choices
from vecu.peers.forms.inputs import LineField
from vecu.peers.forms.reach import ReachForm
from vecu.recruitment.enums import Hindsight

ONE_ANSWER = gettext_lazy("Choose one of these answers.")
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
KINDS = [
    (PeerKind.PATIENT, gettext_lazy("I am ill, or I was")),
    (PeerKind.RELATIVE, gettext_lazy("Someone close to me is ill, or was")),
]
RHYTHMS = [
    ("weekly", gettext_lazy("A few hours a week")),
    ("monthly", gettext_lazy("Half a day a month, or a little more")),
    ("less", gettext_lazy("Less than half a day a month")),
    ("unknown", gettext_lazy("I do not know yet")),
]
MEMBERSHIPS = [
    ("member", gettext_lazy("I belong to an association")),
    ("ready", gettext_lazy("Not yet, but I would join one")),
    ("no", gettext_lazy("No, and I would rather not")),
]
CONFLICTS = [("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes")), ("unsure", gettext_lazy("I am not sure"))]
CHARTERS = [
    ("yes", gettext_lazy("Yes, I agree")),
    ("first", gettext_lazy("I would like to read it first")),
    ("no", gettext_lazy("No")),
]
PARTS = [
    ("morning", gettext_lazy("In the morning")),
    ("afternoon", gettext_lazy("In the afternoon")),
    ("evening", gettext_lazy("In the early evening")),
]
HEARD = [
    ("", gettext_lazy("I would rather not say")),
    ("carer", gettext_lazy("A carer")),
    ("peer", gettext_lazy("A patient partner")),
    ("association", gettext_lazy("An association")),
    ("poster", gettext_lazy("A poster or a leaflet")),
    ("internet", gettext_lazy("Internet")),
    ("other", pgettext_lazy("heard of it", "Another way")),
]
# What each role asks besides.
SPECIFIC: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
    Profile.WITNESS: (
        gettext_lazy("Have you already spoken of it before a group?"),
        [*YES_NO, ("alone", gettext_lazy("Only with people I know"))],
    ),
    Profile.EDUCATOR: (gettext_lazy("Have you followed the 40 hours of training in patient education?"), YES_NO),
    Profile.STANDARDISED: (
        gettext_lazy("Would you play a story that is not yours?"),
        [*YES_NO, ("try", gettext_lazy("I would like to try"))],
    ),
    Profile.VOICE: (
        gettext_lazy("Under which name would you speak?"),
        [
            ("own", gettext_lazy("My first name")),
            ("other", gettext_lazy("Another first name")),
            ("unknown", gettext_lazy("I do not know yet")),
        ],
    ),
}


def one_of(options: Any, **kwargs: Any) -> forms.ChoiceField:
    """A question with one answer, as cards."""
    words = {"required": ONE_ANSWER, "invalid_choice": ONE_ANSWER}
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect, error_messages=words, **kwargs)


class PageForm(forms.Form):
    """One page. `answers()` is what the draft keeps."""

    def __init__(self, *args: Any, profile: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile

    def answers(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class YouForm(PageForm):
    kind = one_of(KINDS, label=gettext_lazy("Your experience"))
    relation = one_of(
        Relation.choices, label=gettext_lazy("If someone close to you is ill, you are their"), required=False
    )
    is_adult = one_of(YES_NO, label=gettext_lazy("Are you 18 or over?"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") == PeerKind.RELATIVE and not told.get("relation") and "relation" not in self.errors:
            self.add_error("relation", ValidationError(_("Say who you are to the person who is ill."), code="relation"))
        if told.get("kind") == PeerKind.PATIENT:
            told["relation"] = ""
        return told


class LivedForm(PageForm):
    condition = LineField(
        label=gettext_lazy("The illness or what you live with"),
        help_text=gettext_lazy("Type the first letters and choose, or simply write it your way."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "illnesses", "autocomplete": "off"}),
    )
    hindsight = one_of(
        Hindsight.choices,
        label=gettext_lazy("How long since the end of treatment, or since things are stable?"),
        required=False,
    )

    def answers(self) -> dict[str, Any]:
        code = choices.find_lived(self.cleaned_data["condition"])
        return {**self.cleaned_data, "conditions": [code] if code else []}


class OfferForm(PageForm):
    rhythm = one_of(RHYTHMS, label=gettext_lazy("How much time could you give?"))
    times = choices.ticks(choices.TIMES, label=gettext_lazy("When you are rather free"))
    specific = one_of(YES_NO, required=False)
    channels = choices.ticks(Channel.choices, label=gettext_lazy("How you would like to talk"))
    departement = choices.departement_field(label=gettext_lazy("Your département"))
    language = choices.language_field(label=gettext_lazy("A language you speak well, besides French"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.profile != Profile.COMPANION:
            del self.fields["channels"]
        if self.profile in SPECIFIC:
            self.fields["specific"].label, self.fields["specific"].choices = SPECIFIC[self.profile]
        else:
            del self.fields["specific"]

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "slots": choices.slots_of(self.cleaned_data["times"])}


class WordsForm(PageForm):
    motivation = forms.CharField(
        label=gettext_lazy("What makes you wish to help?"),
        help_text=gettext_lazy("A few lines are plenty."),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write a few words, even one line: we begin from there.")},
    )
    silences = forms.CharField(
        label=gettext_lazy("What I do not want to talk about"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    limits = forms.CharField(
        label=gettext_lazy("My limits: what would be too much for me"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RulesForm(PageForm):
    membership = one_of(MEMBERSHIPS, label=gettext_lazy("Do you belong to an association of patients or volunteers?"))
    conflict = one_of(
        CONFLICTS,
        label=gettext_lazy("Do you work in a care unit, or for a firm that sells medicines or devices?"),
    )
    charter = one_of(
        CHARTERS,
        label=gettext_lazy(
            "A charter is read and signed before beginning: discretion, no advice on treatment, respect."
        ),
    )
    heard = forms.ChoiceField(label=gettext_lazy("How did you hear of us?"), choices=HEARD, required=False)


class ContactForm(ReachForm, PageForm):
    family_name = LineField(label=gettext_lazy("Your last name"), max_length=60, required=False)
    birth_year = forms.IntegerField(
        label=gettext_lazy("Your year of birth"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}),
        min_value=1900,
        max_value=2100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Write a year of birth in four digits, for example 1968, or leave it empty."),
        ),
    )
    call_parts = choices.ticks(PARTS, label=gettext_lazy("When may we call you?"))
    agrees = forms.BooleanField(
        label=gettext_lazy("I agree that my application is kept and read to answer me, twelve months at most."),
        error_messages={"required": gettext_lazy("Without your agreement we may not keep your application.")},
    )

    field_order = ("given_name", "family_name", "phone", "email", "has_shared_mailbox", "call_parts", "birth_year")


PAGES: dict[str, type[PageForm]] = {
    "you": YouForm,
    "lived": LivedForm,
    "offer": OfferForm,
    "words": WordsForm,
    "rules": RulesForm,
    "contact": ContactForm,
}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("Sixteen digits, shown when you stopped or when you sent your application."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the sixteen digits of your code.")},
    )
