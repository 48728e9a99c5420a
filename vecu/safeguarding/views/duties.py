"""The duty roster, its hours, and the crisis path."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.people.context import here
from vecu.people.models import Membership, Person
from vecu.people.policy import Can
from vecu.safeguarding import duty
from vecu.safeguarding.actions import duties as actions
from vecu.safeguarding.enums import ON_DUTY_ROLES
from vecu.safeguarding.forms import CrisisPathForm, DutyHoursForm, ShiftForm
from vecu.safeguarding.gate import pairing_gate
from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift


def _staff(request: HttpRequest) -> list[Person]:
    members = visible(Membership, request.actor).current().with_role(*ON_DUTY_ROLES).select_related("person")
    return list({member.person_id: member.person for member in members}.values())


@gate(Can.MANAGE_DUTY)
def duty_page(request: HttpRequest) -> HttpResponse:
    """Everything pairing needs before it may open, and what is missing."""
    organisation = here(request.actor)
    shifts = visible(DutyShift, request.actor).still_here().filter(ends_at__gt=timezone.now()).select_related("person")
    return show(
        request,
        "safeguarding/duty_page.html",
        pairing=pairing_gate(organisation.pk),
        duty=duty.state(organisation.pk),
        holes=duty.holes(organisation.pk),
        hours=visible(DutyHours, request.actor),
        shifts=shifts,
        path=visible(CrisisPath, request.actor).approved().select_related("referent", "head").first(),
    )


@gate(Can.MANAGE_DUTY)
def duty_hours(request: HttpRequest) -> HttpResponse:
    organisation = here(request.actor)
    initial = {}
    for row in visible(DutyHours, request.actor):
        initial |= {f"starts_{row.weekday}": row.starts, f"ends_{row.weekday}": row.ends}
    form = DutyHoursForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.set_duty_hours(organisation, actor=request.actor, hours=form.hours())
        return redirect(request, "duty_page")
    return show_form(request, "safeguarding/duty_hours.html", form)


@gate(Can.MANAGE_DUTY)
def duty_shift_add(request: HttpRequest) -> HttpResponse:
    organisation = here(request.actor)
    form = ShiftForm(request.POST or None, people=_staff(request))
    if form.is_valid():
        actions.add_shift(organisation, actor=request.actor, **form.chosen())
        return redirect(request, "duty_page")
    return show_form(request, "safeguarding/duty_shift_add.html", form)


@require_POST
@gate(Can.HANDLE_ALERT)
def duty_shift_confirm(request: HttpRequest, pk: str) -> HttpResponse:
    """« Oui, je serai là »: from one's own first screen."""
    shift = get_visible(DutyShift, request.actor, Can.HANDLE_ALERT, pk=pk)
    actions.confirm_shift(shift, actor=request.actor)
    return redirect(request, "today")


@require_POST
@gate(Can.MANAGE_DUTY)
def duty_shift_remove(request: HttpRequest, pk: str) -> HttpResponse:
    actions.remove_shift(get_visible(DutyShift, request.actor, pk=pk), actor=request.actor)
    return redirect(request, "duty_page")


@gate(Can.SEE_ALERTS)
def crisis_path(request: HttpRequest) -> HttpResponse:
    """The written path, for everyone who may have to follow it."""
    path = visible(CrisisPath, request.actor, Can.SEE_ALERTS).approved().select_related("referent", "head").first()
    return show(request, "safeguarding/crisis_path.html", path=path)


@gate(Can.MANAGE_DUTY)
def crisis_path_write(request: HttpRequest) -> HttpResponse:
    organisation = here(request.actor)
    last = visible(CrisisPath, request.actor).first()
    initial = (
        {"steps": last.steps, "phone": last.phone, "referent": last.referent_id, "head": last.head_id} if last else {}
    )
    form = CrisisPathForm(request.POST or None, initial=initial, people=_staff(request))
    if form.is_valid():
        actions.write_crisis_path(organisation, actor=request.actor, **form.chosen())
        return redirect(request, "duty_page")
    return show_form(request, "safeguarding/crisis_path_write.html", form)
