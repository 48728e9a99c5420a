"""In somebody's own copy: where they were enrolled, when they were there, what they signed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from vecu.agenda import signatures
from vecu.agenda.models import Attendance, CalendarFeed, Enrolment, Gathering
from vecu.core import vault
from vecu.people.exports import Section, register
from vecu.people.models import Person


@register
def agenda_part(person: Person) -> list[Section]:
    enrolments = Enrolment.objects.filter(person=person).select_related("gathering", "person").order_by("asked_at")
    presences = Attendance.objects.filter(person=person).select_related("half_day__gathering", "person")
    hosted = Gathering.objects.filter(host=person).order_by("starts_at")
    feeds = CalendarFeed.objects.filter(person=person)
    vault.preload([person.vault_id])
    return [
        Section("enrolments", _("Gatherings you were enrolled in"), [_enrolment(row) for row in enrolments]),
        Section(
            "attendances",
            _("When you were there"),
            [_attendance(row) for row in presences.order_by("half_day__starts_at")],
        ),
        Section("hosted", _("Gatherings you led"), [_gathering(row) for row in hosted]),
        Section(
            "calendar",
            _("Your calendar address"),
            [{_("made"): row.renewed_at, _("last asked by a calendar"): row.read_at} for row in feeds],
        ),
    ]


def _gathering(row: Gathering) -> dict[str, Any]:
    return {
        _("kind"): row.get_kind_display(),
        _("title"): row.title,
        _("begins"): row.starts_at,
        _("ends"): row.ends_at,
        _("how it stands"): row.get_state_display(),
    }


def _enrolment(row: Enrolment) -> dict[str, Any]:
    return _gathering(row.gathering) | {
        _("your place"): row.get_state_display(),
        _("asked"): row.asked_at,
        _("no longer coming since"): row.withdrawn_at,
        _("asked above what you accept, because"): str(row.load_reason),
    }


def _attendance(row: Attendance) -> dict[str, Any]:
    kept = str(row.signature)
    return {
        _("title"): row.half_day.gathering.title,
        _("from"): row.half_day.starts_at,
        _("to"): row.half_day.ends_at,
        _("presence"): row.get_presence_display(),
        _("signed"): row.signed_at,
        _("signature"): signatures.path_of(kept) if signatures.is_drawn(kept) else kept,
    }
