"""The requests to match, beside the one looked at: read as tuples, put into words once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DateField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.accompaniment import reasons, summary
from vecu.accompaniment.enums import RequestRole, RequestState
from vecu.accompaniment.models import SupportRequest
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.prepared import Asked, InParts, Seen
from vecu.core.said import said
from vecu.core.templatetags.ui import leaves
from vecu.core.templatetags.ui.stencils import address, place
from vecu.people.actor import Actor
from vecu.people.policy import Can

QUEUE_LENGTH = 50
SOON_DAYS = 30
HERE, NOT_HERE = format_html(' aria-current="{}"', "true"), SafeString("")
TODAY = Asked("today", DateField())
COLUMNS = (
    *("received_at", "pk", "organisation_id", "number", "state", "role", "fixed_on", "vault_id", "needs", "wishes"),
    *("person_id", "person__vault_id", "person__given_name"),
)


def _oldest(state: RequestState, actor: Actor) -> Any:
    found = visible(SupportRequest, actor).filter(state=state)
    return found.without_date_to_come(TODAY).values_list(*COLUMNS)


# Read each time somebody is looked for: written once. An index holds each part in its order.
DATED = Seen(
    Can.SEE_REQUESTS,
    lambda actor: visible(SupportRequest, actor).to_match().with_date_to_come(TODAY).values_list(*COLUMNS),
)
OLDEST = InParts(
    Can.SEE_REQUESTS,
    [(QUEUE_LENGTH, partial(_oldest, state)) for state in RequestState.to_match()],
    before=itemgetter(COLUMNS.index("received_at"), COLUMNS.index("pk")),
)


class QueueItem(NamedTuple):
    """One request of the left column, ready to print."""

    pk: UUID
    title: str
    what: str
    waits: str
    badge: str
    is_current: bool
    url: str

    @property
    def mark(self) -> SafeString:
        return leaves.mark(self.badge, "mirabelle")

    @property
    def here(self) -> SafeString:
        return HERE if self.is_current else NOT_HERE


def queue(actor: Actor, current: UUID | None, now: datetime) -> list[QueueItem]:
    """Those to match, the nearest fixed date first, then the oldest. First names only; three queries."""
    part, today = slice(0, QUEUE_LENGTH), timezone.localdate(now)
    dated = DATED.rows(actor, part, today=today)
    lines = [*dated, *OLDEST.rows(actor, part, today=today)][:QUEUE_LENGTH]
    found = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    vault.preload(key for line in found for key in (line["vault_id"], line["person__vault_id"]))
    oldest = min(lines, key=itemgetter(0, 1))[1] if lines else None
    before, after = address("board_request", *place())
    zone = timezone.get_current_timezone()
    label, waits = cache(reasons.label), cache(_say_waits)  # what many of them say alike is said once
    return [
        QueueItem(
            pk=line["pk"],
            title=summary.name_of(line),
            what=say_lived(summary.opened(line, "needs"), summary.opened(line, "wishes"), line["role"], label),
            waits=waits(line["fixed_on"], line["received_at"].astimezone(zone).date(), today),
            badge=_badge(line, oldest, today),
            is_current=line["pk"] == current,
            url=f"{before}{line['pk']}{after}",
        )
        for line in found
    ]


def _badge(line: dict[str, Any], oldest: UUID | None, today: date) -> str:
    if line["fixed_on"] is not None and line["fixed_on"] >= today:
        return _("Fixed date")
    if line["pk"] == oldest:
        return _("The oldest")
    return _("Waiting") if line["state"] == RequestState.WAITING else ""


def who(row: SupportRequest) -> str:
    """A first name, or the number of a request that has none."""
    name = str(row.person.given_name) if row.person is not None else ""
    return name or _("Request %(number)s") % {"number": row.number}


def what_is_lived(row: SupportRequest) -> str:
    """« Sclérose en plaques, travail »: two or three words of what the person told."""
    return say_lived(row.needs or {}, row.wishes or {}, row.role)


def say_lived(
    needs: dict[str, Any], wishes: dict[str, Any], role: str, label: Callable[[str], str] = reasons.label
) -> str:
    codes = [*needs.get("conditions", ())[:2], *wishes.get("matters", ())[:1]]
    words = [label(code) for code in codes] or [needs.get("own_condition", "")]
    if role == RequestRole.RELATIVE:
        words = [_("Relative"), *words]
    return ", ".join(one for one in words if one)


def waits_for(row: SupportRequest, now: datetime) -> str:
    """« Attend depuis 5 jours », or the day that does not move."""
    return _say_waits(row.fixed_on, timezone.localdate(row.received_at), timezone.localdate(now))


@said
def _say_waits(fixed_on: date | None, received_on: date, today: date) -> str:
    left = (fixed_on - today).days if fixed_on is not None else -1
    if 0 <= left <= SOON_DAYS:
        return ngettext("Fixed date in %(n)s day", "Fixed date in %(n)s days", left) % {"n": left}
    return summary.say_days_waited((today - received_on).days)
