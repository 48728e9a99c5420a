"""One rule for the phone of somebody who is to be called, whoever types it: a number too short reaches nobody."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from vecu.accompaniment.forms.asking import ContactForm
from vecu.accompaniment.forms.programmes import ProgrammeForm
from vecu.accompaniment.forms.requests import AddForm, RequestForm, WardForm

SENTENCE = "Écrivez le numéro avec ses dix chiffres, par exemple 01\u00a099\u00a000\u00a012\u00a034."
FORMS: list[type[forms.Form]] = [ContactForm, WardForm, RequestForm, AddForm]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "typed",
    [
        "06123456",
        "019900",
        "199001234",
        "01 99 00 12 34 5",
        "+33 1 99 00",
        "+32 123",
        "+33",
        "²²²",
        "٠١٩٩٠٠١٢٣٤",
        "++33199001234",
    ],
)
def test_a_number_nobody_can_call_is_refused(form: type[forms.Form], typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        form.base_fields["phone"].clean(typed)
    assert [sentence.replace(" ", "\u00a0") for sentence in refusal.value.messages] == [SENTENCE.replace(" ", "\u00a0")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0199001234", "01 99 00 12 34"),
        ("01.99.00.12.34", "01 99 00 12 34"),
        ("+33 (0)1 99 00 12 34", "01 99 00 12 34"),
        ("0033199001234", "01 99 00 12 34"),
        ("01\u201199\u201100\u201112\u201134", "01 99 00 12 34"),
        ("\u202a01 99 00 12 34\u202c", "01 99 00 12 34"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+32 2 555 12 12", "+3225551212"),
        ("00 32 2 555 12 12", "003225551212"),
    ],
)
def test_a_number_is_taken_as_people_write_it(form: type[forms.Form], typed: str, kept: str) -> None:
    assert form.base_fields["phone"].clean(typed) == kept


def test_the_line_of_a_service_may_be_short() -> None:
    assert ProgrammeForm.base_fields["phone"].clean("116 117") == "116117"
    assert ProgrammeForm.base_fields["phone"].clean("01 99 00 12 34") == "01 99 00 12 34"
