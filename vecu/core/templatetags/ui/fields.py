"""One form field: label above, help, error, then the control, tied together for screen readers.

Written in Python because a form draws many and pages of first contact must stay cheap.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vecu.core.templatetags.ui.leaves import draw
from vecu.core.templatetags.ui.mending import problems
from vecu.core.templatetags.ui.registry import format_html, library

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


@library.simple_tag
def field(
    bound: BoundField,
    autocomplete: str = "",
    large: bool = False,
    columns: bool = False,
    hint: str = "",
    short: bool = False,
    one_of: bool = False,
) -> SafeString:
    """A field with everything it needs.

    `large`: its label is the question of the page; `columns`: cards side by side; `hint` replaces the help text;
    `short`: a narrow box (year, postcode); `one_of`: one of several is needed, which its hint says: it is not called
    optional.
    """
    kind = kind_of(bound.field.widget)
    help_text, is_wrong = str(hint or bound.help_text), bool(bound.errors)
    described = " ".join(
        name for name, wanted in ((f"{bound.auto_id}_help", help_text), (f"{bound.auto_id}_error", is_wrong)) if wanted
    )
    if kind == "hidden":
        return bound.as_widget()
    css = "field" + (" field-large" if large and kind != "checkbox" else "") + (" field-invalid" if is_wrong else "")
    if kind == "group":
        return _group(bound, css, help_text, described, columns)
    attrs: dict[str, str | bool] = {"aria-describedby": described} if described else {}
    if kind == "box":
        attrs |= _box_attrs(bound, autocomplete, short)
    control = bound.as_widget(attrs=attrs)
    if kind == "checkbox":
        return _checkbox(bound, css, help_text, control)
    return format_html(
        '<div class="{}"><label for="{}">{}{}</label>{}{}</div>',
        css,
        bound.id_for_label,
        bound.label,
        "" if one_of else _optional(bound),
        _words(bound, help_text),
        control,
    )


def _box_attrs(bound: BoundField, autocomplete: str, short: bool) -> dict[str, str | bool]:
    widget = bound.field.widget
    css = " ".join(filter(None, ["input", "input-short" if short else "", widget.attrs.get("class", "")]))
    known = (autocomplete or AUTOCOMPLETE.get(bound.name, "")) if takes_autocomplete(widget) else ""
    return {"class": css, "autocomplete": known} if known else {"class": css}


def _group(bound: BoundField, css: str, help_text: str, described: str, columns: bool) -> SafeString:
    cards = format_html_join(
        "",
        '<label class="choice" for="{}">{}<span>{}</span></label>',
        ((choice.id_for_label, choice.tag(), choice.choice_label) for choice in bound.subwidgets),
    )
    return format_html(
        '<fieldset class="{}" id="{}" tabindex="-1"{}><legend>{}{}</legend>{}<div class="choices{}">{}</div></fieldset>',
        css,
        bound.auto_id,
        format_html(' aria-describedby="{}"', described) if described else "",
        bound.label,
        _optional(bound),
        _words(bound, help_text),
        " choices-grid" if columns else "",
        cards,
    )


def _checkbox(bound: BoundField, css: str, help_text: str, control: SafeString) -> SafeString:
    """The whole card is the label; its help is inside."""
    return format_html(
        '<div class="{}">{}<label class="choice" for="{}">{}<span>{}{}</span></label></div>',
        css,
        _words(bound, ""),
        bound.id_for_label,
        control,
        bound.label,
        format_html('<small id="{}_help">{}</small>', bound.auto_id, help_text) if help_text else "",
    )


def _optional(bound: BoundField) -> SafeString | str:
    """Not said of what another answer makes necessary: a form names those fields in `asked_sometimes`."""
    if bound.field.required or bound.name in getattr(bound.form, "asked_sometimes", ()):
        return ""
    return format_html(' <span class="optional">{}</span>', gettext("(optional)"))


def _words(bound: BoundField, help_text: str) -> SafeString:
    """Help, then what is wrong."""
    told = SafeString("")
    if help_text:
        told = format_html('<p class="field-help" id="{}_help">{}</p>', bound.auto_id, help_text)
    if not bound.errors:
        return told
    return format_html(
        '{}<p class="field-error" id="{}_error">{}<span>{}</span></p>',
        told,
        bound.auto_id,
        draw("circle-alert"),
        " ".join(problems(bound)),
    )


@library.inclusion_tag("core/ui/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """What has to be mended, at the top of the page, each line linked to its field."""
    if not form.is_bound:
        return {"general": [], "fields": []}
    hidden = [message for bound in form.hidden_fields() for message in problems(bound)]
    return {
        "general": [*form.non_field_errors(), *hidden],
        "fields": [
            (bound.label, bound.id_for_label or bound.auto_id, problems(bound))
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
