"""Fields several forms of this area share: they mend what can be mended and say plainly what cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.accompaniment.enums import AgeGroup, RequestRole
from vecu.accompaniment.forms.widgets import ListSelect
from vecu.peers import languages, terms, territory
from vecu.peers.enums import Slot, TermKind

OLDEST = 115
FARTHEST = timedelta(days=730)

# What people most often want to talk about, in their order of mention; codes of the maintained list.
PATIENT_CONCERNS = (
    *("annonce", "pendant_traitement", "fatigue", "douleurs", "travail", "argent", "image_corps", "sexualite"),
    *("en_couple", "parent_jeunes_enfants", "parler_maladie", "anxiete_recidive", "moral_bas", "avant_operation"),
    *("retour_maison", "vivre_longtemps"),
)
RELATIVE_CONCERNS = (
    *("annonce", "pendant_traitement", "aidant_travail", "fatigue", "en_couple", "parler_maladie", "argent"),
    *("moral_bas", "retour_maison", "maladie_avancee", "soins_palliatifs", "deuil"),
)
WARD_CONCERNS = (
    *("annonce", "avant_operation", "pendant_traitement", "fatigue", "image_corps", "travail", "en_couple"),
    *("parent_jeunes_enfants", "anxiete_recidive", "retour_maison"),
)
TIMES: tuple[tuple[str, Any], ...] = (
    ("week_am", gettext_lazy("On weekdays, in the morning")),
    ("week_pm", gettext_lazy("On weekdays, in the afternoon")),
    ("week_ev", gettext_lazy("On weekdays, in the early evening")),
    ("sat", gettext_lazy("On Saturday")),
    ("sun", gettext_lazy("On Sunday")),
)


class LineField(forms.CharField):
    """One line of text: spaces, tabs and line breaks in a row become one space."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class PhoneField(LineField):
    """A phone number as people write it; kept in groups of two digits, or as typed when it is foreign."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        digits = re.sub(r"\D", "", typed)
        if not re.fullmatch(r"[\d\s.+()/-]+", typed) or not 6 <= len(digits) <= 15:
            raise ValidationError(_("Write the number with its ten digits, for example 01 99 00 12 34."), code="phone")
        if typed.lstrip().startswith(("+33", "0033")):
            digits = "0" + digits.removeprefix("00").removeprefix("33").removeprefix("0")
        elif typed.lstrip().startswith("+"):
            return f"+{digits}"
        return " ".join(re.findall(r"\d{1,2}", digits)) if len(digits) == 10 else digits


class BirthYearField(forms.IntegerField):
    """A year of birth, four digits; optional everywhere."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        try:
            year = super().clean(value)
        except ValidationError as error:
            raise ValidationError(self._sentence(), code="year") from error
        if year is not None and not this_year() - OLDEST <= year <= this_year():
            raise ValidationError(self._sentence(), code="year")
        return None if year is None else int(year)

    def _sentence(self) -> str:
        return _("Write a year of birth in four digits, for example 1968, or leave it empty.")


class FixedDateField(forms.DateField):
    """A day to come before which the exchange should have begun; `kept` is the day written before, always accepted."""

    kept: date | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("error_messages", {})["invalid"] = gettext_lazy("Write the day like this: 04/12/2026.")
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        today = timezone.localdate()
        if day is not None and day != self.kept and not today <= day <= today + FARTHEST:
            raise ValidationError(_("This day is past, or too far away. Check the year."), code="day")
        return None if day is None else date(day.year, day.month, day.day)


def this_year() -> int:
    return timezone.localdate().year


def concerns_for(role: str) -> list[tuple[str, str]]:
    """The cards shown to a patient or to a relative."""
    codes = RELATIVE_CONCERNS if role == RequestRole.RELATIVE else PATIENT_CONCERNS
    return [(code, terms.label(code)) for code in codes]


def all_concerns() -> list[tuple[str, str]]:
    """Both lists, without a double, for whoever enters a request for someone else."""
    return [(code, terms.label(code)) for code in dict.fromkeys((*PATIENT_CONCERNS, *RELATIVE_CONCERNS))]


def ward_concerns() -> list[tuple[str, str]]:
    return [(code, terms.label(code)) for code in WARD_CONCERNS]


def illness_codes() -> list[tuple[str, str]]:
    return [("", "—"), *terms.choices(TermKind.ILLNESS)]


def departement_codes() -> list[tuple[str, str]]:
    return [("", "—"), *territory.choices()]


def illness_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=illness_codes, widget=ListSelect("illnesses"), required=False, **kwargs)


def departement_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=departement_codes, widget=ListSelect("departements"), required=False, **kwargs)


def language_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=languages.choices, widget=ListSelect("languages"), required=False, **kwargs)


def ticks(choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)


def find_illness(typed: str) -> str:
    """The code of what was typed when it can mean one thing only, else nothing: own words are always kept."""
    exact = terms.named(typed)
    if exact is not None:
        return exact.code if exact.kind == TermKind.ILLNESS else ""
    found = terms.search(typed, TermKind.ILLNESS, limit=2)
    return found[0].code if len(found) == 1 else ""


def slots_of(times: Iterable[str]) -> list[str]:
    """Half-days of a usual week, from the few lines people tick."""
    chosen = set(times)
    slots = []
    for slot in Slot.values:
        day, part = slot.split("_")
        line = day if day in ("sat", "sun") else f"week_{part}"
        if line in chosen:
            slots.append(slot)
    return slots


def times_of(slots: Iterable[str]) -> list[str]:
    """The lines whose half-days are all given; the others are shown one by one."""
    given = set(slots)
    return [line for line, _label in TIMES if set(slots_of([line])) <= given]


def check_age(birth_year: int | None, age_group: str) -> None:
    """The year and the answer of the first question must be able to be true together."""
    if birth_year is None or not age_group:
        return
    oldest = this_year() - birth_year
    possible = {
        AgeGroup.ADULT: oldest >= 18,
        AgeGroup.YOUNG: 15 <= oldest <= 18,
        AgeGroup.CHILD: oldest <= 15,
    }
    if not possible[AgeGroup(age_group)]:
        raise ValidationError(
            _("This year does not go with the age given at the first question. Check one or the other."), code="age"
        )
