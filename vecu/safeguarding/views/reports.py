"""The queue of reports. The reported lines themselves are opened by `portal`, which may ask messaging for them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show
from vecu.people.policy import Can
from vecu.safeguarding.actions import reports as actions
from vecu.safeguarding.enums import ReportState
from vecu.safeguarding.models import Report


@gate(Can.HANDLE_REPORT)
def report_list(request: HttpRequest) -> HttpResponse:
    is_answered = request.GET.get("etat") == "repondus"
    reports = visible(Report, request.actor).select_related("owner")
    reports = reports.filter(state=ReportState.ANSWERED) if is_answered else reports.pending()
    return show(
        request,
        "safeguarding/report_list.html",
        page=page_of(reports, request),
        is_answered=is_answered,
        now=timezone.now(),
    )


@require_POST
@gate(Can.HANDLE_REPORT)
def report_take(request: HttpRequest, pk: str) -> HttpResponse:
    report = get_visible(Report, request.actor, pk=pk)
    actions.take_report(report, actor=request.actor)
    return redirect(request, "report_detail", report.pk)


@gate(Can.REPORT_MESSAGE)
def report_followed(request: HttpRequest, pk: str) -> HttpResponse:
    """What became of my report: state, day of the answer, the answer, and who opened which lines."""
    report = get_visible(Report, request.actor, Can.REPORT_MESSAGE, pk=pk)
    return show(
        request,
        "safeguarding/report_followed.html",
        report=report,
        readings=report.readings.select_related("reader"),
    )
