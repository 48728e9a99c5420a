"""Which links, missions and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import F, Q

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.missions.enums import AnswerState, MissionState
from vecu.people.policy import Can


class DoorQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_MISSIONS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class MissionQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_MISSIONS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def standing(self) -> Self:
        return self.filter(state__in=(MissionState.RECEIVED, MissionState.ASKING))

    def past(self, now: datetime) -> Self:
        """Still standing although their day has come."""
        return self.standing().filter(starts_at__lte=now)

    def soonest_first(self) -> Self:
        return self.order_by("starts_at", "pk")


class AnswerQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_MISSIONS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those who manage see all; each peer, what they were asked themselves."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if actor.person_id is None:
            return self.none()
        return self.filter(peer__person_id=actor.person_id)

    def standing(self, now: datetime) -> Self:
        """Asked, answered or chosen, for a day to come."""
        states = (AnswerState.ASKED, AnswerState.YES, AnswerState.NO, AnswerState.CHOSEN)
        return self.filter(state__in=states, mission__starts_at__gt=now)

    def to_answer(self, now: datetime) -> Self:
        return self.filter(state=AnswerState.ASKED, mission__starts_at__gt=now)

    def chosen_for(self, gathering_id: UUID) -> Self:
        """Those who come to this gathering because a mission's day it is, and not by a place given there."""
        return self.filter(state=AnswerState.CHOSEN, mission__gathering_id=gathering_id)

    def told_of_end(self, gathering_id: UUID) -> Self:
        """Those to whom the mission says that this day does not take place: chosen, or just answered so."""
        just_told = Q(mission__state=MissionState.CANCELLED, told_at=F("mission__ended_at"))
        return self.filter(Q(state=AnswerState.CHOSEN) | just_told, mission__gathering_id=gathering_id)
