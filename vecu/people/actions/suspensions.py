"""Someone may no longer exchange in one organisation. Elsewhere, where nothing was said of them, nothing changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vecu.core import journal
from vecu.core.access import require
from vecu.core.events import publish
from vecu.people.actions import refusals
from vecu.people.actions.memberships import require_here
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.events import MemberSuspended
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can

# What one exchanges as. A colleague's role is ended by hand, by whoever answers for the team.
EXCHANGING = (Role.PEER, Role.BENEFICIARY)


@transaction.atomic
def suspend_member(person: Person, *, actor: Actor, organisation: Organisation, now: datetime | None = None) -> Person:
    """End at once every role in which someone exchanges here. What goes on here is ended by the areas that hold it;
    a human may give the role again one day. A mark of their address is kept, to recognise a return. Said twice, it
    changes nothing more."""
    require(actor, Can.STOP_EVERYTHING)
    require_here(actor, Can.STOP_EVERYTHING, organisation)
    moment = now or timezone.now()
    held = Membership.objects.filter(person=person, organisation=organisation, role__in=EXCHANGING, ended_on=None)
    if not held.exists():
        return person
    publish(MemberSuspended(person.pk, organisation.pk, moment))
    refusals.remember_refusal(person.pk, organisation.pk, now=moment)
    held.update(ended_on=timezone.localdate(moment), updated_at=moment)
    journal.write(actor, "member.suspend", organisation, subject=person)
    return person
