"""Planning a gathering, changing it, cancelling it, and its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda.actions import enrolments, rows
from vecu.agenda.actions.half_days import write_half_day
from vecu.agenda.enums import EnrolmentState, GatheringKind
from vecu.agenda.events import GatheringCancelled, GatheringHeld, GatheringPlanned
from vecu.agenda.models import Gathering
from vecu.agenda.workflows import ENROLMENT, GATHERING
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person, Site
from vecu.people.policy import Can

HalfDayGiven = tuple[datetime, datetime, Site | None, str]
MOST_PLACES = 500


@transaction.atomic
def plan_gathering(
    organisation: Organisation,
    *,
    actor: Actor,
    kind: str,
    title: str,
    host: Person,
    places: int | None = None,
    is_open: bool = False,
    half_days: Iterable[HalfDayGiven] = (),
) -> Gathering:
    """A gathering with at least one half-day; its usual place is that of the first one."""
    require(actor, Can.RUN_GATHERINGS)
    rows.require_planning(actor, organisation, kind, host)
    given = sorted(half_days, key=lambda each: each[0])
    if not given:
        raise Refused("no_half_day", _("Give at least one half-day: a day, and from when to when."))
    if kind not in GatheringKind.values:
        raise Refused("unknown_choice", _("Choose what kind of gathering it is."))
    _refuse_strange_places(places)
    gathering = Gathering(
        organisation=organisation,
        kind=kind,
        title=title.strip(),
        host=host,
        site=given[0][2],
        place=given[0][3].strip(),
        places=places,
        is_open=is_open,
        starts_at=given[0][0],
        ends_at=max(each[1] for each in given),
    )
    rows.checked(gathering)
    gathering.save(force_insert=True)
    for starts_at, ends_at, site, place in given:
        write_half_day(gathering, starts_at=starts_at, ends_at=ends_at, site=site, place=place)
    journal.write(actor, "gathering.plan", gathering)
    publish(GatheringPlanned(gathering.pk, organisation.pk, gathering.kind, actor.person_id))
    return gathering


@transaction.atomic
def edit_gathering(
    gathering: Gathering,
    *,
    actor: Actor,
    title: str | None = None,
    host: Person | None = None,
    places: int | None = None,
    is_open: bool | None = None,
) -> Gathering:
    """Change its title, who leads it and how many places; more places go to those who wait, in their order.

    `places` is always written, so that a limit can be taken away; never under the number already enrolled.
    """
    require(actor, Can.RUN_GATHERINGS, gathering)
    held = rows.locked(gathering)
    rows.refuse_not_planned(held)
    _refuse_strange_places(places)
    held.title = held.title if title is None else title.strip()
    held.host = held.host if host is None else host
    held.is_open = held.is_open if is_open is None else is_open
    held.places = places
    rows.checked(held)
    held.save()
    enrolments.give_free_places(held, actor=actor)
    journal.write(actor, "gathering.edit", held)
    return held


@transaction.atomic
def cancel_gathering(gathering: Gathering, *, actor: Actor, now: datetime | None = None) -> Gathering:
    """It does not take place: whoever was enrolled or waited is told. Presence already recorded stays."""
    require(actor, Can.RUN_GATHERINGS, gathering)
    now = now or timezone.now()
    held = rows.locked(gathering)
    told = rows.people_of(held)
    GATHERING.apply(held, "cancel", actor=actor, cancelled_at=now)
    publish(GatheringCancelled(held.pk, held.organisation_id, told))
    gathering.refresh_from_db()
    return gathering


@transaction.atomic
def hold_gatherings_over(now: datetime, *, actor: Actor) -> int:
    """Those whose last half-day is over took place; those still waiting wait no more. Returns how many."""
    over = Gathering.objects.planned().filter(ends_at__lte=now).select_for_update()
    count = 0
    for gathering in over:
        for enrolment in gathering.enrolments.filter(state=EnrolmentState.WAITING):
            ENROLMENT.apply(enrolment, "withdraw", actor=actor, withdrawn_at=now)
        GATHERING.apply(gathering, "hold", actor=actor)
        publish(GatheringHeld(gathering.pk, gathering.organisation_id, gathering.kind))
        count += 1
    return count


def _refuse_strange_places(places: int | None) -> None:
    if places is not None and not 1 <= places <= MOST_PLACES:
        raise Refused(
            "strange_places",
            _("Choose between 1 and %(most)s places, or leave it empty for no limit.") % {"most": MOST_PLACES},
        )
