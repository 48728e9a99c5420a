"""One form field: label above, help, error, then the control, tied together for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseForm, BoundField

from vecu.core.templatetags.ui.registry import library

# What browsers may fill in by themselves, by the name of the field (WCAG 1.3.5). `autocomplete="off"` for others' data.
AUTOCOMPLETE = {
    "email": "email",
    "phone": "tel",
    "first_name": "given-name",
    "last_name": "family-name",
    "postcode": "postal-code",
    "town": "address-level2",
    "birth_year": "bday-year",
}
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@library.inclusion_tag("core/ui/field.html")
def field(
    bound: BoundField,
    autocomplete: str = "",
    large: bool = False,
    columns: bool = False,
    hint: str = "",
    short: bool = False,
) -> dict[str, Any]:
    """A field with everything it needs.

    `large`: its label is the question of the page; `columns`: cards side by side; `hint` replaces the help text;
    `short`: a narrow box (year, postcode).
    """
    widget = bound.field.widget
    kind = kind_of(widget)
    help_text = hint or bound.help_text
    described = " ".join(
        name
        for name, wanted in ((f"{bound.auto_id}_help", help_text), (f"{bound.auto_id}_error", bound.errors))
        if wanted
    )
    attrs = {"aria-describedby": described} if described else {}
    context = {
        "bound": bound,
        "kind": kind,
        "help": help_text,
        "described": described,
        "large": large,
        "columns": columns,
        "is_optional": not bound.field.required and kind not in {"checkbox", "hidden"},
    }
    if kind == "box":
        attrs["class"] = " ".join(
            filter(None, ["input", "input-short" if short else "", widget.attrs.get("class", "")])
        )
        attrs |= (
            {"autocomplete": autocomplete or AUTOCOMPLETE.get(bound.name, "")} if takes_autocomplete(widget) else {}
        )
    if kind == "group":
        context["choices"] = list(bound.subwidgets)
    else:
        context["control"] = bound.as_widget(attrs={key: text for key, text in attrs.items() if text})
    return context


@library.inclusion_tag("core/ui/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """What has to be mended, at the top of the page, each line linked to its field."""
    if not form.is_bound:
        return {"general": [], "fields": []}
    hidden = [message for bound in form.hidden_fields() for message in bound.errors]
    return {
        "general": [*form.non_field_errors(), *hidden],
        "fields": [
            (bound.label, bound.id_for_label or bound.auto_id, bound.errors)
            for bound in form.visible_fields()
            if bound.errors
        ],
    }


def kind_of(widget: forms.Widget) -> str:
    """Hidden, a group of cards, one box to tick, or a box to fill."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, GROUPS):
        return "group"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "box"


def takes_autocomplete(widget: forms.Widget) -> bool:
    return not isinstance(widget, forms.FileInput) and "autocomplete" not in widget.attrs
