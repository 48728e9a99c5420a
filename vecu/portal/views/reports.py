"""A report with its lines: safeguarding holds the report, messaging the lines, the portal shows them together."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import images
from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show_form
from vecu.messaging.actions import lines as messaging_lines
from vecu.people.policy import Can
from vecu.safeguarding.actions import reports as actions
from vecu.safeguarding.forms import ReportAnswerForm
from vecu.safeguarding.models import Report
from vecu.safeguarding.workflows import REPORT


def _show_report(request: HttpRequest, report: Report, form: ReportAnswerForm) -> HttpResponse:
    """The lines are shown to their opener only, for half an hour; each showing is journaled for both people."""
    is_open = actions.is_open_for(report, actor=request.actor)
    lines = []
    if is_open:
        lines = messaging_lines.lines_around(
            report.message_key, actor=request.actor, reason=report.get_reason_display()
        )
    return show_form(
        request,
        "portal/report_detail.html",
        form,
        report=report,
        is_open=is_open,
        lines=lines,
        is_mine=report.owner_id == request.actor.person_id,
        moves={move.name for move in REPORT.available(report, request.actor)},
        readings=report.readings.select_related("reader"),
    )


@gate(Can.HANDLE_REPORT)
def report_detail(request: HttpRequest, pk: str) -> HttpResponse:
    return _show_report(request, get_visible(Report, request.actor, pk=pk), ReportAnswerForm())


@require_POST
@gate(Can.HANDLE_REPORT)
def report_open(request: HttpRequest, pk: str) -> HttpResponse:
    """Open the reported line and two on each side: both people are told."""
    report = get_visible(Report, request.actor, pk=pk)
    actions.record_reading(report, actor=request.actor, message_keys=[report.message_key])
    return redirect(request, "report_detail", report.pk)


@gate(Can.HANDLE_REPORT)
def report_image(request: HttpRequest, pk: str) -> HttpResponse:
    """The image of the reported line, under the same rule as its words: its opener only, half an hour, journaled."""
    report = get_visible(Report, request.actor, pk=pk)
    if not actions.is_open_for(report, actor=request.actor):
        raise Http404
    data = messaging_lines.reported_image(
        report.message_key, actor=request.actor, reason=str(report.get_reason_display())
    )
    return images.served(data)


@require_POST
@gate(Can.HANDLE_REPORT)
def report_answer(request: HttpRequest, pk: str) -> HttpResponse:
    report = get_visible(Report, request.actor, pk=pk)
    form = ReportAnswerForm(request.POST)
    if not form.is_valid():
        return _show_report(request, report, form)
    actions.answer_report(report, actor=request.actor, **form.cleaned_data)
    messages.success(request, _("The answer is sent."))
    return redirect(request, "report_list")
