"""The sealed contact: written by the person, opened in an immediate danger by two people, or by one who answers
for it the next day; always journaled, and the person is told afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.safeguarding.actions import reviews
from vecu.safeguarding.enums import AlertState, Danger, OpeningState
from vecu.safeguarding.events import SealedAsked, SealedOpened, SealedTold
from vecu.safeguarding.models import Alert, SealedContact, SealedOpening
from vecu.safeguarding.workflows import OPENING

FIELDS = ("town", "phone", "relative", "relative_phone")
SHORTEST_REASON = 10
# Long enough for a night of calls; then it is asked for again.
READABLE = timedelta(hours=4)
TOLD_AT_THE_LATEST = timedelta(days=7)


@transaction.atomic
def write_contact(
    person: Person,
    *,
    actor: Actor,
    town: str = "",
    phone: str = "",
    relative: str = "",
    relative_phone: str = "",
    now: datetime | None = None,
) -> SealedContact:
    """Keep whom to reach if one's life is in danger: by the person alone, all of it optional. Replaces what was there."""
    _require_own(person, actor)
    told = dict(zip(FIELDS, (town.strip(), phone.strip(), relative.strip(), relative_phone.strip()), strict=True))
    if not any(told.values()):
        raise Refused("empty", _("Write at least one of these, or erase all of it."))
    contact = SealedContact.objects.filter(person=person).first()
    if contact is None:
        contact = SealedContact(person=person, vault=vault.new_key("safeguarding.sealed"))
    for name, value in told.items():
        setattr(contact, name, value)
    contact.written_at = now or timezone.now()
    contact.save()
    journal.write(actor, "sealed.write", contact, subject=person)
    return contact


@transaction.atomic
def erase_contact(person: Person, *, actor: Actor) -> None:
    """Take it back: the key goes, then the row. Nothing to erase is not an error."""
    _require_own(person, actor)
    contact = SealedContact.objects.filter(person=person).first()
    if contact is not None:
        journal.write(actor, "sealed.erase", contact, subject=person)
        destroy_contact(contact)


@transaction.atomic
def move_contact(from_id: UUID, to_id: UUID) -> None:
    """What someone sealed before signing in follows them into their own file; the newer of two is kept."""
    kept, *older = SealedContact.objects.filter(person_id__in=[from_id, to_id]).order_by("-written_at") or [None]
    for contact in older:
        destroy_contact(contact)
    if kept is not None and kept.person_id != to_id:
        kept.person_id = to_id
        kept.save(update_fields=["person", "updated_at"])


def forget_contact(person_id: UUID) -> None:
    """Nothing links to this person any more: what they had sealed goes."""
    for contact in SealedContact.objects.filter(person_id=person_id):
        destroy_contact(contact)


def destroy_contact(contact: SealedContact) -> None:
    """The key first, so that no copy can be read; then the row."""
    vault.destroy(contact.vault_id)
    contact.delete()


@transaction.atomic
def ask_opening(
    alert: Alert, *, actor: Actor, reason: str, is_alone: bool = False, now: datetime | None = None
) -> SealedOpening:
    """Ask to open the sealed contact, from an alert on which immediate danger is ticked, with a reason. A second
    person agrees; or, in an imminent peril, one alone opens it now and somebody else looks at it the next day."""
    require(actor, Can.HANDLE_ALERT, alert)
    _refuse_unless_danger(alert)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("no_reason", _("Say in a few words why it must be opened: the person will read it."))
    if SealedOpening.objects.filter(alert=alert, state=OpeningState.ASKED).exists():
        raise Refused("already_asked", _("It is already asked: somebody else has only to agree."))
    moment = now or timezone.now()
    opening = SealedOpening(
        organisation_id=alert.organisation_id,
        alert=alert,
        person_id=alert.subject_id,
        asked_by_id=actor.person_id,
        asked_at=moment,
        reason=reason.strip(),
        is_alone=is_alone,
    )
    opening.save(force_insert=True)
    journal.write(actor, "sealed.ask", alert, subject=alert.subject_id)
    if is_alone:
        OPENING.apply(opening, "open_alone", actor=actor, opened_at=moment)
        reviews.plan_after_opening(opening, now=moment)
        _opened(opening, actor)
    else:
        publish(SealedAsked(opening.pk, alert.pk, alert.organisation_id, actor.person_id, alert.subject_id))
    return opening


@transaction.atomic
def agree_opening(opening: SealedOpening, *, actor: Actor, now: datetime | None = None) -> SealedOpening:
    """The second person, who is never the first, agrees: both may read it for a few hours."""
    require(actor, Can.HANDLE_ALERT, opening)
    if opening.asked_by_id == actor.person_id:
        raise Refused("second_needed", _("Somebody else than you must agree. In an imminent peril, open it alone."))
    _refuse_unless_danger(opening.alert)
    OPENING.apply(opening, "agree", actor=actor, second_id=actor.person_id, opened_at=now or timezone.now())
    _opened(opening, actor)
    return opening


@transaction.atomic
def refuse_opening(opening: SealedOpening, *, actor: Actor) -> None:
    """The second person does not agree, or the first takes it back: it stays sealed."""
    require(actor, Can.HANDLE_ALERT, opening)
    OPENING.apply(
        opening, "refuse", actor=actor, second_id=None if opening.asked_by_id == actor.person_id else actor.person_id
    )


@transaction.atomic
def read_contact(opening: SealedOpening, *, actor: Actor, now: datetime | None = None) -> SealedContact:
    """What is written, to whoever asked and whoever agreed, for four hours and while the alert stands. Each reading
    is journaled with a neutral reason: the words of the reason stay sealed with the alert."""
    require(actor, Can.HANDLE_ALERT, opening)
    if not is_readable(opening, actor=actor, now=now):
        raise Refused("not_open", _("It is not open for you now. Ask for it again if the danger is still there."))
    contact = SealedContact.objects.filter(person_id=opening.person_id).first()
    if contact is None:
        raise Refused("nothing_sealed", _("This person has taken back what they had written."))
    reason = _("Imminent peril") if opening.is_alone else _("Immediate danger, agreed by two people")
    journal.read(actor, "sealed.read", opening.alert, subject=opening.person_id, reason=reason)
    return contact


def is_readable(opening: SealedOpening, *, actor: Actor, now: datetime | None = None) -> bool:
    """Opened less than four hours ago, of an alert that stands, by or with this actor."""
    if opening.opened_at is None or opening.alert.state == AlertState.CLOSED:
        return False
    is_theirs = actor.person_id is not None and actor.person_id in (opening.asked_by_id, opening.second_id)
    return is_theirs and (now or timezone.now()) < opening.opened_at + READABLE


def tell_of_openings(alert: Alert, *, now: datetime) -> None:
    """The alert is over: whoever had their sealed contact opened is told."""
    for opening in alert.openings.filter(state=OpeningState.OPENED, told_at=None):
        _tell(opening, now)


def tell_late(now: datetime) -> int:
    """Told a week after the opening at the latest, even while an alert drags on. Run each night."""
    late = SealedOpening.objects.filter(
        state=OpeningState.OPENED, told_at=None, opened_at__lte=now - TOLD_AT_THE_LATEST
    )
    for opening in late:
        _tell(opening, now)
    return len(late)


def _tell(opening: SealedOpening, now: datetime) -> None:
    SealedOpening.objects.filter(pk=opening.pk).update(told_at=now, updated_at=now)
    publish(SealedTold(opening.pk, opening.organisation_id, opening.person_id))


def _opened(opening: SealedOpening, actor: Actor) -> None:
    publish(
        SealedOpened(
            opening.pk, opening.alert_id, opening.organisation_id, actor.person_id, opening.person_id, opening.is_alone
        )
    )


def _refuse_unless_danger(alert: Alert) -> None:
    if alert.state == AlertState.CLOSED or alert.danger != Danger.YES:
        raise Refused("no_danger", _("It opens only from an alert that stands and says “immediate danger”."))
    if alert.subject_id is None or not SealedContact.objects.filter(person_id=alert.subject_id).exists():
        raise Refused("nothing_sealed", _("This person has written nothing under seal."))


def _require_own(person: Person, actor: Actor) -> None:
    require(actor, Can.SEE_OWN_DATA, person)
    if actor.person_id != person.pk:
        raise Denied("a sealed contact is written by the person themselves")
