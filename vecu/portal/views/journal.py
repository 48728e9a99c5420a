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
    entries = journal.of_organisation(request.actor.organisation_id)
    if not request.GET.get("tout"):
        entries = entries.filter(is_reading=True)
    page = page_of(entries, request)
    return show(request, "portal/journal_list.html", page=page, readings=context.named_readings(page.object_list))
