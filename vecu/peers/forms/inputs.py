"""Inputs several forms share: a day, a year, a short and a long text, and the sentence of a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BaseForm
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vecu.core.access import Actor, visible
from vecu.core.errors import Refused
from vecu.people.models import Site

LONGEST_WORDS = 2000


class DayInput(forms.DateInput):
    """The browser's own calendar; it wants and gives 2026-03-01."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, picked or typed as 31/12/2026."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"], **kwargs)


class YearField(forms.IntegerField):
    """Four figures, with the keyboard of figures on a phone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"})
        super().__init__(min_value=1900, max_value=2100, widget=widget, **kwargs)


class WordsField(forms.CharField):
    """Someone's own words, a few lines."""

    def __init__(self, rows: int = 4, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=LONGEST_WORDS, widget=widget, **kwargs)


class LineField(forms.CharField):
    """One line of text: spaces, tabs and line breaks in a row become one space."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class PhoneField(LineField):
    """A phone number as people write it: the ten digits of France, kept in groups of two, or a foreign one with its
    prefix. Somebody who leaves two digits out is never reached. The line of a service `may_be_short` (116 117)."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})

    def __init__(self, *, may_be_short: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.may_be_short = may_be_short

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        abroad = re.sub(r"^((?:\+|00).*?)\(0\)", r"\1", typed)  # the zero of who calls from within the country
        signs = re.sub(r"[\s.()/\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069]", "", abroad)
        national = re.sub(r"^(?:\+|00)33(?:0(?=[0-9]{9}$))?", "0", signs)
        if re.fullmatch(r"0[1-9][0-9]{8}", national):
            return " ".join(re.findall(r"\d\d", national))
        if re.fullmatch(r"(?:\+|00)(?!33)[1-9][0-9]{7,14}", signs):
            return signs
        if self.may_be_short and re.fullmatch(r"[1-9][0-9]{5}", signs):
            return signs
        raise ValidationError(
            gettext("Write the number with its ten digits, for example 01 99 00 12 34."), code="phone"
        )


class CardsField(forms.MultipleChoiceField):
    """Several choices, as cards to tap."""

    widget = forms.CheckboxSelectMultiple


class CareSiteField(forms.ModelChoiceField):
    """Where a peer is or was treated: one of the sites this actor sees, or nothing said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, required=False, empty_label=_("Not said, or another place"), **kwargs)

    def offer(self, actor: Actor, chosen: UUID | None = None) -> None:
        """The open sites, and the one already chosen even if it has closed since."""
        self.queryset = visible(Site, actor).filter(Q(is_open=True) | Q(pk=chosen)).order_by("name")


def accepted(form: BaseForm, act: Callable[[], Any]) -> Any:
    """What the action gives; a refusal becomes a sentence of the form, with everything typed still there."""
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None
