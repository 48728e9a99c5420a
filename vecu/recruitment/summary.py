"""What was told, in words: for the applicant before sending, for those who read it, for somebody's copy; and the
lines of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import vault
from vecu.core.crypto import open_value
from vecu.core.moments import say_ago, say_date, say_days_ago
from vecu.core.said import said
from vecu.core.templatetags.ui import leaves
from vecu.peers import languages, terms, territory
from vecu.peers.enums import Channel, Profile, Relation
from vecu.peers.forms.choices import TIMES
from vecu.recruitment.enums import ApplicationState, Hindsight, Outcome
from vecu.recruitment.forms import applying
from vecu.recruitment.models import Application, InterviewSlot

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Line:
    """One answer: its label, its values in words, and the page where it is changed."""

    label: str
    values: list[str]
    step: str


def lines_of(answers: Answers, profile: str) -> list[Line]:
    """Everything told but the applicant's own words and what serves to reach them."""
    you, lived, offer, rules = (answers.get(step) or {} for step in ("you", "lived", "offer", "rules"))
    known = terms.label(lived["conditions"][0]) if lived.get("conditions") else lived.get("condition", "")
    lines = [
        Line(_("Role"), _labels(Profile.choices, profile), "you"),
        Line(
            _("Experience"),
            [*_labels(applying.KINDS, you.get("kind")), *_labels(Relation.choices, you.get("relation"))],
            "you",
        ),
        Line(_("18 or over"), _labels(applying.YES_NO, you.get("is_adult")), "you"),
        Line(_("What was lived"), [known] if known else [], "lived"),
        Line(_("Time since"), _labels(Hindsight.choices, lived.get("hindsight")), "lived"),
        Line(_("Time to give"), _labels(applying.RHYTHMS, offer.get("rhythm")), "offer"),
        Line(_("When"), _labels(TIMES, *offer.get("times", [])), "offer"),
    ]
    if profile in applying.SPECIFIC:
        label, options = applying.SPECIFIC[profile]
        lines.append(Line(str(label), _labels(options, offer.get("specific")), "offer"))
    else:
        lines.append(Line(_("How to talk"), _labels(Channel.choices, *offer.get("channels", [])), "offer"))
    departement = offer.get("departement", "")
    spoken = offer.get("language", "")
    return [
        *lines,
        Line(_("Département"), [territory.name(departement)] if departement else [], "offer"),
        Line(_("Languages"), [languages.label(spoken)] if spoken and spoken != languages.USUAL else [], "offer"),
        Line(_("Association"), _labels(applying.MEMBERSHIPS, rules.get("membership")), "rules"),
        Line(_("Link of interest"), _labels(applying.CONFLICTS, rules.get("conflict")), "rules"),
        Line(_("Charter"), _labels(applying.CHARTERS, rules.get("charter")), "rules"),
        Line(_("Heard of us by"), _labels(applying.HEARD, rules.get("heard")), "rules"),
    ]


def own_lines(words: Mapping[str, Any]) -> list[Line]:
    """The applicant's own document."""
    labels = {
        "motivation": _("The wish to help"),
        "silences": _("Not to be talked about"),
        "limits": _("Limits"),
    }
    return [Line(label, [words[name]] if words.get(name) else [], "words") for name, label in labels.items()]


def reach_lines(contact: Mapping[str, Any]) -> list[Line]:
    """How to reach them, and when."""
    names = " ".join(contact.get(name) or "" for name in ("given_name", "family_name")).strip()
    shared = _("Someone else reads this mailbox: nothing is sent there") if contact.get("has_shared_mailbox") else ""
    told = [names, contact.get("phone", ""), contact.get("email", ""), shared]
    year = contact.get("birth_year")
    born = _("Born in %(year)s") % {"year": year} if year else ""
    parts = _labels(applying.PARTS, *contact.get("call_parts", []))
    return [Line(_("To reach you"), [value for value in [*told, born, *parts] if value], "contact")]


def _labels(options: Iterable[tuple[Any, Any]], *codes: str | None) -> list[str]:
    known = {str(code): str(label) for code, label in options if code}
    return [known[str(code)] for code in codes if code and str(code) in known]


# -- lines of the list

STANDING = frozenset(ApplicationState.standing())

COLUMNS = ("pk", "number", "vault_id", "given_name", "organisation_id", "profile", "state", "unmet", "received_at",
           "answer_by", "talk_again_on", "moved_at", "outcome")  # fmt: skip


class Row(NamedTuple):
    """One application in a list: who, for what, since when, and what is late. Made from tuples, 50 at a time."""

    url: str
    name: str
    number: int
    profile: str
    state: str
    when: str
    late: str
    is_late: bool
    badges: SafeString

    @property
    def headline(self) -> str:
        return self.profile

    @property
    def mark(self) -> SafeString:
        return leaves.late_mark(self.late, self.when)


def of_lines(lines: Sequence[Sequence[Any]], now: datetime) -> list[Row]:
    """Rows of a page: their names are opened with one query for the keys."""
    found = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    vault.preload(row["vault_id"] for row in found)
    page = _Page(now)
    return [page.row(row) for row in found]


class _Page:
    """The rows of one page. What many of them say alike (a code, a number of days) is said once for all."""

    def __init__(self, now: datetime) -> None:
        self._now, self._zone = now, timezone.get_current_timezone()
        self._today = now.astimezone(self._zone).date()
        self._before_key, self._after_key = reverse("application_detail", args=[UUID(int=0)]).split(str(UUID(int=0)))
        self._profiles, self._states, self._outcomes = (
            {code: str(label) for code, label in enum.choices} for enum in (Profile, ApplicationState, Outcome)
        )
        self._days_ago, self._marks = cache(say_days_ago), cache(_badges)

    def row(self, row: Mapping[str, Any]) -> Row:
        given = open_value(
            Application, "given_name", row["pk"], row["organisation_id"], row["vault_id"], row["given_name"]
        )
        late = say_late(row["state"], row["answer_by"], row["talk_again_on"], self._now, self._today)
        return Row(
            url=f"{self._before_key}{row['pk']}{self._after_key}",
            name=str(given),
            number=row["number"],
            profile=self._profiles[row["profile"]],
            state=self._states[row["state"]],
            when=self._when(row),
            late=late,
            is_late=bool(late),
            badges=self._marks(late, len(row["unmet"]), self._outcomes.get(row["outcome"], "")),
        )

    def _when(self, row: Mapping[str, Any]) -> str:
        if row["state"] == ApplicationState.DEFERRED and row["talk_again_on"]:
            return _("Talk again on %(day)s") % {"day": say_date(row["talk_again_on"])}
        day = row["moved_at"].astimezone(self._zone).date()
        # Of today, the hour counts too.
        return say_ago(row["moved_at"], self._now) if day == self._today else self._days_ago((self._today - day).days)


def open_names(slots: Iterable[InterviewSlot]) -> None:
    """The keys of those who meet, with one query."""
    rows = list(slots)
    held = [row.application.vault_id for row in rows if row.application is not None]
    vault.preload([*held, *(row.host.vault_id for row in rows)])


def say_late(state: str, answer_by: datetime | None, talk_again_on: date | None, now: datetime, today: date) -> str:
    """« En retard de 3 jours », or that the day to talk again has come; nothing when there is time."""
    if state == ApplicationState.DEFERRED:
        return _("The day to talk again has come") if talk_again_on and talk_again_on <= today else ""
    if state not in STANDING or answer_by is None or answer_by >= now:
        return ""
    return _say_days_late((today - timezone.localdate(answer_by)).days)


@said
def _say_days_late(days: int) -> str:
    if days < 1:
        return _("Late since today")
    return ngettext("Late by %(n)s day", "Late by %(n)s days", days) % {"n": days}


def _badges(late: str, unmet: int, outcome: str) -> SafeString:
    marks = [leaves.badge(late, "alert", "clock")] if late else []
    if outcome:
        marks.append(leaves.badge(outcome))
    if unmet:
        words = ngettext("%(n)s point to look at", "%(n)s points to look at", unmet) % {"n": unmet}
        marks.append(leaves.badge(words, "mirabelle"))
    return format_html_join(" ", "{}", ((mark,) for mark in marks))
