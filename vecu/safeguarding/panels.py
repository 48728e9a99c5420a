"""What safeguarding shows on pages of other areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vecu.core.access import visible
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.safeguarding import duty
from vecu.safeguarding.duty import DutyState
from vecu.safeguarding.enums import AlertState
from vecu.safeguarding.models import Alert, Report, TalkRequest


def duty_state(organisation_id: UUID, now: datetime | None = None) -> DutyState:
    """For every exchange page: who answers now, until when, or when next."""
    return duty.state(organisation_id, now)


@dataclass(frozen=True)
class SafeguardingToday:
    """What waits for staff in safeguarding, the gravest first."""

    alerts: list[Alert]
    untaken: int
    reports: list[Report]
    talks: list[TalkRequest]
    holes: list[duty.Hole]
    is_relayed: bool

    @property
    def count(self) -> int:
        return len(self.alerts) + len(self.reports) + len(self.talks)


def safeguarding_today(actor: Actor, now: datetime) -> SafeguardingToday:
    """Alerts, reports and calls for help that wait for this actor (fixed number of queries)."""
    alerts = list(visible(Alert, actor).standing().select_related("subject", "owner").order_by("opened_at"))
    talks = list(visible(TalkRequest, actor).waiting().select_related("person", "answered_by"))
    reports = list(visible(Report, actor).pending().select_related("owner"))
    holes = duty.holes(actor.organisation_id, now) if actor.organisation_id and actor.may(Can.MANAGE_DUTY) else []
    state = duty.state(actor.organisation_id, now) if actor.organisation_id else None
    return SafeguardingToday(
        alerts=alerts,
        untaken=sum(alert.state == AlertState.OPEN for alert in alerts),
        reports=reports,
        talks=talks,
        holes=holes,
        is_relayed=state.is_relayed if state else True,
    )
