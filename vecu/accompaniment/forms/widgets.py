"""Long lists of the maintained data, written once for each language: pages of first contact must stay cheap."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from vecu.peers import languages, terms, territory
from vecu.peers.enums import TermKind


class ListSelect(forms.Select):
    """A long list from the maintained data: its options are written once per language and process."""

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = _options(self.source, get_language() or "fr")
        if value:
            wanted = f'value="{escape(value)}"'
            options = options.replace(f"<option {wanted}>", f"<option {wanted} selected>", 1)
        every = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        written = "".join(f' {key}="{escape(text)}"' for key, text in every.items() if text not in (False, None, True))
        return mark_safe(f"<select{written}>{options}</select>")  # noqa: S308 escaped above


@lru_cache(maxsize=16)
def _options(source: str, language: str) -> str:
    if source == "illnesses":
        groups = terms.grouped_choices(TermKind.ILLNESS)
        inside = "".join(
            f'<optgroup label="{escape(family)}">{"".join(_option(*line) for line in lines)}</optgroup>'
            for family, lines in groups
        )
        return _option("", "—") + inside
    if source == "languages":
        return "".join(_option(*line) for line in languages.choices())
    return _option("", "—") + "".join(_option(*line) for line in territory.choices())


def _option(value: str, label: str) -> str:
    return f'<option value="{escape(value)}">{escape(label)}</option>'


def illness_datalist() -> SafeString:
    """Every illness in the reader's language, for the box that completes what is typed."""
    return _datalist(get_language() or "fr")


@lru_cache(maxsize=4)
def _datalist(language: str) -> SafeString:
    return mark_safe("".join(f'<option value="{escape(one.label)}">' for one in terms.all_terms(TermKind.ILLNESS)))  # noqa: S308
