"""What follows what somebody did: their hours; and what follows what they ask to be paid back."""

from __future__ import annotations

from django.utils import timezone

from vecu.accompaniment import events as pairs
from vecu.accompaniment.enums import Duration
from vecu.accompaniment.models import Contact
from vecu.agenda import events as agenda
from vecu.agenda.enums import Presence
from vecu.agenda.models import Attendance
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.people.enums import Role
from vecu.people.models import Membership
from vecu.recognition import actions
from vecu.recognition import events as recognition
from vecu.recognition.enums import ActivityKind
from vecu.training.enums import Standing
from vecu.training.models import Trainee
from vecu.wiring.telling import holders, tell

# A contact is logged in four words: each counts for so many minutes, the least it says.
MINUTES = {Duration.SHORT: 10, Duration.HALF_HOUR: 30, Duration.HOUR: 60, Duration.LONG: 90}


def count_presence(event: agenda.PresenceRecorded) -> None:
    """Half a day somebody was at; corrected, it is corrected here too. Professionals count their hours elsewhere."""
    row = Attendance.objects.select_related("half_day__gathering").get(pk=event.attendance_id)
    held = Membership.objects.current().filter(person=event.person_id, organisation=event.organisation_id)
    is_held = event.presence == Presence.PRESENT
    if is_held and not (held.with_role(Role.PEER).exists() or _learns_as_patient(event)):
        return
    _note(row, is_held=is_held)


def uncount_cancelled(event: agenda.GatheringCancelled) -> None:
    """What does not take place gave nobody hours nor expenses, whatever was noted before."""
    noted = Attendance.objects.filter(half_day__gathering=event.gathering_id).order_by("pk")
    for row in noted.select_related("half_day__gathering"):
        _note(row, is_held=False)


def _note(row: Attendance, *, is_held: bool) -> None:
    actions.note_activity(
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        kind=row.half_day.gathering.kind,
        source_id=row.pk,
        happened_on=timezone.localdate(row.half_day.starts_at),
        minutes=int(row.half_day.length.total_seconds()) // 60,
        is_held=is_held,
    )


def _learns_as_patient(event: agenda.PresenceRecorded) -> bool:
    """Somebody who trains to become a peer has costs already; a professional in the same course has an employer."""
    here = Trainee.objects.filter(cohort__gathering=event.gathering_id, person=event.person_id)
    return here.exclude(standing=Standing.PROFESSIONAL).exists()


def count_contact(event: pairs.ContactLogged) -> None:
    """A talk logged: its day and its length, never with whom nor about what."""
    contact = Contact.objects.only("happened_on", "duration").get(pk=event.contact_id)
    actions.note_activity(
        organisation_id=event.organisation_id,
        person_id=event.peer_person_id,
        kind=ActivityKind.CONTACT,
        source_id=contact.pk,
        happened_on=contact.happened_on,
        minutes=MINUTES[Duration(contact.duration)],
    )


def tell_coordinators(event: recognition.ClaimSent) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.person_id)
    tell(staff, NoticeKind.CLAIM, event.organisation_id, "claim_detail", event.claim_id)


def tell_of_doubt(event: recognition.ClaimInDoubt) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.person_id)
    tell(staff, NoticeKind.CLAIM_IN_DOUBT, event.organisation_id, "claim_detail", event.claim_id)


def tell_of_answer(event: recognition.ClaimAnswered) -> None:
    notices.put_away(event.claim_id, NoticeKind.CLAIM, NoticeKind.CLAIM_IN_DOUBT)
    tell([event.person_id], NoticeKind.CLAIM_ANSWERED, event.organisation_id, "own_claim", event.claim_id)


def put_away(event: recognition.ClaimWithdrawn) -> None:
    notices.put_away(event.claim_id, NoticeKind.CLAIM, NoticeKind.CLAIM_IN_DOUBT)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(agenda.PresenceRecorded, now=[count_presence])
    wire(agenda.GatheringCancelled, now=[uncount_cancelled])
    wire(pairs.ContactLogged, now=[count_contact])
    wire(recognition.ClaimSent, now=[tell_coordinators])
    wire(recognition.ClaimAnswered, now=[tell_of_answer])
    wire(recognition.ClaimWithdrawn, now=[put_away])
    wire(recognition.ClaimInDoubt, now=[tell_of_doubt])
