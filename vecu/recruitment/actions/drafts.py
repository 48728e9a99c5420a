"""An application being written: a few answers a page, kept sealed, taken up again with a code."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, receipts, vault
from vecu.core.access import require
from vecu.core.crypto import ERASED, blind_index
from vecu.core.errors import Refused
from vecu.core.prepared import Asked, PreparedRows
from vecu.people.actions import throttles
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recruitment.actions import applications
from vecu.recruitment.models import Application, ApplicationDraft, Campaign, Recruitment

KEPT = timedelta(days=30)
STEPS = ("you", "lived", "offer", "words", "rules", "contact")
RESUME_PURPOSE = "recruitment.resume"

# Read on every page of the form: written once.
KEPT_HERE = PreparedRows(
    ApplicationDraft,
    lambda: ApplicationDraft.objects.filter(pk=Asked("pk", UUIDField()), expires_at__gt=Asked("now", DateTimeField())),
    *("recruitment__organisation", "campaign"),
)


def find_draft(key: str | None, now: datetime | None = None) -> ApplicationDraft | None:
    """The application this browser's session is writing, if it is not too old."""
    try:
        draft_id = uuid.UUID(key or "")
    except ValueError:
        return None
    return KEPT_HERE.first(pk=draft_id, now=now or timezone.now())


@transaction.atomic
def save_step(
    draft: ApplicationDraft | None,
    step: str,
    answers: dict[str, Any],
    *,
    actor: Actor,
    recruitment: Recruitment,
    profile: str,
    campaign: Campaign | None = None,
    now: datetime | None = None,
) -> ApplicationDraft:
    """Keep the answers of one page; the first answer opens the draft. Each save gives it a month more."""
    require(actor, Can.APPLY, recruitment)
    expires_at = (now or timezone.now()) + KEPT
    if draft is None:
        key = vault.new_key("recruitment.draft")
        draft = ApplicationDraft(pk=uuid.uuid4(), recruitment=recruitment, vault=key, profile=profile)
        draft.answers, draft.expires_at, draft.campaign = {step: answers}, expires_at, campaign
        draft.save(force_insert=True)
        return draft
    draft.answers = {**(draft.answers or {}), step: answers}
    draft.profile, draft.expires_at, draft.campaign = profile, expires_at, campaign or draft.campaign
    draft.save(update_fields=["answers", "profile", "expires_at", "campaign"])
    return draft


@transaction.atomic
def give_code(draft: ApplicationDraft, *, actor: Actor) -> str:
    """A code to go on elsewhere, shown once; a new one takes the place of the last."""
    require(actor, Can.APPLY)
    code = receipts.new_code()
    draft.resume_index = blind_index(code, RESUME_PURPOSE)
    draft.save(update_fields=["resume_index"])
    return code


def resume(typed: str, *, network: str, now: datetime | None = None) -> ApplicationDraft | None:
    """The draft of this code. Wrong codes are counted for the network they come from, and slowed down."""
    now = now or timezone.now()
    door = throttles.Door(address=f"resume|{throttles.network_of(network)}")
    throttles.check_guess(door, now)
    digits, found = receipts.digits_of(typed), None
    if digits:
        same = ApplicationDraft.objects.filter(resume_index=blind_index(digits, RESUME_PURPOSE))
        found = same.filter(expires_at__gt=now).select_related("recruitment").first()
    if found is None:
        throttles.count_wrong_guess(door, now)
    return found


@transaction.atomic
def drop_draft(draft: ApplicationDraft, *, actor: Actor) -> None:
    """Forget everything typed: the key goes with the answers."""
    require(actor, Can.APPLY)
    draft.delete()
    vault.destroy(draft.vault_id)


def first_unanswered(draft: ApplicationDraft | None) -> str | None:
    """The page to take next, or None when all are there."""
    answers = (draft.answers or {}) if draft is not None else {}
    return next((step for step in STEPS if step not in answers), None)


@transaction.atomic
def send_draft(
    draft: ApplicationDraft, *, actor: Actor, language: str = "fr", now: datetime | None = None
) -> tuple[Application, str]:
    """Make the application, once: whoever deletes the draft sends it; a second sender is told it was sent.

    The draft's key is destroyed: the applicant's own words go under a key of their own, which ends at the decision.
    """
    answers = draft.answers
    if answers is not ERASED and first_unanswered(draft) is not None:
        raise Refused("unfinished", _("One of the questions has no answer yet. Go back to it, then send."))
    if not ApplicationDraft.objects.filter(pk=draft.pk).delete()[0] or answers is ERASED:
        raise Refused("already_sent", _("Your application was already sent: it was recorded once."))
    vault.destroy(draft.vault_id)
    return applications.receive_application(
        draft.recruitment,
        actor=actor,
        profile=draft.profile,
        answers=answers,
        language=language,
        campaign=draft.campaign,
        now=now,
    )


@jobs.periodic("recruitment.forget_drafts", at=time(3, 42))
def forget_drafts(now: datetime) -> None:
    """An application never sent is erased after a month."""
    for draft in ApplicationDraft.objects.filter(expires_at__lte=now).iterator():
        draft.delete()
        vault.destroy(draft.vault_id)
