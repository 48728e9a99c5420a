"""Which peers, experiences, absences and proofs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.peers.enums import ENTERED, ClearanceKind, Profile
from vecu.people.enums import ConsentPurpose
from vecu.people.models import Consent
from vecu.people.policy import Can

NEVER_CALLED_DAYS = 90


class PeerQuerySet(ScopedQuerySet):
    reading = Can.SEE_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def engaged(self, on: date | None = None) -> Self:
        """Started and not left, that day; the deceased are never in any list."""
        day = on or timezone.localdate()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day).exclude(
            person__stop_reason="death"
        )

    def paused(self, on: date | None = None) -> Self:
        """Engaged and on pause that day; whoever gave a day of return is back on that day."""
        day = on or timezone.localdate()
        return self.engaged(day).filter(_on_pause(day))

    def available(self, on: date | None = None) -> Self:
        """Engaged, agreeing to be proposed, not on pause, not away, and nothing stopped about them."""
        day = on or timezone.localdate()
        return self.engaged(day).agreeing().filter(~_on_pause(day), ~self._away(day), person__stopped_at=None)

    def agreeing(self) -> Self:
        """Those who have not taken back, here, the agreement that what they lived be used to propose them."""
        return self.filter(~_took_back())

    def agreeing_in(self, organisation_id: UUID) -> Self:
        """The same, of all the peers of an organisation."""
        return self.filter(~_took_back_in(organisation_id), organisation_id=organisation_id)

    def not_agreeing(self) -> Self:
        """Those who have taken it back, and not given it again."""
        return self.filter(_took_back())

    def overloaded(self, gauge: int | None = None, on: date | None = None) -> Self:
        """Engaged and full, or following more people than the programme's gauge says anyone should."""
        return self.engaged(on).filter(_full() if gauge is None else _full() | Q(active_pairs__gt=gauge))

    def never_called(self, on: date | None = None) -> Self:
        """Engaged for 90 days or more, following nobody, and without a new pair for 90 days."""
        return self.engaged(on).filter(_never_called(on or timezone.localdate()))

    def uncleared(self, on: date | None = None) -> Self:
        """Engaged, and at least one proof of their own is missing, over or not begun."""
        return self.engaged(on).filter(~Q(*self._proofs(on)))

    def with_standing(self, on: date | None = None) -> Self:
        """What keeps each from being proposed that day: `lacks_proofs`, `took_back`, `away_until`."""
        day = on or timezone.localdate()
        away = self._rows("absences").filter(peer=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day)
        return self.annotate(
            lacks_proofs=ExpressionWrapper(~Q(*self._proofs(day)), BooleanField()),
            took_back=ExpressionWrapper(_took_back(), BooleanField()),
            away_until=Subquery(away.order_by("-ends_on").values("ends_on")[:1]),
        )

    def filters_of(self, day: date, organisation_id: Any) -> Any:
        """For each engaged peer of an organisation, which filters of the list hold them: available, on pause, never
        called, full, not ready.

        Absences and agreements taken back are few: they are gathered once for the organisation, instead of asked of
        each peer in turn.
        """
        away = self._rows("absences").filter(organisation_id=organisation_id, starts_on__lte=day, ends_on__gte=day)
        conditions = {
            "available": ~_on_pause(day)
            & ~Q(pk__in=away.values("peer_id"))
            & Q(person__stopped_at=None)
            & ~_took_back_in(organisation_id),
            "paused": _on_pause(day),
            "never_called": _never_called(day),
            "overloaded": _full(),
            "uncleared": ~Q(*self._proofs(day)),
        }
        held = {f"is_{name}": ExpressionWrapper(q, BooleanField()) for name, q in conditions.items()}
        return self.engaged(day).filter(organisation_id=organisation_id).annotate(**held).values_list("pk", *held)

    def with_experience(self, codes: Iterable[str]) -> Self:
        """Those who lived through at least one of these."""
        return self.filter(Exists(self._rows("experiences").filter(peer=OuterRef("pk"), code__in=list(codes))))

    def living_in(self, departement: str) -> Self:
        return self.filter(person__departement=departement)

    def longest_waiting_first(self) -> Self:
        """Who follows fewest people and was called longest ago comes first: the load is shared."""
        return self.order_by("active_pairs", F("last_pair_at").asc(nulls_first=True), "started_on", "pk")

    def _away(self, day: date) -> Exists:
        return Exists(self._rows("absences").filter(peer=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day))

    def _proofs(self, on: date | None) -> list[Q]:
        """For each kind of proof, that it is in force or not asked here of those who talk one to one."""
        rows = self._rows("clearances").in_force(on).filter(peer=OuterRef("pk"))
        rules = self.model._meta.apps.get_model("peers.Requirement")._default_manager.filter(
            organisation=OuterRef("organisation"), profile=Profile.COMPANION
        )
        waived, asked = rules.filter(is_asked=False), rules.filter(is_asked=True)
        return [
            Q(Exists(rows.filter(kind=kind)))
            | (Q(Exists(waived.filter(kind=kind))) if kind in ENTERED else ~Q(Exists(asked.filter(kind=kind))))
            for kind in ClearanceKind.values
        ]

    def _rows(self, name: str) -> Any:
        """All rows of the model that hangs on peers by this name."""
        return self.model._meta.get_field(name).related_model._default_manager.all()


def _full() -> Q:
    return Q(active_pairs__gte=F("max_pairs"), max_pairs__gt=0)


def _never_called(day: date) -> Q:
    limit = day - timedelta(days=NEVER_CALLED_DAYS)
    # Compared as a moment: as a date, SQLite would call Python for each row.
    start_of_day = timezone.make_aware(datetime.combine(limit, time.min))
    called_before = Q(last_pair_at=None) | Q(last_pair_at__lt=start_of_day)
    return called_before & Q(started_on__lte=limit, active_pairs=0)


def _took_back() -> Q:
    """A line of the ledger was withdrawn here, and none stands. Whoever never had one was not asked on screen."""
    lines = Consent.objects.filter(
        person=OuterRef("person"),
        organisation=OuterRef("organisation"),
        text__purpose=ConsentPurpose.SHARED_EXPERIENCE,
    )
    return Q(Exists(lines.filter(withdrawn_at__isnull=False))) & ~Q(Exists(lines.standing()))


def _took_back_in(organisation_id: UUID) -> Q:
    """The same rule for a whole organisation: those who withdrew a line are few and gathered once, instead of asking
    each of thousands; whether another line stands is asked of those few only."""
    lines = Consent.objects.filter(organisation_id=organisation_id, text__purpose=ConsentPurpose.SHARED_EXPERIENCE)
    withdrawn = lines.filter(withdrawn_at__isnull=False).values("person_id")
    return Q(person__in=withdrawn) & ~Q(Exists(lines.standing().filter(person=OuterRef("person"))))


def _on_pause(day: date) -> Q:
    return Q(paused_at__isnull=False) & (Q(paused_until=None) | Q(paused_until__gt=day))


class PeerRowQuerySet(ScopedQuerySet):
    """Rows that hang on a peer: seen by whoever sees the peer."""

    reading = Can.SEE_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(peer__person_id=actor.person_id)


class LivedExperienceQuerySet(PeerRowQuerySet):
    pass


class AbsenceQuerySet(PeerRowQuerySet):
    def to_come(self, on: date | None = None) -> Self:
        """Not over yet."""
        return self.filter(ends_on__gte=on or timezone.localdate())


class LimitsPassportQuerySet(PeerRowQuerySet):
    def in_force(self) -> Self:
        """The newest version for each peer and activity."""
        newer = self.model._default_manager.filter(
            peer=OuterRef("peer"), activity=OuterRef("activity"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(newer))


class ClearanceQuerySet(PeerRowQuerySet):
    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), obtained_on__lte=day)


class RequirementQuerySet(ScopedQuerySet):
    """Rules of an organisation: read by whoever may act there."""

    reading = Can.SEE_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def of_groups(self) -> Self:
        """How much presence in supervision groups is asked."""
        return self.filter(kind=ClearanceKind.SUPERVISION, is_asked=True)


class ConventionQuerySet(ScopedQuerySet):
    """Who signed what with whom: for those who write proofs down."""

    reading = Can.RECORD_CLEARANCE

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class SiteAgreementQuerySet(ScopedQuerySet):
    reading = Can.SEE_ORGANISATION

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class LoadEntryQuerySet(PeerRowQuerySet):
    pass


class RecruitedForQuerySet(PeerRowQuerySet):
    pass


class ImportDraftQuerySet(ScopedQuerySet):
    reading = Can.IMPORT_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id, by_id=actor.person_id)

    def over(self, now: Any = None) -> QuerySet[Any]:
        """Past their day: to be erased."""
        return self.filter(expires_at__lte=now or timezone.now())
