"""In somebody's own copy of their data: their application, as they told it and as it was answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.people.exports import Section, register
from vecu.people.models import Person
from vecu.recruitment import summary
from vecu.recruitment.models import Application, ApplicationLetter, Interview


@register
def applications_part(person: Person) -> list[Section]:
    """What they wrote, the outcome and date of each interview, and the letters. An interviewer's notes are not held
    here for anyone but their author."""
    found = list(Application.objects.filter(person=person).select_related("organisation").order_by("received_at"))
    if not found:
        return []
    vault.preload(key for row in found for key in (row.vault_id, row.own_vault_id))
    met = Interview.objects.filter(application__person=person).order_by("held_on")
    sent = ApplicationLetter.objects.filter(application__person=person).select_related("application")
    return [
        Section("application", _("Your application"), [_told(row) for row in found]),
        Section(
            "interviews",
            _("Your interviews"),
            [{_("held on"): row.held_on, _("outcome"): row.get_outcome_display()} for row in met],
        ),
        Section(
            "letters",
            _("Letters you received"),
            [{_("sent on"): row.sent_at, _("words"): str(row.body)} for row in sent.order_by("sent_at")],
        ),
    ]


def _told(row: Application) -> dict[str, Any]:
    lines = {line.label: line.values for line in summary.lines_of(row.answers or {}, row.profile)}
    words = row.own_words if isinstance(row.own_words, dict) else {}
    own = {line.label: line.values for line in summary.own_lines(words)}
    state = {
        _("organisation"): row.organisation.name,
        _("received"): row.received_at,
        _("state"): row.get_state_display(),
        _("deleted on"): row.expires_on,
    }
    return {**state, **lines, **own}
