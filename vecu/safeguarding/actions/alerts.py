"""Alerts: opened by a human, owned by a human, closed by a human; clocks tell more people while nobody takes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, journal, vault
from vecu.core.access import require
from vecu.core.dates import add_months
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people import actor as actors
from vecu.people.actor import Actor
from vecu.people.enums import STAFF_ROLES, Role
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can
from vecu.safeguarding import duty
from vecu.safeguarding.actions import reviews, sealed
from vecu.safeguarding.enums import AlertKind, AlertOutcome, Danger
from vecu.safeguarding.events import AlertEscalated, AlertOpened
from vecu.safeguarding.models import Alert, AlertClock, CrisisPath, DutyShift
from vecu.safeguarding.workflows import ALERT

# Minutes after opening at which, if nobody has taken the alert, one more circle is told.
ESCALATION = (("duty", 0), ("second", 15), ("referent", 30), ("head", 60))
KEPT_MONTHS = 12


@transaction.atomic
def open_alert(
    organisation: Organisation,
    *,
    actor: Actor,
    kind: AlertKind,
    subject: Person | None = None,
    danger: Danger = Danger.UNSURE,
    where: str = "",
    facts: str = "",
    now: datetime | None = None,
) -> Alert:
    """Open an alert with its four clocks and the days on which it is looked at again. Anyone in an exchange may. The
    first circle is told at once, or when duty hours begin; a paid line is rung by a human, never by Vécu."""
    require(actor, Can.RAISE_ALERT)
    if organisation.pk != actor.organisation_id:
        raise Refused("elsewhere", _("You can only raise an alert where you take part."))
    moment = now or timezone.now()
    roster = duty.roster(organisation.pk, moment)
    alert = Alert.objects.create(
        organisation=organisation,
        vault=vault.new_key("alert"),
        kind=kind,
        danger=danger,
        subject=subject,
        opened_by_id=actor.person_id,
        opened_at=moment,
        counted_from=roster.counts_from(moment),
        opened_on_duty=roster.state(moment).is_on_duty,
        where=where,
        facts=facts,
    )
    _start_clocks(alert)
    reviews.plan(alert, actor=actor, now=moment)
    journal.write(actor, "alert.open", alert, subject=subject)
    publish(AlertOpened(alert.pk, organisation.pk))
    return alert


def _start_clocks(alert: Alert) -> None:
    """Each step is a row and a job: it survives whatever stops in between."""
    for step, minutes in ESCALATION:
        due_at = alert.counted_from + timedelta(minutes=minutes)
        AlertClock.objects.create(alert=alert, step=step, minutes=minutes, due_at=due_at)
        jobs.enqueue(
            "safeguarding.escalate",
            payload={"alert": str(alert.pk), "step": step},
            run_at=due_at,
            key=f"escalate:{alert.pk}:{step}",
        )


@transaction.atomic
def escalate(alert_id: UUID, step: str, *, now: datetime | None = None) -> None:
    """Tell one more circle, if nobody has taken the alert. Runs once per step whatever dies in between."""
    moment = now or timezone.now()
    clocks = AlertClock.objects.select_for_update(of=("self",)).select_related("alert")
    clock = clocks.get(alert_id=alert_id, step=step)
    if clock.done_at is not None:
        return
    if not ALERT.allows(clock.alert, "take"):
        return
    people = circle(clock.alert, step, moment)
    clock.told.set(people)
    clock.done_at = moment
    clock.save(update_fields=["done_at", "updated_at"])
    system = actors.system(clock.alert.organisation_id)
    journal.write(system, f"alert.told_{step}", clock.alert, subject=clock.alert.subject)
    publish(AlertEscalated(alert_id, clock.alert.organisation_id, step, tuple(person.pk for person in people)))


def circle(alert: Alert, step: str, moment: datetime) -> list[Person]:
    """Whom a step tells: those who still work here, never of an alert about themselves. A circle in which nobody is
    left falls to the coordinators."""
    return _who_may_be_told(alert, _circle(alert.organisation_id, step, moment), moment) or _who_may_be_told(
        alert, coordinators(alert.organisation_id), moment
    )


def _who_may_be_told(alert: Alert, people: list[Person], moment: datetime) -> list[Person]:
    here = still_here(alert.organisation_id, moment)
    return [person for person in people if person.pk in here and person.pk != alert.subject_id]


def still_here(organisation_id: UUID, moment: datetime) -> set[UUID]:
    """Whoever works here that day, and about whom nothing is stopped."""
    working = Membership.objects.filter(organisation_id=organisation_id).current(timezone.localdate(moment))
    reachable = working.with_role(*STAFF_ROLES).filter(person__stopped_at=None, person__erased_at=None)
    return set(reachable.values_list("person_id", flat=True))


def _circle(organisation_id: UUID, step: str, moment: datetime) -> list[Person]:
    if step in ("duty", "second"):
        shifts = DutyShift.objects.filter(organisation_id=organisation_id).at(moment).select_related("person")
        wanted = 1 if step == "duty" else 2
        return [shift.person for shift in shifts if shift.rank == wanted]
    path = CrisisPath.objects.filter(organisation_id=organisation_id).approved().first()
    if path is None:
        return []
    if step == "head":
        return [path.head]
    return [path.referent, *_with_role(organisation_id, Role.COORDINATOR)]


def coordinators(organisation_id: UUID) -> list[Person]:
    """Those to whom an empty circle falls."""
    return _with_role(organisation_id, Role.COORDINATOR)


def _with_role(organisation_id: UUID, role: Role) -> list[Person]:
    memberships = Membership.objects.filter(organisation_id=organisation_id).current().with_role(role)
    return [membership.person for membership in memberships.select_related("person")]


@transaction.atomic
def take_alert(alert: Alert, *, actor: Actor, now: datetime | None = None) -> None:
    """A named person takes the alert: the clocks stop."""
    require(actor, Can.HANDLE_ALERT, alert)
    ALERT.apply(alert, "take", actor=actor, owner_id=actor.person_id, taken_at=now or timezone.now())
    for step, _minutes in ESCALATION:
        jobs.cancel(key=f"escalate:{alert.pk}:{step}")


@transaction.atomic
def take_over_alert(alert: Alert, *, actor: Actor, seen: UUID) -> None:
    """Another named person takes it over from whom they saw in charge; of two at once, one is told."""
    require(actor, Can.HANDLE_ALERT, alert)
    owner_id = Alert.objects.select_for_update().values_list("owner_id", flat=True).get(pk=alert.pk)
    if owner_id == actor.person_id:
        raise Refused("already_yours", _("This alert is already in your hands."))
    if owner_id != seen:
        raise Refused("taken_over", _("Someone else has just taken this alert. Look who has it, then decide."))
    ALERT.apply(alert, "hand_over", actor=actor, owner_id=actor.person_id)


@transaction.atomic
def close_alert(
    alert: Alert,
    *,
    actor: Actor,
    outcome: AlertOutcome,
    note: str = "",
    review_on: date | None = None,
    now: datetime | None = None,
) -> None:
    """Close with a reason, by hand only; looked at again within a week unless another day is said; whoever had their
    sealed contact opened is told; the note goes a year later."""
    require(actor, Can.HANDLE_ALERT, alert)
    if outcome == AlertOutcome.OTHER and not note.strip():
        raise Refused("note_missing", _("Write in a few words what was decided."))
    moment = now or timezone.now()
    day = timezone.localdate(moment)
    alert.closing_note = note
    alert.save(update_fields=["closing_note", "updated_at"])
    ALERT.apply(
        alert,
        "close",
        actor=actor,
        outcome=outcome,
        closed_at=moment,
        expires_on=add_months(day, KEPT_MONTHS),
    )
    if review_on is not None:
        reviews.move(alert, to=review_on)
    sealed.tell_of_openings(alert, now=moment)


@transaction.atomic
def mark_danger(alert: Alert, *, actor: Actor, now: datetime | None = None) -> None:
    """A human ticks immediate danger on an alert that did not say so: the page says to call 15 now."""
    require(actor, Can.HANDLE_ALERT, alert)
    standing = Alert.objects.standing().filter(pk=alert.pk).exclude(danger=Danger.YES)
    if not standing.update(danger=Danger.YES, updated_at=now or timezone.now()):
        raise Refused("already_marked", _("This alert already says so, or is closed."))
    alert.danger = Danger.YES
    journal.write(actor, "alert.danger", alert, subject=alert.subject)


@transaction.atomic
def read_alert(alert: Alert, *, actor: Actor) -> Alert:
    """Opening what an alert says about someone is journaled, and shown to that person."""
    require(actor, Can.SEE_ALERTS, alert)
    if alert.subject_id is not None:
        journal.read(actor, "alert", alert, subject=alert.subject)
    return alert
