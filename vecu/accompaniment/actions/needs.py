"""Needs nobody could answer: kept as experience, place and wish, without the person."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from vecu.accompaniment.enums import AgeGroup
from vecu.accompaniment.events import NeedMet, NeedNoted
from vecu.accompaniment.models import SupportRequest, UnmetNeed
from vecu.core import journal
from vecu.core.access import require
from vecu.core.events import publish
from vecu.peers.enums import AgeClass
from vecu.people.actor import Actor
from vecu.people.policy import Can

# Those that make somebody harder to find.
WISHES = ("gender", "near_my_age", "not_same_site", "not_same_town")


@transaction.atomic
def note_need(request: SupportRequest, *, actor: Actor, now: date | None = None) -> UnmetNeed:
    """Keep what was asked and not found. A request is counted once, however often it is noted; one which was met, and
    waits again, is missing again from today."""
    require(actor, Can.TRIAGE_REQUEST, request)
    need = UnmetNeed.objects.filter(request=request).order_by("-noted_on").first()
    if need is not None and need.met_on is None:
        return need
    needs, wishes = request.told, request.wished
    codes = [*needs.get("conditions", []), *needs.get("treatments", []), *wishes.get("matters", [])]
    need = need or UnmetNeed(organisation_id=request.organisation_id, request=request)
    need.noted_on, need.met_on = now or timezone.localdate(), None
    need.codes, need.role = list(dict.fromkeys(codes)), request.role
    need.departement = request.departement
    is_minor = needs.get("age_group") in (AgeGroup.YOUNG, AgeGroup.CHILD)
    need.age_class = AgeClass.of(request.birth_year, need.noted_on, is_minor=is_minor) or ""
    need.wishes = [name for name in WISHES if wishes.get(name)]
    need.reasons = list(request.unmatched_reasons)
    need.save()
    journal.write(actor, "need.note", need)
    publish(NeedNoted(need.pk, need.organisation_id))
    return need


@transaction.atomic
def mark_met(request: SupportRequest, *, actor: Actor, now: date | None = None) -> None:
    """A peer was found after all. Followed from the pair's opening, so it asks for no right of its own."""
    need = UnmetNeed.objects.filter(request=request, met_on=None).first()
    if need is None:
        return
    need.met_on = now or timezone.localdate()
    need.save(update_fields=["met_on", "updated_at"])
    journal.write(actor, "need.met", need)
    publish(NeedMet(need.pk, need.organisation_id, need.met_on))
