"""Statuses, scales and accounts: for whoever decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import spreadsheet
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people.context import here
from vecu.people.policy import Can
from vecu.recognition import actions, context
from vecu.recognition.accounts import as_text
from vecu.recognition.forms import ScaleForm, StatusForm, accepted
from vecu.recognition.models import Activity, Scale


@gate(Can.DECIDE_CLAIM)
def activity_list(request: HttpRequest) -> HttpResponse:
    """What everyone did, the last first, and as what they were there."""
    rows = visible(Activity, request.actor, Can.DECIDE_CLAIM).held().select_related("person")
    page = page_of(rows.order_by("-happened_on", "pk"), request)
    lines = context.activity_lines(page.object_list)
    return show(request, "recognition/activity_list.html", page=page, lines=lines)


@gate(Can.DECIDE_CLAIM)
def activity_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Volunteer, paid for the session or employee, for this activity."""
    activity = get_visible(Activity, request.actor, Can.DECIDE_CLAIM, pk=pk)
    form = StatusForm(request.POST or None, initial=StatusForm.initial_of(activity))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {"status": data["status"], "payer": data["payer"], "hourly_cents": data["hourly"]}
        if accepted(form, lambda: actions.set_status(activity, actor=request.actor, **told)):
            messages.success(request, _("The status of this activity is written down."))
            return redirect(request, "activity_list")
    [line] = context.activity_lines([activity])
    return show_form(request, "recognition/activity_status.html", form, activity=activity, line=line)


@gate(Can.MANAGE_SCALES)
def scale_list(request: HttpRequest) -> HttpResponse:
    """What is paid per kilometre, from which day; add one."""
    form = ScaleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("starts_on", "source", "accepts_gifts")}
        told["rates"] = form.rates()
        if accepted(form, lambda: actions.add_scale(here(request.actor), actor=request.actor, **told)):
            messages.success(request, _("The scale is written down."))
            return redirect(request, "scale_list")
    scales = visible(Scale, request.actor, Can.MANAGE_SCALES).prefetch_related("rates").order_by("-starts_on")
    known = {"lines": context.scale_lines(scales), "official": actions.scales.official()}
    return show_form(request, "recognition/scale_list.html", form, **known)


@require_POST
@gate(Can.MANAGE_SCALES)
def scale_take(request: HttpRequest) -> HttpResponse:
    """The scale of the tax office, as it comes with Vécu."""
    gifts = bool(request.POST.get("accepts_gifts"))
    actions.take_official_scale(here(request.actor), actor=request.actor, accepts_gifts=gifts)
    messages.success(request, _("The scale is written down. Check that it is still the one in force."))
    return redirect(request, "scale_list")


@require_POST
@gate(Can.MANAGE_SCALES)
def scale_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.remove_scale(get_visible(Scale, request.actor, Can.MANAGE_SCALES, pk=pk), actor=request.actor)
    messages.success(request, _("The scale is taken off."))
    return redirect(request, "scale_list")


@gate(Can.KEEP_ACCOUNTS)
def accounts_export(request: HttpRequest) -> HttpResponse:
    """Claims and hours of a year, as a spreadsheet. Names are in it: it is journaled, so it is asked by a form."""
    if request.method != "POST":
        return redirect(request, "claim_list")
    year = context.year_asked(request.POST.get("year", ""))
    claims, hours = actions.export_accounts(here(request.actor), year, actor=request.actor)
    form = request.POST.get("format", "")
    if form in ("csv", "hours_csv"):
        sheet, name = (claims, "frais") if form == "csv" else (hours, "heures")
        sheet = as_text(sheet)
        return _file(spreadsheet.write_csv(sheet.header, sheet.rows), spreadsheet.CSV_TYPE, f"{name}-{year}.csv")
    return _file(spreadsheet.write_xlsx(claims, hours), spreadsheet.XLSX_TYPE, f"frais-et-heures-{year}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(content, content_type=kind, headers=headers)
