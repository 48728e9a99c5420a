"""What every verb of gatherings shares: the lock, the checks, the dates kept on the gathering."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda.enums import EnrolmentState, GatheringKind, GatheringState
from vecu.agenda.models import Enrolment, Gathering, HalfDay
from vecu.core import moments
from vecu.core.access import Scope
from vecu.core.errors import Denied, Refused
from vecu.core.models import Row
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person, Site
from vecu.people.policy import Can

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=6)
FURTHEST = timedelta(days=3 * 365)


def locked(gathering: Gathering) -> Gathering:
    """The gathering as it is now, held until the end of the transaction: places are given one at a time."""
    return Gathering.objects.select_for_update().get(pk=gathering.pk)


def checked(row: Row) -> Row:
    """The row, once its fields and constraints hold; else Refused with what the model says."""
    links = {field.name for field in row._meta.get_fields() if field.many_to_one}
    try:
        row.full_clean(exclude=links)
    except ValidationError as error:
        raise Refused("incomplete", " ".join(dict.fromkeys(error.messages))) from error
    return row


def require_planning(actor: Actor, organisation: Organisation, kind: str, host: Person) -> None:
    """The right is held in this very organisation; whoever was entrusted only some may plan only those."""
    scope = actor.scope(Can.RUN_GATHERINGS)
    if scope < Scope.ALL and actor.organisation_id != organisation.pk:
        raise Denied("run_gatherings in another organisation")
    if scope == Scope.ASSIGNED and kind != GatheringKind.TRAINING and host.pk != actor.person_id:
        raise Denied("run_gatherings that somebody else leads")


def refuse_not_planned(gathering: Gathering) -> None:
    """What is cancelled or over does not change any more."""
    if gathering.state == GatheringState.CANCELLED:
        raise Refused("cancelled", _("This gathering is cancelled: nothing can be changed any more."))
    if gathering.state == GatheringState.HELD:
        raise Refused("over", _("This gathering is over: only presence can still be corrected."))


def refuse_strange_times(starts_at: datetime, ends_at: datetime) -> None:
    """A half-day that can be true: in order, between ten minutes and six hours, within three years."""
    if ends_at <= starts_at:
        raise Refused("ends_before_start", _("A half-day cannot end before it begins. Check its hours."))
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise Refused("strange_length", _("A half-day lasts from ten minutes to six hours. Write a whole day as two."))
    if abs(starts_at - timezone.now()) > FURTHEST:
        raise Refused("strange_date", _("Check the year: this day is more than three years away."))


def refuse_other_site(organisation_id: UUID, site: Site | None) -> None:
    """The place is one of the organisation's own sites, or is not said."""
    if site is not None and site.organisation_id != organisation_id:
        raise Refused("other_site", _("Choose one of the sites of your organisation, or leave the site out."))


def refuse_overlap(gathering: Gathering, starts_at: datetime, ends_at: datetime, but: UUID | None = None) -> None:
    """Two half-days of one gathering never run at the same time: nobody is counted twice."""
    others = HalfDay.objects.filter(gathering=gathering, removed_at=None).exclude(pk=but)
    clash = others.overlapping(starts_at, ends_at).first()
    if clash is not None:
        raise Refused(
            "overlap",
            _("Another half-day of this gathering runs at that time, on %(moment)s.")
            % {"moment": moments.say_datetime(clash.starts_at, weekday=True)},
        )


def keep_dates(gathering: Gathering) -> None:
    """The first and the last moment, kept on the gathering."""
    found = HalfDay.objects.filter(gathering=gathering, removed_at=None).aggregate(
        starts_at=Min("starts_at"), ends_at=Max("ends_at")
    )
    gathering.starts_at, gathering.ends_at = found["starts_at"], found["ends_at"]
    gathering.save(update_fields=["starts_at", "ends_at", "updated_at"])


def people_of(gathering: Gathering, *states: EnrolmentState) -> tuple[UUID, ...]:
    """Those enrolled, and those waiting unless only some states are asked for."""
    rows = Enrolment.objects.standing().filter(gathering=gathering)
    rows = rows.filter(state__in=states) if states else rows
    return tuple(rows.order_by("asked_at", "pk").values_list("person_id", flat=True))
