"""What safeguarding shows on pages of other areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField
from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.core.access import visible
from vecu.core.moments import say_date, say_time
from vecu.core.prepared import Asked, SeenRows
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.safeguarding import duty
from vecu.safeguarding.duty import DutyState
from vecu.safeguarding.enums import AlertState, Danger
from vecu.safeguarding.models import Alert, AlertReview, Report, TalkRequest

# Asked on everyone's first screen: written once.
ALERTS = SeenRows(
    Can.SEE_ALERTS,
    Alert,
    lambda actor: visible(Alert, actor).standing().order_by("opened_at"),
    *("subject", "owner"),
)
TALKS = SeenRows(Can.ANSWER_TALK, TalkRequest, lambda actor: visible(TalkRequest, actor).waiting(), "person")
OWN_TALK = SeenRows(
    Can.ASK_TO_TALK,
    TalkRequest,
    lambda actor: (
        visible(TalkRequest, actor, Can.ASK_TO_TALK)
        .filter(person_id=actor.person_id, organisation_id=actor.organisation_id)
        .waiting()
    ),
    "answered_by",
)
REVIEWS = SeenRows(
    Can.HANDLE_ALERT,
    AlertReview,
    lambda actor: visible(AlertReview, actor).due(Asked("now", DateTimeField())),
    "person",
)
REPORTS = SeenRows(Can.HANDLE_REPORT, Report, lambda actor: visible(Report, actor).pending())


def duty_state(organisation_id: UUID, now: datetime | None = None) -> DutyState:
    """For every exchange page: who answers now, until when, or when next."""
    return duty.state(organisation_id, now)


@dataclass(frozen=True)
class SafeguardingToday:
    """What waits for staff in safeguarding, the gravest first."""

    alerts: list[Alert]
    reports: list[Report]
    talks: list[TalkRequest]
    reviews: list[AlertReview]
    holes: list[duty.Hole]

    @property
    def is_for_the_opening(self) -> bool:
        """Something was raised while nobody's hours were running, and is in nobody's hands."""
        return any(alert.state == AlertState.OPEN and alert.is_from_closed_hours for alert in self.alerts)


def _most_pressing(alert: Alert) -> tuple[bool, bool, datetime]:
    """Immediate danger first, then what nobody has taken, then the oldest."""
    return (alert.danger != Danger.YES, alert.state != AlertState.OPEN, alert.opened_at)


def safeguarding_today(actor: Actor, now: datetime) -> SafeguardingToday:
    """Alerts, reports and calls for help that wait for this actor (fixed number of queries)."""
    alerts, talks, reports = sorted(ALERTS.all(actor), key=_most_pressing), TALKS.all(actor), REPORTS.all(actor)
    reviews = REVIEWS.all(actor, now=now)
    named = [*(alert.owner for alert in alerts if alert.owner), *(talk.person for talk in talks)]
    named += [review.person for review in reviews if review.person]
    vault.preload(person.vault_id for person in named)
    holes = duty.holes(actor.organisation_id, now) if actor.organisation_id and actor.may(Can.MANAGE_DUTY) else []
    return SafeguardingToday(
        alerts=alerts,
        reports=reports,
        talks=talks,
        reviews=reviews,
        holes=holes,
    )


def own_talk(actor: Actor, now: datetime) -> str:
    """What became of the talk this person asked for, in words; nothing where none is standing. Two queries at most."""
    talk = OWN_TALK.first(actor)
    if talk is None:
        return ""
    at = talk.call_at or talk.asked_at
    moment = {"day": say_date(at, weekday=True, year=False), "time": say_time(at)}
    if talk.call_at is None or talk.answered_by is None:
        return _("You asked to talk, on %(day)s at %(time)s") % moment
    if at < now:
        return _("Your call was planned for %(day)s at %(time)s") % moment
    return _("%(name)s calls you on %(day)s at %(time)s") % {"name": talk.answered_by.given_name, **moment}
