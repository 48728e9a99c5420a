"""A coordinator's missions: who is asked, who can, who comes; and the links by which they arrive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import vault
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.missions import actions, words
from vecu.missions.enums import AnswerState
from vecu.missions.fitting import Fit, fitting
from vecu.missions.forms import DoorForm, MissionForm, PickForm
from vecu.missions.models import Mission, MissionAnswer, MissionDoor
from vecu.missions.workflows import MISSION
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import Peer
from vecu.people.models import Organisation
from vecu.people.policy import Can

MOST = 200  # names opened on one page


@gate(Can.MANAGE_MISSIONS)
def mission_list(request: HttpRequest) -> HttpResponse:
    """Those to settle first, the soonest first; then those that ended; and the links."""
    found = visible(Mission, request.actor)
    page = page_of(found.exclude(pk__in=found.standing().values("pk")).order_by("-starts_at"), request, size=20)
    return show(
        request,
        "missions/mission_list.html",
        standing=words.rows(found.standing().soonest_first()[:100]),
        past=words.rows(page.object_list),
        page=page,
        doors=[(door, words.link(door)) for door in visible(MissionDoor, request.actor)],
        form=DoorForm(),
    )


@gate(Can.MANAGE_MISSIONS)
def mission_add(request: HttpRequest) -> HttpResponse:
    """Someone phones: the same answers."""
    here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    form = MissionForm(request.POST or None)
    if form.is_valid():
        made = accepted(form, lambda: actions.receive_mission(here, actor=request.actor, **form.told()))
        if made:
            return redirect(request, "mission_detail", made.pk)
    return show_form(request, "missions/mission_add.html", form)


@gate(Can.MANAGE_MISSIONS)
def mission_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: who could come, who was asked, what they said."""
    return _show(request, pk)


@gate(Can.MANAGE_MISSIONS)
@require_POST
def mission_ask_peers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask those ticked."""
    mission = get_visible(Mission, request.actor, pk=pk)
    fits = {str(one.peer.pk): one.peer for one in fitting(mission, request.actor)}
    form = PickForm(request.POST, people=list(fits))
    if form.is_valid():
        chosen: list[Peer] = [fits[key] for key in form.cleaned_data["people"]]
        reason = form.cleaned_data["load_reason"]
        if accepted(form, lambda: actions.ask_peers(mission, chosen, actor=request.actor, load_reason=reason)):
            messages.success(request, _("They are asked: their answers show here."))
            return redirect(request, "mission_detail", pk)
    return _show(request, pk, form)


@gate(Can.MANAGE_MISSIONS)
@require_POST
def mission_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Those ticked come; everyone who answered is told."""
    mission = get_visible(Mission, request.actor, pk=pk)
    said_yes = visible(MissionAnswer, request.actor).filter(mission=mission, state=AnswerState.YES)
    can_come = {str(row.pk): row for row in said_yes}
    form = PickForm(request.POST, people=list(can_come))
    if form.is_valid():
        chosen = [can_come[key] for key in form.cleaned_data["people"]]
        if accepted(form, lambda: actions.settle_mission(mission, chosen, actor=request.actor)):
            messages.success(request, _("Everyone who answered has a reply. Now call whoever asked, to arrange it."))
            return redirect(request, "mission_detail", pk)
    return _show(request, pk, form, is_settling=True)


@gate(Can.MANAGE_MISSIONS)
@require_POST
def mission_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody was found; or whoever asked needs nobody any more."""
    end = actions.cancel_mission if request.POST.get("ending") == "not_needed" else actions.close_mission
    end(get_visible(Mission, request.actor, pk=pk), actor=request.actor)
    messages.info(request, _("Said to whoever asked, and to everyone who had answered."))
    return redirect(request, "mission_detail", pk)


@gate(Can.MANAGE_MISSIONS)
@require_POST
def mission_door_open(request: HttpRequest) -> HttpResponse:
    """A link for one ward, faculty or laboratory."""
    here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    form = DoorForm(request.POST)
    if form.is_valid() and accepted(form, lambda: actions.open_door(here, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The link is open: copy it and send it."))
    else:
        messages.error(request, _("Say whose link it is: a ward, a faculty, a laboratory."))
    return redirect(request, "mission_list")


@gate(Can.MANAGE_MISSIONS)
@require_POST
def mission_door_set(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a link, or open it again."""
    door = get_visible(MissionDoor, request.actor, pk=pk)
    actions.set_door(door, actor=request.actor, is_open=not door.is_open)
    return redirect(request, "mission_list")


def _show(request: HttpRequest, pk: UUID, form: PickForm | None = None, *, is_settling: bool = False) -> HttpResponse:
    """The page as things stand; after a refusal, everybody ticked is ticked still."""
    mission = get_visible(Mission, request.actor, pk=pk)
    is_to_come = mission.starts_at > timezone.now()
    is_open = is_to_come and MISSION.allows(mission, "close")
    found = visible(MissionAnswer, request.actor).filter(mission=mission).select_related("mission", "peer__person")
    answers = words.answers(found)
    return show(
        request,
        "missions/mission_detail.html",
        status=422 if form is not None else 200,
        mission=mission,
        asked=words.sheet(mission),
        title=words.title(mission),
        answers=answers,
        ticked=form.ticked if form is not None and is_settling else words.first_to_come(answers, mission),
        ticked_to_ask=form.ticked if form is not None else (),
        is_open=is_open,
        can_cancel=is_to_come and MISSION.allows(mission, "cancel"),
        can_settle=any(one.is_yes for one in answers),
        form=form or PickForm(people=[]),
        **_could(fitting(mission, request.actor) if is_open else []),
    )


def _could(fits: list[Fit]) -> dict[str, Any]:
    """As many as a page holds, whose names are opened; said when there are more."""
    could, left_out = [one for one in fits if one.fits], [one for one in fits if not one.fits]
    shown = {"could": could[:MOST], "left_out": left_out[:MOST]}
    vault.preload(one.peer.person.vault_id for rows in shown.values() for one in rows)
    is_cut = max(len(could), len(left_out)) > MOST
    return {**shown, "cut": _("%(most)s people are shown, those who carry least.") % {"most": MOST} if is_cut else ""}
