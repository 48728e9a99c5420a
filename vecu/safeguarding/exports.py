"""In somebody's own copy: alerts, reports, requests to talk and hours on duty that are theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.people.exports import Section, register
from vecu.people.models import Person
from vecu.safeguarding.models import Alert, DutyShift, Report, SealedContact, SealedOpening, TalkRequest


@register
def safeguarding_part(person: Person) -> list[Section]:
    """Own words whole; of what others wrote, that it exists and what was decided."""
    alerts = list(Alert.objects.filter(Q(subject=person) | Q(opened_by=person)).order_by("opened_at"))
    made = list(Report.objects.filter(reporter=person).order_by("reported_at"))
    about = Report.objects.filter(reported=person, answered_at__isnull=False).order_by("reported_at")
    talks = list(TalkRequest.objects.filter(person=person).order_by("asked_at"))
    shifts = DutyShift.objects.filter(person=person).order_by("starts_at")
    contacts = list(SealedContact.objects.filter(person=person))
    openings = list(SealedOpening.objects.filter(person=person).exclude(told_at=None).select_related("alert"))
    vault.preload(row.vault_id for row in (*alerts, *made, *talks, *contacts))
    vault.preload(row.alert.vault_id for row in openings)
    return [
        Section("sealed", _("What you sealed for a case of danger"), [_sealed(row) for row in contacts]),
        Section("sealed_openings", _("When it was opened, and why"), [_opening(row) for row in openings]),
        Section("alerts", _("Alerts you raised, or about you"), [_alert(row, person) for row in alerts]),
        Section("reports_made", _("Messages you reported"), [_report(row) for row in made]),
        Section(
            "reports_about",
            _("Messages of yours that were reported, once answered"),
            [
                {
                    _("reported"): row.reported_at,
                    _("reason"): row.get_reason_display(),
                    _("decided"): row.get_outcome_display(),
                }
                for row in about
            ],
        ),
        Section("talks", _("When you asked to talk"), [_talk(row) for row in talks]),
        Section(
            "duty",
            _("Your hours on duty"),
            [{_("from"): row.starts_at, _("to"): row.ends_at, _("accepted"): row.confirmed_at} for row in shifts],
        ),
    ]


def _alert(alert: Alert, person: Person) -> dict[str, Any]:
    is_own = alert.opened_by_id == person.pk
    row = {
        _("opened"): alert.opened_at,
        _("opened by you"): is_own,
        _("about you"): alert.subject_id == person.pk,
        _("kind"): alert.get_kind_display(),
        _("taken in hand"): alert.taken_at,
        _("closed"): alert.closed_at,
    }
    if is_own:
        row |= {_("where the person is"): str(alert.where), _("what happened"): str(alert.facts)}
    if alert.subject_id == person.pk:
        row[_("outcome")] = alert.get_outcome_display()
    if not is_own and alert.facts:
        row[_("words")] = _("Written by somebody else: ask the data-protection officer, who looks at it with you.")
    return row


def _sealed(contact: SealedContact) -> dict[str, Any]:
    return {
        _("town"): str(contact.town),
        _("phone"): str(contact.phone),
        _("someone close"): str(contact.relative),
        _("their phone"): str(contact.relative_phone),
        _("written"): contact.written_at,
    }


def _opening(opening: SealedOpening) -> dict[str, Any]:
    return {
        _("opened"): opening.opened_at,
        _("by one person alone"): opening.is_alone,
        _("why"): str(opening.reason),
        _("you were told"): opening.told_at,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        _("reported"): report.reported_at,
        _("reason"): report.get_reason_display(),
        _("what you added"): str(report.words),
        _("decided"): report.get_outcome_display(),
        _("answer you got"): str(report.answer),
        _("answered"): report.answered_at,
    }


def _talk(talk: TalkRequest) -> dict[str, Any]:
    return {
        _("asked"): talk.asked_at,
        _("your words"): str(talk.words),
        _("how it stands"): talk.get_state_display(),
        _("call planned"): talk.call_at,
        _("over"): talk.done_at,
    }
