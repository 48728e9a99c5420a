"""How one recruits here: roles, delays, who decides, what each role asks for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show_form
from vecu.peers.enums import Profile
from vecu.peers.forms.inputs import accepted
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recruitment.actions import recruitments
from vecu.recruitment.forms.recruiting import ConditionForm, RecruitmentForm
from vecu.recruitment.models import EntryCondition, Recruitment


@gate(Can.MANAGE_RECRUITMENT)
def recruitment_settings(request: HttpRequest) -> HttpResponse:
    """Everything about how applications come and are answered."""
    here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    found = visible(Recruitment, request.actor, Can.MANAGE_RECRUITMENT).filter(organisation=here).first()
    names = ("is_open", "profiles", "phone", "answer_days", "keep_months", "needs_two")
    usual = found or Recruitment(organisation=here)
    form = RecruitmentForm(request.POST or None, initial={name: getattr(usual, name) for name in names})
    if form.is_valid() and accepted(form, lambda: recruitments.set_up(here, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect(request, "recruitment_settings")
    rows = visible(EntryCondition, request.actor)
    groups = [(label, [row for row in rows if row.profile == code]) for code, label in Profile.choices]
    context = {"recruitment": found, "groups": groups}
    return show_form(request, "recruitment/recruitment_settings.html", form, **context)


@gate(Can.MANAGE_RECRUITMENT)
def condition_edit(request: HttpRequest) -> HttpResponse:
    """Ask for something for a role, or change it."""
    here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    form = ConditionForm(request.POST or None, initial={"profile": request.GET.get("role", "")[:20]})
    if form.is_valid() and accepted(
        form, lambda: recruitments.set_condition(here, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, _("Asked from now on. Applications already here are not looked at again by it."))
        return redirect(request, "recruitment_settings")
    return show_form(request, "recruitment/condition_edit.html", form)


@gate(Can.MANAGE_RECRUITMENT)
@require_POST
def condition_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No longer asked for."""
    recruitments.remove_condition(get_visible(EntryCondition, request.actor, pk=pk), actor=request.actor)
    return redirect(request, "recruitment_settings")
