"""Seats of a cohort kept for people who are still looked for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible
from vecu.core.errors import Refused
from vecu.core.http import redirect
from vecu.people.policy import Can
from vecu.training import actions, context
from vecu.training.forms import SeatsForm
from vecu.training.models import Cohort, KeptSeats


@gate(Can.MANAGE_TRAINING)
@require_POST
def seats_keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep them in the group chosen; too many is said, and nothing is kept."""
    wanted = get_visible(KeptSeats, request.actor, pk=pk)
    form = SeatsForm(request.POST, cohorts=context.cohorts_to_come(request.actor, timezone.now()))
    if not form.is_valid():
        messages.error(request, _("Choose a group in the list, and how many seats."))
        return redirect(request, "training_list")
    cohort = get_visible(Cohort, request.actor, Can.MANAGE_TRAINING, pk=form.cleaned_data["cohort"])
    try:
        actions.keep_seats(wanted, cohort, actor=request.actor, seats=form.cleaned_data["seats"])
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(request, "training_list")
    messages.success(request, _("The seats are kept: whoever comes through this recruitment takes one when enrolled."))
    return redirect(request, "cohort_detail", cohort.pk)
