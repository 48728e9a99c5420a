"""Interviews: hours offered, guides, notes that nobody else opens."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import journal
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.policy import Can
from vecu.recruitment import summary
from vecu.recruitment.actions import interviews, slots
from vecu.recruitment.forms.recruiting import InterviewForm, NotesForm, SlotForm
from vecu.recruitment.models import InterviewGuide, InterviewNote, InterviewSlot


@gate(Can.HOLD_INTERVIEW)
def slot_list(request: HttpRequest) -> HttpResponse:
    """The hours I offer, those to record first; a coordinator sees those of everyone who interviews here."""
    now, actor = timezone.now(), request.actor
    form = SlotForm(request.POST or None)
    if form.is_valid():
        made = accepted(form, lambda: slots.offer_slots(actor=actor, **form.offered()))
        if made:
            messages.success(request, _("It is offered: whoever is invited may choose it."))
            return redirect(request, "slot_list")
    rows = visible(InterviewSlot, actor).select_related("host", "application")
    page = page_of(rows.filter(closed_at=None, ends_at__gte=now).order_by("starts_at", "pk"), request)
    to_record = list(rows.to_record(now).order_by("starts_at")[:50])
    summary.open_names([*to_record, *page])
    return show_form(
        request,
        "recruitment/slot_list.html",
        form,
        now=now,
        me=actor.person_id,
        to_record=to_record,
        page=page,
    )


@gate(Can.HOLD_INTERVIEW)
@require_POST
def slot_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an hour back; whoever had chosen it is told."""
    interviews.remove_slot(get_visible(InterviewSlot, request.actor, pk=pk), actor=request.actor)
    messages.info(request, _("This hour is no longer offered."))
    return redirect(request, "slot_list")


@gate(Can.HOLD_INTERVIEW)
def interview_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The guide, what came of it, and private notes."""
    slot = get_visible(InterviewSlot, request.actor, pk=pk)
    form = InterviewForm(request.POST or None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("outcome", "notes")}
        if accepted(form, lambda: interviews.record_interview(slot, actor=request.actor, guide=form.guide(), **told)):
            messages.success(request, _("It is recorded."))
            return redirect(request, "slot_list")
    is_mine = slot.host_id == request.actor.person_id
    return show_form(request, "recruitment/interview_record.html", form, slot=slot, is_mine=is_mine, now=timezone.now())


@gate(Can.HOLD_INTERVIEW)
@require_POST
def interview_absent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """They did not come: they may choose another hour."""
    interviews.note_absence(get_visible(InterviewSlot, request.actor, pk=pk), actor=request.actor)
    messages.info(request, _("Noted. They are told that they may choose another hour."))
    return redirect(request, "slot_list")


@gate(Can.HOLD_INTERVIEW)
def interview_guide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A guide, opened: journaled. A psychologist's is for themselves."""
    guide = get_visible(InterviewGuide, request.actor, interview=pk)
    application = guide.interview.application
    journal.read(request.actor, "interview.read", guide, subject=application.person_id)
    has_notes = visible(InterviewNote, request.actor).filter(interview=pk).exists()
    return show(request, "recruitment/interview_guide.html", guide=guide, application=application, has_notes=has_notes)


@gate(Can.KEEP_INTERVIEW_NOTES)
def interview_notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """My private notes of an interview: mine alone."""
    note = get_visible(InterviewNote, request.actor, interview=pk)
    form = NotesForm(request.POST or None, initial={"words": note.words})
    if form.is_valid():
        interviews.change_notes(note, actor=request.actor, words=form.cleaned_data["words"])
        messages.success(request, _("Your notes are kept, for you alone."))
        return redirect(request, "interview_guide", pk)
    return show_form(
        request, "recruitment/interview_notes.html", form, note=note, application=note.interview.application
    )
