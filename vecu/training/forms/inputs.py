"""A length of time, as people write it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.training.hours import HOUR, say_minutes

# 40 · 40 h · 3 h 30 · 3h30 · 3:30 · 3,5 · 45 min
WRITTEN = re.compile(
    r"(?:(?P<hours>\d{1,4})(?:[,.](?P<part>\d{1,2}))?\s*(?:h|heures?|hours?|:|$)\s*)?(?P<rest>\d{1,2})?\s*(?:min\w*)?"
)


def read_minutes(typed: str) -> int | None:
    """Minutes of what was typed, None when it is no length."""
    found = WRITTEN.fullmatch(" ".join(typed.replace("\u00a0", " ").lower().split()))
    if found is None or not any(found.groups()):
        return None
    hours, part, rest = found["hours"], found["part"], found["rest"]
    if part is not None and rest is not None:
        return None
    minutes = round(float(f"{hours or 0}.{part or 0}") * HOUR)
    return minutes + int(rest or 0)


class LengthField(forms.CharField):
    """« 40 h », « 3 h 30 »: kept in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return say_minutes(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        minutes = read_minutes(typed)
        if not minutes:
            raise forms.ValidationError(_("Write a length such as “40 h” or “3 h 30”."))
        return minutes
