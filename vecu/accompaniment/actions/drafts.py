"""Answers of the wizard before they are sent: one browser, one week, sealed."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import requests
from vecu.accompaniment.enums import RELATION_SITUATIONS, AgeGroup, RequestSource
from vecu.accompaniment.models import Programme, RequestDraft, SupportRequest
from vecu.core import jobs, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.prepared import Asked, PreparedRows
from vecu.people.actor import Actor
from vecu.people.policy import Can

KEPT = timedelta(days=7)
STEPS = ("who", "story", "wishes", "contact")

# Read on every page of the wizard: written once.
KEPT_HERE = PreparedRows(
    RequestDraft,
    lambda: RequestDraft.objects.filter(
        pk=Asked("pk", UUIDField()),
        programme_id=Asked("programme_id", UUIDField()),
        expires_at__gt=Asked("now", DateTimeField()),
    ),
)


def find_draft(key: str | None, programme: Programme, now: datetime | None = None) -> RequestDraft | None:
    """The draft this browser's session knows, for this programme, if it is not too old."""
    try:
        draft_id = uuid.UUID(key or "")
    except ValueError:
        return None
    draft = KEPT_HERE.first(pk=draft_id, programme_id=programme.pk, now=now or timezone.now())
    if draft is not None:
        draft.programme = programme
    return draft


@transaction.atomic
def save_step(
    draft: RequestDraft | None,
    step: str,
    answers: dict[str, Any],
    *,
    actor: Actor,
    programme: Programme,
    now: datetime | None = None,
) -> RequestDraft:
    """Keep the answers of one step; the first answer opens the draft. Each save gives it a week more."""
    require(actor, Can.ASK_FOR_PEER, programme)
    expires_at = (now or timezone.now()) + KEPT
    if draft is None:
        key = vault.new_key("accompaniment.request")
        draft = RequestDraft(pk=uuid.uuid4(), programme=programme, vault=key, expires_at=expires_at)
        draft.answers = {step: answers}
        draft.save(force_insert=True)
        return draft
    draft.answers = {**(draft.answers or {}), step: answers}
    draft.expires_at = expires_at
    draft.save(update_fields=["answers", "expires_at"])
    return draft


@transaction.atomic
def drop_draft(draft: RequestDraft) -> None:
    """Forget everything typed: the key goes with the answers. Sent meanwhile, it is a request's: both stay."""
    _forget(draft, RequestDraft.objects.all())


def first_unanswered(draft: RequestDraft | None) -> str | None:
    """The step to take next, « guardian » for someone under 15 without one, or None when all is there."""
    answers = (draft.answers or {}) if draft is not None else {}
    for step in STEPS:
        if step not in answers:
            return step
        if step == "who" and answers["who"].get("age_group") == AgeGroup.CHILD and "guardian" not in answers:
            return "guardian"
    return None


@transaction.atomic
def send_draft(
    draft: RequestDraft, *, actor: Actor, language: str = "fr", now: datetime | None = None
) -> tuple[SupportRequest, str]:
    """Make the request, once: whoever deletes the draft sends it; a second sender is told it was sent."""
    if first_unanswered(draft) is not None:
        raise Refused("unfinished", _("One of the questions has no answer yet. Go back to it, then send."))
    answers = draft.answers
    if not RequestDraft.objects.filter(pk=draft.pk).delete()[0]:
        raise Refused("already_sent", _("Your request was already sent: it was recorded once."))
    who, story, wishes, contact = (answers[step] for step in STEPS)
    return requests.receive_request(
        draft.programme,
        actor=actor,
        source=RequestSource.ONLINE,
        asker=_asker(who, wishes, contact, language),
        told=_told(who, story, wishes, contact, has_guardian="guardian" in answers),
        vault_id=draft.vault_id,
        has_agreed=True,
        now=now,
    )


def _asker(who: dict[str, Any], wishes: dict[str, Any], contact: dict[str, Any], language: str) -> requests.Asker:
    return requests.Asker(
        given_name=contact["given_name"],
        phone=contact["phone"],
        email=contact["email"],
        has_shared_mailbox=contact["has_shared_mailbox"],
        town=wishes["town"],
        departement=wishes["departement"],
        birth_year=wishes["birth_year"],
        languages=tuple(wishes["languages"]),
        language=language,
    )


def _told(
    who: dict[str, Any], story: dict[str, Any], wishes: dict[str, Any], contact: dict[str, Any], *, has_guardian: bool
) -> requests.Told:
    needs: dict[str, Any] = {"age_group": who["age_group"]}
    if has_guardian:
        needs["guardian"] = True
    for name in ("conditions", "own_condition", "stage"):
        if story.get(name):
            needs[name] = story[name]
    if who["relation"] in RELATION_SITUATIONS:
        needs["situations"] = [RELATION_SITUATIONS[who["relation"]]]
    asked = ("gender", "near_my_age", "channels", "slots", "not_same_site", "not_same_town")
    return requests.Told(
        role=who["role"],
        relation=who["relation"],
        needs=needs,
        wishes={name: wishes[name] for name in asked if wishes.get(name)} | {"matters": story["matters"]},
        own_words=story["own_words"],
        call_parts=tuple(contact["call_parts"]),
        site_id=wishes["site"] or None,
    )


@jobs.periodic("accompaniment.forget_drafts", at=time(3, 40))
def forget_drafts(now: datetime) -> None:
    """A request never sent is erased after a week."""
    for draft in RequestDraft.objects.filter(expires_at__lte=now).iterator():
        _forget(draft, RequestDraft.objects.filter(expires_at__lte=now))


@transaction.atomic
def _forget(draft: RequestDraft, among: QuerySet[RequestDraft]) -> None:
    """Whoever deletes the row holds its key: one that is no longer there, or was given a week more, is left alone."""
    if among.filter(pk=draft.pk).delete()[0]:
        vault.destroy(draft.vault_id)
