"""What a peer gives and will not give: availability, pause, absences, experience, limits. By them or for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import show, show_form
from vecu.peers import actions, context, ready_lines, terms
from vecu.peers.enums import READ_WHERE_ONE_SPEAKS, Activity, TermKind
from vecu.peers.forms import AbsenceForm, AvailabilityForm, ExperienceForm, LimitsForm, PauseForm
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import Absence, LivedExperience, Peer
from vecu.peers.views.files import detail, file_of, home_of
from vecu.people.policy import Can


@gate(Can.SET_LIMITS)
def my_peer(request: Any) -> HttpResponse:
    """« Mon engagement »: everything about one's own file, on a phone."""
    mine = visible(Peer, request.actor, Can.SET_LIMITS).select_related("person", "care_site")
    peer = mine.filter(organisation_id=request.actor.organisation_id, person_id=request.actor.person_id).first()
    if peer is None:
        return show(request, "peers/my_peer_none.html")
    page = detail(request, peer, pause_form=PauseForm())
    return show(request, "peers/my_peer.html", to_sign=ready_lines.to_sign(peer), **page)


@gate(Can.PAUSE_PEER)
def peer_pause(request: Any, pk: Any) -> HttpResponse:
    """One tap; a day of return if one wishes. No reason is asked."""
    peer = file_of(request, pk, Can.PAUSE_PEER)
    form = PauseForm(request.POST or None)
    if request.method != "POST":
        return home_of(request, peer)
    # A day that cannot be read must not keep somebody from resting.
    until = form.cleaned_data["until"] if form.is_valid() else None
    actions.pause(peer, actor=request.actor, until=until)
    messages.success(request, _("The pause has begun. Nobody new will be proposed."))
    if not form.is_valid():
        messages.warning(request, _("The day of return could not be read: you can give it again."))
    return home_of(request, peer)


@gate(Can.PAUSE_PEER)
def peer_come_back(request: Any, pk: Any) -> HttpResponse:
    peer = file_of(request, pk, Can.PAUSE_PEER)
    if request.method == "POST":
        actions.come_back(peer, actor=request.actor)
        messages.success(request, _("Welcome back: proposals can start again."))
    return home_of(request, peer)


@gate(Can.EDIT_PEER)
def availability_edit(request: Any, pk: Any) -> HttpResponse:
    peer = file_of(request, pk, Can.EDIT_PEER)
    form = AvailabilityForm(request.actor, peer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        offered = actions.offer_with_languages
        if accepted(form, lambda: offered(peer, actor=request.actor, languages=form.spoken, **form.offered)):
            messages.success(request, _("This is up to date. It counts from now on."))
            return home_of(request, peer)
    return show_form(request, "peers/availability_edit.html", form, **whose(request, peer))


@gate(Can.EDIT_PEER)
def absence_add(request: Any, pk: Any) -> HttpResponse:
    peer = file_of(request, pk, Can.EDIT_PEER)
    form = AbsenceForm(request.POST or None)
    add = actions.add_absence
    if form.is_valid() and accepted(form, lambda: add(peer, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("These days are noted."))
        return home_of(request, peer)
    return show_form(request, "peers/absence_add.html", form, **whose(request, peer))


@gate(Can.EDIT_PEER)
def absence_remove(request: Any, pk: Any) -> HttpResponse:
    absence = get_visible(Absence, request.actor, Can.EDIT_PEER, pk=pk)
    if request.method == "POST":
        actions.remove_absence(absence, actor=request.actor)
        messages.success(request, _("These days are free again."))
    return home_of(request, absence.peer)


@gate(Can.EDIT_PEER)
def experience_add(request: Any, pk: Any) -> HttpResponse:
    """First find it in the list, by words or by family; then its years and own words."""
    peer = file_of(request, pk, Can.EDIT_PEER)
    code = request.GET.get("code", "")
    if terms.is_known(code):
        return experience_form(request, peer, code)
    q = request.GET.get("q", "")[:100]
    groups = [(kind.label, terms.grouped_choices(kind)) for kind in TermKind]
    found = [(one.code, one.label) for one in terms.search(q)]
    return show(request, "peers/experience_find.html", q=q, found=found, groups=groups, **whose(request, peer))


@gate(Can.EDIT_PEER)
def experience_edit(request: Any, pk: Any) -> HttpResponse:
    experience = get_visible(LivedExperience, request.actor, Can.EDIT_PEER, pk=pk)
    return experience_form(request, experience.peer, experience.code, experience)


def experience_form(request: Any, peer: Peer, code: str, experience: LivedExperience | None = None) -> HttpResponse:
    form = ExperienceForm(request.POST or None, initial=ExperienceForm.initial_of(experience) if experience else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        act = actions.set_experience
        if accepted(form, lambda: act(peer, actor=request.actor, code=code, experience=experience, **typed)):
            messages.success(request, _("“%(what)s” is in the file.") % {"what": terms.label(code)})
            return home_of(request, peer)
    what = terms.term(code)
    return show_form(
        request, "peers/experience_edit.html", form, what=what, experience=experience, **whose(request, peer)
    )


@gate(Can.EDIT_PEER)
def experience_remove(request: Any, pk: Any) -> HttpResponse:
    experience = get_visible(LivedExperience, request.actor, Can.EDIT_PEER, pk=pk)
    if request.method == "POST":
        actions.remove_experience(experience, actor=request.actor)
        messages.success(request, _("It is erased from the file."))
    return home_of(request, experience.peer)


@gate(Can.SET_LIMITS)
def limits_edit(request: Any, pk: Any, activity: str) -> HttpResponse:
    """« Mon cadre » for one kind of activity: by the person, and by nobody else."""
    if activity not in Activity.values:
        raise Http404
    peer = file_of(request, pk, Can.SET_LIMITS)
    passport = actions.limits_in_force(peer, activity)
    form = LimitsForm(passport, request.POST or None)
    if request.method == "POST" and form.is_valid():
        save = actions.save_limits
        if accepted(form, lambda: save(peer, actor=request.actor, activity=activity, **form.limits)):
            messages.success(request, _("Your limits are saved. They hold from now on."))
            return home_of(request, peer)
    told = {"activity": Activity(activity).label, "is_read_where_they_speak": activity in READ_WHERE_ONE_SPEAKS}
    return show_form(request, "peers/limits_edit.html", form, passport=passport, **told, **whose(request, peer))


def whose(request: Any, peer: Peer) -> dict[str, Any]:
    """Whose file it is, for the words of the page and the way back."""
    is_mine = peer.person_id == request.actor.person_id
    return {"peer": peer, "is_mine": is_mine, "name": context.short_name(peer.person)}
