"""What must be in order before somebody acts, profile by profile."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from vecu.core.access import gate
from vecu.core.http import redirect, show, show_form
from vecu.peers import actions
from vecu.peers.enums import Profile
from vecu.peers.forms import RequirementsForm
from vecu.peers.forms.inputs import accepted
from vecu.people.context import here
from vecu.people.policy import Can


@gate(Can.MANAGE_ORGANISATION)
def requirement_list(request: Any) -> HttpResponse:
    """Every profile, with what it asks."""
    organisation = here(request.actor)
    profiles = [(profile, actions.rules_of(organisation, profile)) for profile in Profile]
    return show(request, "peers/requirement_list.html", profiles=profiles)


@gate(Can.MANAGE_ORGANISATION)
def requirement_edit(request: Any, profile: str) -> HttpResponse:
    """What one profile asks; it holds at once."""
    if profile not in Profile.values:
        raise Http404
    organisation = here(request.actor)
    form = RequirementsForm(actions.rules_of(organisation, profile), request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask = actions.set_requirements
        if accepted(form, lambda: ask(organisation, profile, form.rules, actor=request.actor)):
            messages.success(request, _("This is asked from now on."))
            return redirect(request, "requirement_list")
    return show_form(request, "peers/requirement_edit.html", form, profile=Profile(profile))
