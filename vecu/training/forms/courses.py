"""A course with its modules, and a line of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.training.enums import KnownKind, Qualification
from vecu.training.forms.inputs import LengthField, read_minutes
from vecu.training.hours import say_minutes
from vecu.training.models import Course, KnownCourse

LONGEST_VALIDITY = 120


class ModulesField(forms.CharField):
    """One module a line: « Écouter sans conseiller ; 3 h 30 »."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), max_length=8000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{title} ; {say_minutes(minutes)}" for title, minutes in value)

    def clean(self, value: Any) -> list[tuple[str, int]]:
        found = []
        for line in filter(None, (line.strip() for line in super().clean(value).splitlines())):
            title, _mark, length = line.rpartition(";")
            minutes = read_minutes(length)
            if not title.strip() or not minutes or len(title) > 160:
                raise forms.ValidationError(
                    _("“%(line)s”: write a title, a semicolon, then a length such as “3 h 30”."),
                    params={"line": line[:80]},
                )
            found.append((title.strip(), minutes))
        return found


class LinesField(forms.CharField):
    """One thing a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), max_length=4000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class CourseForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    organiser = forms.CharField(label=_("Who organises it"), max_length=120, help_text=_("As the attestation says it."))
    qualification = forms.ChoiceField(label=_("What it gives"), choices=Qualification.choices)
    minutes = LengthField(label=_("Length"), help_text=_("For instance 40 h."))
    online_minutes = LengthField(
        label=_("Online, at most"),
        required=False,
        help_text=_(
            "How much of this length may be modules followed online to their end. Empty: they help, and do not count. "
            "Whoever recognises the course may want it to be said."
        ),
    )
    modules = ModulesField(
        label=_("Modules"),
        required=False,
        help_text=_("One a line: a title, a semicolon, a length. They must add up to the length of the course."),
    )
    criteria = LinesField(
        label=_("What trainees learn to do"),
        help_text=_("One a line, such as “Listen without advising”. They and their assessors look at these, in words."),
    )
    validity_months = forms.IntegerField(
        label=_("Valid for, in months"),
        required=False,
        min_value=1,
        max_value=LONGEST_VALIDITY,
        help_text=_("Empty: it does not end."),
    )
    is_proof = forms.BooleanField(
        label=_("This is the training asked of patient partners"),
        required=False,
        help_text=_("With its attestation, a patient partner has the training they need to be proposed."),
    )
    is_current = forms.BooleanField(label=_("It is still given"), required=False)

    @staticmethod
    def initial_of(course: Course | None, organiser: str) -> dict[str, Any]:
        if course is None:
            return {"organiser": organiser, "is_current": True, "is_proof": True, "minutes": 2400}
        names = ("title", "organiser", "qualification", "minutes", "validity_months", "is_proof", "is_current")
        modules = [(module.title, module.minutes) for module in course.modules.all()]
        looked_at = [row.title for row in course.criteria.filter(is_current=True)]
        kept = {"modules": modules, "criteria": looked_at, "online_minutes": course.online_minutes or None}
        return {name: getattr(course, name) for name in names} | kept

    def clean_online_minutes(self) -> int:
        return self.cleaned_data["online_minutes"] or 0


class KnownCourseForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    organiser = forms.CharField(label=_("Who organises it"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=KnownKind.choices)
    qualification = forms.ChoiceField(label=_("What it gives"), choices=Qualification.choices)
    minutes = LengthField(label=_("Length"), required=False)
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    price = forms.CharField(label=_("Price"), max_length=80, required=False)
    dates = forms.CharField(label=_("When"), max_length=160, required=False)
    contact = forms.CharField(label=_("How to enrol"), max_length=160, required=False)
    is_current = forms.BooleanField(label=_("It is still given"), required=False)

    @staticmethod
    def initial_of(known: KnownCourse | None) -> dict[str, Any]:
        if known is None:
            return {"is_current": True}
        return {name: getattr(known, name) for name in KnownCourseForm.base_fields}
