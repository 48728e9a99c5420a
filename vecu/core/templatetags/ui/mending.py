"""What to mend in a field, in a sentence: Django only says that it is required."""

from __future__ import annotations

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from vecu.core.templatetags.ui.registry import library

USUAL = forms.Field.default_error_messages["required"]


@library.filter
def problems(bound: BoundField) -> list[str]:
    """The sentences of a field's errors; a field left empty says how to fill it, unless its form has its own words."""
    is_usual = bound.field.error_messages["required"] is USUAL
    # `as_data` keeps the code of each error, `errors` the words: they go together, in order.
    return [
        say_missing(bound) if is_usual and error.code == "required" else str(words)
        for error, words in zip(bound.errors.as_data(), bound.errors, strict=True)
    ]


def say_missing(bound: BoundField) -> str:
    """What to do with the control one has left empty."""
    kind = _kind(bound)
    ways = {
        "many": _("Tick at least one answer."),
        "radio": _("Choose one of the answers."),
        "select": _("Choose a line of the list."),
        "checkbox": _("Tick this box to go on."),
        "file": _("Choose a file."),
        "date": _("Give the day."),
        "time": _("Give the hour."),
        "number": _("Write a number."),
        "email": _("Write an e-mail address, with its @."),
        "tel": _("Write a phone number."),
        "password": _("Write the password."),
        "words": _("Write a few words."),
    }
    return ways.get(kind) or _("Fill in this line: it cannot stay empty.")


def _kind(bound: BoundField) -> str:
    """By the control that is shown; a day or an hour by what is read from it."""
    field, widget = bound.field, bound.field.widget
    if isinstance(field, forms.DateField):
        return "date"
    if isinstance(field, forms.TimeField):
        return "time"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "many"
    return "words" if isinstance(widget, forms.Textarea) else str(getattr(widget, "input_type", ""))
