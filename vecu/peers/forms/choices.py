"""Fields made of the maintained lists: illnesses, languages, départements, half-days.

Long lists are written once for each language: pages of first contact must stay cheap.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy

from vecu.peers import languages, terms, territory
from vecu.peers.enums import Slot, TermKind

TIMES: tuple[tuple[str, Any], ...] = (
    ("week_am", gettext_lazy("On weekdays, in the morning")),
    ("week_pm", gettext_lazy("On weekdays, in the afternoon")),
    ("week_ev", gettext_lazy("On weekdays, in the early evening")),
    ("sat", gettext_lazy("On Saturday")),
    ("sun", gettext_lazy("On Sunday")),
)


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


def find_lived(typed: str) -> str:
    """As for an illness; a treatment or a situation is recognised by its exact name."""
    exact = terms.named(typed)
    return exact.code if exact is not None else find_illness(typed)


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
