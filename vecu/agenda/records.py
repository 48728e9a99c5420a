"""How many half-days somebody was in groups and meetings, and for how long. Trainings are said by their attestations."""

from __future__ import annotations

from uuid import UUID

from vecu.agenda.context.words import say_half_days, say_minutes
from vecu.agenda.enums import GatheringKind
from vecu.agenda.models import Attendance
from vecu.people.models import Person
from vecu.people.records import Chapter, Record, register

COUNTED = (GatheringKind.SUPERVISION, GatheringKind.PRACTICE, GatheringKind.MEETING)


@register
def groups(person: Person, organisation_id: UUID | None) -> list[Record]:
    rows = Attendance.objects.filter(person=person).present().standing()
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    found = []
    for kind in COUNTED:
        there = rows.of_kind(kind)
        count = there.half_days_by_person().get(person.pk, 0)
        if count:
            words = f"{say_half_days(count)}, {say_minutes(there.minutes_by_person().get(person.pk, 0))}"
            found.append(Record(Chapter.GROUPS, f"groups-{kind}", str(kind.label), words))
    return found
