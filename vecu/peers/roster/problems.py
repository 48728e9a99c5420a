"""Why a line of the spreadsheet is refused, and what to mend, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise | str] = {
    "no_given_name": _("The first name is missing. Write at least a first name."),
    "too_long": _("“%(typed)s…” is too long. Keep it under %(most)s characters."),
    "year": _("“%(typed)s” is not a year of birth. Write four figures, for instance 1966."),
    "gender": _("“%(typed)s” is not understood. Write: %(choices)s, or leave it empty."),
    "email": _("“%(typed)s” is not an e-mail address. Correct it or leave it empty."),
    "phone": _("“%(typed)s” is not a phone number. Write its figures, for instance 01 99 00 10 20."),
    "departement": _("“%(typed)s” is neither a département nor a postcode. Write for instance 44 or 44000."),
    "care_site": _("“%(typed)s” is not one of your sites. Write: %(choices)s, or leave it empty."),
    "no_site": _("“%(typed)s” is not one of your sites: you have none yet. Leave it empty, or add the site first."),
    "language": _("“%(typed)s” is not in the list of languages. Separate several with a semicolon."),
    "choice": _("“%(typed)s” is not understood. Write: %(choices)s."),
    "experience": _("“%(typed)s” is not in the list of lived experience."),
    "near": _("“%(typed)s” is not in the list of lived experience. Did you mean: %(choices)s?"),
    "experience_years": _("The years of “%(typed)s” cannot be right: not to come, in order, not before birth."),
    "experience_twice": _("“%(typed)s” is written twice. Keep it once."),
    "no_experience": _("What was lived through is missing. Write at least one thing from the list."),
    "date": _("“%(typed)s” is not a date. Write it as 31/12/2026."),
    "date_to_come": _("“%(typed)s” is still to come. Write the day they became a patient partner."),
    "number": _("“%(typed)s” is not a number of people between 0 and %(most)s."),
    "insurance": _("The insurance ends before it starts. Check both dates."),
    "training": _("The training ends before it was completed. Check both dates."),
    "agreement": _("The convention ends before it starts. Check both dates."),
    "agreement_nowhere": _("A convention is with a site: write which one, or leave its dates empty."),
    "agreement_undated": _("Write since when this convention holds."),
    "site_unknown": _(
        "“%(typed)s” is not one of your sites yet. Write its town and its département on one of its lines."
    ),
    "site_differs": _(
        "Line %(line)s says something else of “%(typed)s”. Write the same on each of its lines, or once."
    ),
    "same_line": _("This is the same person as on line %(line)s. Keep one line, or add a year of birth to each."),
    "same_address": _("Line %(line)s has the same e-mail address. Two people each need their own, or none."),
    "known": _("Someone with this name is already here. Remove the line, or give both their year of birth."),
    "known_address": _("Someone here already has this e-mail address. Remove the line or correct the address."),
}


class Bad(Exception):
    """A cell that cannot be understood."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is refused; the sentence is made in the reader's language."""

    line: int
    column: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % self.params
