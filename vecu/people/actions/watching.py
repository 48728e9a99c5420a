"""Someone opens the files of many people in one day: perhaps a busy day, perhaps not. A human looks.

Reading is never stopped by this: whoever is on duty must be able to. It is told to those who may read the journal.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from vecu.core import jobs, journal
from vecu.core.events import publish
from vecu.people.events import ManyFilesOpened

MANY_FILES = 20  # people's files, in one day, by one person


@jobs.periodic("people.watch_openings", every=timedelta(minutes=10))
def watch_openings(now: datetime) -> None:
    """Told once a day for each reader and organisation, as soon as the number is passed."""
    day = timezone.localtime(now).date()
    midnight = timezone.make_aware(datetime.combine(day, time()))
    for organisation_id, reader_id, people in journal.readers_since(midnight):
        if people > MANY_FILES:
            payload = {"organisation": str(organisation_id), "reader": str(reader_id), "people": people}
            jobs.enqueue("people.many_files", payload=payload, key=f"people.many:{organisation_id}:{reader_id}:{day}")


@jobs.job("people.many_files")
def tell_many_files(payload: dict[str, Any]) -> None:
    """The fact; who is told stands in the wiring."""
    publish(ManyFilesOpened(UUID(payload["reader"]), UUID(payload["organisation"]), payload["people"]))
