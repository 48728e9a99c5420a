"""Controls written in Python are those of Django's templates, but for white space between tags."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from vecu.core.drawing import DRAWN, FOLDER, Renderer

CHOICES = [("", "—"), ("a&b", gettext_lazy("Phone")), ("Group <1>", [("c", '"C"'), (3, mark_safe("<b>3</b>"))])]
EVIL = "\"><script>x</script>'&"
CONTROLS = [
    (forms.TextInput({"class": "input", "required": True, "data-x": EVIL}), EVIL),
    (forms.TextInput({"disabled": False, "maxlength": 30}), None),
    (forms.TextInput(), ""),
    (forms.EmailInput(), "a@b.example"),
    (forms.NumberInput({"min": 0, "step": 0.5}), 12),
    (forms.PasswordInput(render_value=True), "x"),
    (forms.HiddenInput(), "s"),
    (forms.DateInput(), "2026-03-01"),
    (forms.TimeInput(), "09:30"),
    (forms.Textarea({"rows": 3}), f"\n{EVIL}\nend"),
    (forms.Textarea(), None),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.CheckboxInput(), "7"),
    (forms.Select(choices=CHOICES), "c"),
    (forms.Select(choices=CHOICES), None),
    (forms.Select({"size": 3, "aria-describedby": EVIL}, choices=CHOICES), 3),
    (forms.SelectMultiple(choices=CHOICES), ["c", "a&b"]),
    (forms.RadioSelect(choices=CHOICES), "c"),
    (forms.CheckboxSelectMultiple({"class": "x"}, choices=CHOICES), ["a&b", "3"]),
    (forms.ClearableFileInput(), None),
    (forms.SplitDateTimeWidget(), None),
    (forms.NullBooleanSelect(), True),
]


def close(drawn: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", drawn)


@pytest.mark.parametrize(("widget", "value"), CONTROLS)
@pytest.mark.parametrize("attrs", [None, {"id": "id_x", "aria-invalid": "true"}])
def test_it_is_what_the_template_writes(widget: forms.Widget, value: Any, attrs: Any) -> None:
    ours, theirs = (widget.render("name<", value, attrs, renderer=one()) for one in (Renderer, DjangoTemplates))
    assert close(ours) == close(theirs)
    if isinstance(widget, forms.Textarea | forms.TextInput):
        assert ours == theirs


@pytest.mark.parametrize("wrapped", [True, False])
def test_each_choice_alone(wrapped: bool) -> None:
    ours, theirs = (
        [close(choice.tag(wrap_label=wrapped)) for choice in _Form({"how": "c"}, renderer=one())["how"]]
        for one in (Renderer, DjangoTemplates)
    )
    assert ours == theirs


def test_a_template_it_does_not_know_is_still_drawn() -> None:
    assert "django/forms/field.html" not in DRAWN
    assert "<label" in str(_Form(renderer=Renderer())["how"].as_field_group())


def test_every_drawn_name_is_a_template_of_django() -> None:
    engine = DjangoTemplates()
    assert all(engine.get_template(name) for name in DRAWN)
    assert all(name.startswith(FOLDER) for name in DRAWN)


class _Form(forms.Form):
    how = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
