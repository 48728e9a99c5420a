"""Duty, paths and alerts for tests."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from vecu.core.tables import WorkerBeat
from vecu.people.models import Organisation, Person
from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift


def make_duty(organisation: Organisation, person: Person, now: datetime | None = None) -> DutyShift:
    """Hours all week long, a written path, and one person who has said yes until tomorrow."""
    moment = now or timezone.now()
    for weekday in range(7):
        DutyHours.objects.create(organisation=organisation, weekday=weekday, starts=time(0), ends=time.max)
    CrisisPath.objects.create(
        organisation=organisation,
        version=1,
        steps="Appeler la personne.\nPuis la psychologue.",
        referent=person,
        head=person,
        approved_on=timezone.localdate(moment),
    )
    return DutyShift.objects.create(
        organisation=organisation,
        person=person,
        starts_at=moment - timedelta(hours=1),
        ends_at=moment + timedelta(days=1),
        confirmed_at=moment,
    )


def beat(now: datetime | None = None) -> None:
    """A worker that is alive."""
    WorkerBeat.objects.update_or_create(name="test", defaults={"beat_at": now or timezone.now()})
