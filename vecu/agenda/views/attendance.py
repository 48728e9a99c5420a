"""The attendance list of a half-day: noted by the host, signed on the tablet, or printed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vecu.agenda import actions
from vecu.agenda.context import detail
from vecu.agenda.context.words import day_line, full_name
from vecu.agenda.forms import PresenceForm, SignatureForm
from vecu.agenda.models import HalfDay
from vecu.agenda.views.half_days import half_day_of
from vecu.core import pdf
from vecu.core.access import gate
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.people.policy import Can


@gate(Can.RUN_GATHERINGS)
def attendance_record(request: HttpRequest, pk: str) -> HttpResponse:
    """Who is there: one choice a person, sent together; each may then sign on this screen."""
    half_day = half_day_of(request, pk)
    rows = [row for row in detail.sheet(half_day, request.actor) if row.has_place]
    names = {str(row.person_id): row.name for row in rows}
    noted = {str(row.person_id): row.presence for row in rows}
    form = PresenceForm(request.POST or None, names=names, noted=noted)
    if form.is_valid():
        people = {str(person.pk): person for person in detail.people_on(half_day, request.actor)}
        try:
            actions.record_list(half_day, people, form.chosen(), actor=request.actor)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Presence is noted."))
            return redirect(request, "attendance_record", pk=half_day.pk)
    pairs = [(row, form[f"presence_{row.person_id}"]) for row in rows]
    return show_form(request, "agenda/attendance_record.html", form, pairs=pairs, **_words(half_day))


@gate(Can.RUN_GATHERINGS)
def attendance_sign(request: HttpRequest, pk: str, person: str) -> HttpResponse:
    """The tablet is handed over: one name, one frame, nothing of the others."""
    half_day = half_day_of(request, pk)
    signer = next((one for one in detail.people_on(half_day, request.actor) if str(one.pk) == str(person)), None)
    if signer is None:
        raise Http404
    form = SignatureForm(request.POST or None)
    if form.is_valid():
        try:
            actions.sign_presence(half_day, signer, actor=request.actor, signature=form.signature())
        except Refused as refusal:
            form.add_error("typed", refusal.sentence)
        else:
            messages.success(request, _("Thank you, it is signed. Hand the tablet back."))
            return redirect(request, "attendance_record", pk=half_day.pk)
    context = {"name": full_name(signer), **_words(half_day)}
    return show_form(request, "agenda/attendance_sign.html", form, **context)


@require_safe
@gate(Can.RUN_GATHERINGS)
def attendance_sheet(request: HttpRequest, pk: str) -> HttpResponse:
    """The list to print and sign by hand, with what is already signed on screen."""
    half_day = half_day_of(request, pk)
    rows = detail.sheet(half_day, request.actor)
    return show(request, "agenda/attendance_sheet.html", rows=rows, empty=range(3), **_words(half_day))


@require_safe
@gate(Can.RUN_GATHERINGS)
def attendance_paper(request: HttpRequest, pk: str) -> HttpResponse:
    """The same as a PDF."""
    half_day = half_day_of(request, pk)
    rows = detail.sheet(half_day, request.actor)
    made = pdf.write("agenda/attendance_paper.html", rows=rows, empty=range(3), **_words(half_day))
    return pdf.attached(made, _("attendance sheet"))


def _words(half_day: HalfDay) -> dict[str, object]:
    gathering = half_day.gathering
    return {
        "half_day": half_day,
        "gathering": gathering,
        "day": day_line(half_day),
        "host_name": full_name(gathering.host),
        "organisation": gathering.organisation.name,
    }
