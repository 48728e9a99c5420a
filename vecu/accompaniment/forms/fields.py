"""Fields several forms of this area share: they mend what can be mended and say plainly what cannot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.accompaniment.enums import AgeGroup, RequestRole
from vecu.peers import terms
from vecu.peers.forms.choices import TIMES as TIMES
from vecu.peers.forms.choices import departement_field as departement_field
from vecu.peers.forms.choices import find_illness as find_illness
from vecu.peers.forms.choices import illness_field as illness_field
from vecu.peers.forms.choices import language_field as language_field
from vecu.peers.forms.choices import slots_of as slots_of
from vecu.peers.forms.choices import ticks as ticks
from vecu.peers.forms.choices import times_of as times_of
from vecu.peers.forms.inputs import LineField as LineField
from vecu.peers.forms.inputs import PhoneField as PhoneField

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
