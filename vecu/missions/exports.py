"""In somebody's own copy of their data: what they were asked, and what they answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.missions.models import MissionAnswer
from vecu.people.exports import Section, register
from vecu.people.models import Person


@register
def missions_part(person: Person) -> list[Section]:
    rows = MissionAnswer.objects.filter(peer__person=person).select_related("mission").order_by("asked_at")
    found = [
        {
            _("what for"): row.mission.get_purpose_display(),
            _("day"): row.mission.starts_at,
            _("asked on"): row.asked_at,
            _("answer"): row.get_state_display(),
            _("version of your limits"): row.limits_version,
            _("asked above what you accept, because"): row.load_reason,
        }
        for row in rows
    ]
    return [Section("missions", _("What you were asked"), found)] if found else []
