"""The journal of readings, for the data-protection officer: who opened what, when, why. Never any content."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from vecu.core import journal
from vecu.core.access import gate
from vecu.core.http import page_of, show
from vecu.people import context
from vecu.people.policy import Can


@gate(Can.READ_JOURNAL)
def journal_list(request: HttpRequest) -> HttpResponse:
    readings = journal.of_organisation(request.actor.organisation_id).filter(is_reading=True)
    page = page_of(readings, request)
    return show(request, "portal/journal_list.html", page=page, readings=context.named_readings(page.object_list))
