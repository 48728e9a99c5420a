"""What every verb of hours and expenses shares."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vecu.core.access import Scope
from vecu.core.errors import Denied, Refused
from vecu.core.models import Row
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recognition.enums import OPEN_TO_CHANGES, Status
from vecu.recognition.models import Activity, Claim, ClaimCounter


def locked(claim: Claim) -> Claim:
    """The claim as it is now, held until the end of the transaction."""
    return Claim.objects.select_for_update().get(pk=claim.pk)


def version_of(claim: Claim) -> str:
    """Which sending this is: mended and sent again, it is another."""
    return f"{claim.sent_at.timestamp():.6f}" if claim.sent_at else ""


def refuse_stale(claim: Claim, seen: str | None) -> None:
    """Money is decided on what the page showed, not on what was sent again since. `seen` is the version of the page;
    without a page, that of the row in hand."""
    if (version_of(claim) if seen is None else seen) != version_of(locked(claim)):
        raise Refused(
            "stale", _("This claim was sent again since you opened the page. Look at it as it is now, then decide.")
        )


def take_number(organisation_id: UUID) -> int:
    """The next number of this organisation, once and for all. The organisation is held while it is taken, so that two
    claims sent at the same second follow each other."""
    Organisation.objects.select_for_update().get(pk=organisation_id)
    counter, _is_first = ClaimCounter.objects.get_or_create(organisation_id=organisation_id)
    counter.number += 1
    counter.save(update_fields=["number", "updated_at"])
    return counter.number


def checked(row: Row) -> Row:
    """The row, once its fields and constraints hold; else Refused with what the model says."""
    links = {field.name for field in row._meta.get_fields() if field.many_to_one}
    try:
        row.full_clean(exclude=links)
    except ValidationError as error:
        raise Refused("incomplete", " ".join(dict.fromkeys(error.messages))) from error
    return row


def require_in(actor: Actor, can: Can, organisation: Organisation, least: Scope = Scope.ORGANISATION) -> None:
    """The right is held in this very organisation, as far as this at least."""
    scope = actor.scope(can)
    if scope < least or (scope < Scope.ALL and actor.organisation_id != organisation.pk):
        raise Denied(f"{can} in this organisation")


def require_own(actor: Actor, person_id: UUID) -> None:
    """Nobody asks for money in somebody else's name."""
    if actor.person_id != person_id:
        raise Denied("claim the expenses of somebody else")


def refuse_own(actor: Actor, person_id: UUID) -> None:
    """Nobody decides about their own money."""
    if actor.person_id == person_id:
        raise Refused("own", _("Somebody else decides about your own expenses and status."))


def refuse_fixed(claim: Claim) -> None:
    """What was sent is changed only once it comes back."""
    if claim.state not in OPEN_TO_CHANGES:
        raise Refused(
            "sent", _("This claim was already sent: it can no longer be changed. Take it back, then begin it again.")
        )


def refuse_missed(activity: Activity | None) -> None:
    """Nothing is paid for a presence that was corrected to absent."""
    if activity is not None and not activity.is_held:
        raise Refused(
            "absent",
            _("The presence was corrected since: the person is noted as absent that day. Check the attendance list."),
        )


def is_volunteered(claim: Claim) -> bool:
    """Only a volunteer's expenses can be left as a gift: those of paid work are not."""
    return claim.activity is not None and claim.activity.status == Status.VOLUNTEER
