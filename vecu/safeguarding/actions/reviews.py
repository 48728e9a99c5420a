"""Looking at an alert again: the day after, a week later, with the peer who gave it, and at what was opened alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.crypto import sealed
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.policy import Can
from vecu.safeguarding.enums import ReviewKind
from vecu.safeguarding.models import Alert, AlertReview, SealedOpening

AFTER = {ReviewKind.DAY: timedelta(hours=24), ReviewKind.WEEK: timedelta(days=7)}
MORNING = time(9)


def plan(alert: Alert, *, actor: Actor, now: datetime) -> None:
    """At 24 hours and at 7 days, whatever becomes of the alert; and a talk with the peer who gave it, within a day."""
    for kind, after in AFTER.items():
        _add(alert, kind, now + after)
    if Role.PEER in actor.roles and actor.person_id != alert.subject_id:
        AlertReview.objects.create(
            organisation_id=alert.organisation_id,
            alert=alert,
            kind=ReviewKind.DEBRIEF,
            person_id=actor.person_id,
            due_at=now + AFTER[ReviewKind.DAY],
        )


def plan_after_opening(opening: SealedOpening, *, now: datetime) -> None:
    """Somebody else looks, the next day, at what one person opened alone."""
    AlertReview.objects.create(
        organisation_id=opening.organisation_id,
        alert_id=opening.alert_id,
        kind=ReviewKind.ALONE,
        opening=opening,
        due_at=now + AFTER[ReviewKind.DAY],
    )


def move(alert: Alert, *, to: date) -> None:
    """Whoever closes may choose another day for the last look."""
    moment = timezone.make_aware(datetime.combine(to, MORNING))
    alert.reviews.filter(kind=ReviewKind.WEEK, done_at=None).update(due_at=moment)


@transaction.atomic
def record_review(review: AlertReview, *, actor: Actor, note: str, now: datetime | None = None) -> AlertReview:
    """Say in a few words what was looked at and decided, once. Nobody reviews what they opened alone."""
    require(actor, Can.HANDLE_ALERT, review)
    if not note.strip():
        raise Refused("note_missing", _("Write in a few words what you looked at."))
    if review.opening is not None and review.opening.asked_by_id == actor.person_id:
        raise Refused("own_opening", _("You opened it yourself: somebody else looks at it."))
    moment = now or timezone.now()
    done = AlertReview.objects.filter(pk=review.pk, done_at=None).update(
        done_at=moment, done_by_id=actor.person_id, note=sealed(review, "note", note.strip()), updated_at=moment
    )
    if not done:
        raise Refused("already_done", _("Someone has already done it."))
    review.refresh_from_db()
    journal.write(actor, f"alert.review_{review.kind}", review.alert, subject=review.alert.subject)
    return review


def _add(alert: Alert, kind: ReviewKind, due_at: datetime) -> None:
    AlertReview.objects.create(organisation_id=alert.organisation_id, alert=alert, kind=kind, due_at=due_at)
