"""Help lines shown on every page and on the help page. Each fact carries its source and the day it was
checked against it; a line nobody could check yet says so.

Whoever changes a number changes `CHECKED_ON` too, after calling the line or reading its own site.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECKED_ON = date(2026, 11, 21)


@dataclass(frozen=True)
class HelpLine:
    """One number: how to dial it, for whom, what to expect, and where that is written."""

    code: str
    number: str
    scheme: str
    short: str | Promise
    whom: str | Promise
    expect: str | Promise
    source: str
    checked_on: date | None = CHECKED_ON

    @property
    def href(self) -> str:
        return f"{self.scheme}:{self.number.replace(' ', '')}"


SAMU = HelpLine(
    "samu",
    "15",
    "tel",
    _("Life-threatening emergency"),
    _("Someone’s life or health is in danger now."),
    _("Emergency doctors, day and night, free."),
    "service-public.fr",
)
EUROPE = HelpLine(
    "europe",
    "112",
    "tel",
    _("Emergency, from any phone in Europe"),
    _("You need help at once, in France or elsewhere in Europe."),
    _("Fire brigade, emergency doctors or police, day and night, free, even without a SIM credit."),
    "service-public.fr",
)
DEAF = HelpLine(
    "deaf",
    "114",
    "sms",
    _("Deaf or hard of hearing"),
    _("You cannot hear or cannot speak, and it is an emergency."),
    _("By text message, day and night, free. Video and written chat on urgence114.fr."),
    "urgence114.fr",
)
SUICIDE = HelpLine(
    "suicide",
    "3114",
    "tel",
    _("Mental distress, day and night"),
    _("You have dark thoughts, or you fear for someone close to you."),
    _("Nurses and psychologists, day and night, free, confidential. For relatives and professionals too."),
    "3114.fr",
)
LIGUE = HelpLine(
    "ligue",
    "0 800 940 939",
    "tel",
    _("Living with cancer"),
    _("You or someone close to you has cancer, and you want to talk."),
    _("Ligue contre le cancer: free, anonymous, confidential. Option 1: psychologists."),
    "ligue-cancer.net",
)
INCA = HelpLine(
    "inca",
    "0 805 123 124",
    "tel",
    _("Information on cancer"),
    _("You have a question about an illness, a treatment or your rights."),
    _("Cancer Info, of the Institut national du cancer: free. Opening hours are on cancer.fr."),
    "cancer.fr",
    checked_on=None,
)
SPS = HelpLine(
    "sps",
    "0 805 23 23 36",
    "tel",
    _("Health professionals and students"),
    _("You care for others, you study to, or you live with someone who does."),
    _("Soins aux professionnels de la santé: psychologists, day and night, free, anonymous."),
    "asso-sps.fr",
)

URGENT = (SAMU, EUROPE, DEAF, SUICIDE)
LISTENING = (LIGUE, INCA, SPS)
ALL = URGENT + LISTENING
