"""Form controls written in Python: the same HTML as Django's widget templates, without a template for each option.

A page with a list of a hundred départements would otherwise run two hundred small templates. Anything not known
here (a widget of a library, a template of ours) is drawn by its template as always.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = dict[str, Any]
FOLDER = "django/forms/widgets/"
INPUTS = (
    *("text", "email", "number", "password", "search", "tel", "url", "color", "hidden", "date", "time", "checkbox"),
    "file",
)


class Renderer(DjangoTemplates):
    """Named by FORM_RENDERER in the settings."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308 drawn by a template
        return mark_safe(draw(context["widget"]))  # noqa: S308 every part is escaped below


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attrs(widget)}>'


def _choice(widget: Widget) -> str:
    """One radio or box of a group, inside its label unless the page writes the label itself."""
    if not widget.get("wrap_label"):
        return _input(widget)
    name = widget["attrs"].get("id")
    tied = f' for="{_text(name)}"' if name else ""
    return f"<label{tied}>{_input(widget)} {_text(widget['label'])}</label>"


def _textarea(widget: Widget) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attrs(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{_text(widget["name"])}"{_attrs(widget)}>']
    for name, options, _index in widget["optgroups"]:
        lines = "".join(f"\n  {_option(option)}" for option in options)
        parts.append(f'\n  <optgroup label="{_text(name)}">{lines}\n  </optgroup>' if name else lines)
    return "".join([*parts, "\n</select>"])


def _option(widget: Widget) -> str:
    return f'<option value="{_text(widget["value"])}"{_attrs(widget)}>{_text(widget["label"])}</option>'


def _attrs(widget: Widget) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in (*INPUTS, "input")},
    **{f"{FOLDER}{name}.html": _choice for name in ("radio_option", "checkbox_option", "input_option")},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
    f"{FOLDER}select_option.html": _option,
}
