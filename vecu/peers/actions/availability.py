"""What a peer gives now, and when they stop for a while. Never with a reason: none is asked, none is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers.actions import engagement, rows
from vecu.peers.events import PeerPaused, PeerReturned
from vecu.peers.models import Absence, Peer
from vecu.people.actor import Actor
from vecu.people.policy import Can


@transaction.atomic
def set_availability(
    peer: Peer,
    *,
    actor: Actor,
    channels: Iterable[str] | None = None,
    slots: Iterable[str] | None = None,
    territories: Iterable[str] | None = None,
    max_pairs: int | None = None,
) -> Peer:
    """How, when, where, for how many. Only the peer raises their own number here; see `raise_limit`."""
    require(actor, Can.EDIT_PEER, peer)
    rows.refuse_ended(peer)
    given = {"channels": channels, "slots": slots, "territories": territories, "max_pairs": max_pairs}
    fields = engagement.clean({name: value for name, value in given.items() if value is not None})
    if "max_pairs" in fields:
        # Read again under the write lock, so that a place taken meanwhile is counted.
        peer.active_pairs = Peer.objects.select_for_update().values_list("active_pairs", flat=True).get(pk=peer.pk)
        _check_number(peer, fields["max_pairs"], actor)
    rows.update(peer, **fields)
    journal.write(actor, "peer.availability", peer, subject=peer.person_id)
    return peer


@transaction.atomic
def pause(peer: Peer, *, actor: Actor, until: date | None = None, now: datetime | None = None) -> Peer:
    """« Je fais une pause »: nothing is proposed any more, at once. A day of return may be given or not."""
    require(actor, Can.PAUSE_PEER, peer)
    rows.refuse_ended(peer)
    now = now or timezone.now()
    if until is not None:
        rows.reasonable_day(until, _("Back on"))
        if until <= timezone.localdate(now):
            raise Refused("back_already", _("The day you come back must be after today."))
    was_on_pause = is_paused(peer, timezone.localdate(now))
    rows.update(peer, paused_at=peer.paused_at if was_on_pause else now, paused_until=until)
    journal.write(actor, "peer.pause", peer, subject=peer.person_id)
    if not was_on_pause:
        publish(PeerPaused(peer.pk, peer.person_id, peer.organisation_id, actor.person_id, now))
    return peer


@transaction.atomic
def come_back(peer: Peer, *, actor: Actor) -> Peer:
    """End the pause. Clicked twice, it changes nothing more."""
    require(actor, Can.PAUSE_PEER, peer)
    rows.refuse_ended(peer)
    if peer.paused_at is None:
        return peer
    rows.update(peer, paused_at=None, paused_until=None)
    journal.write(actor, "peer.return", peer, subject=peer.person_id)
    publish(PeerReturned(peer.pk, peer.person_id, peer.organisation_id, actor.person_id))
    return peer


def is_paused(peer: Peer, on: date | None = None) -> bool:
    """On pause that day; from the day of return on, no more."""
    day = on or timezone.localdate()
    return peer.paused_at is not None and (peer.paused_until is None or peer.paused_until > day)


def end_pauses_over(on: date, *, actor: Actor) -> int:
    """Bring back those whose day of return has come."""
    over = Peer.objects.filter(paused_until__lte=on, ended_on=None)
    for peer in over:
        come_back(peer, actor=actor)
    return len(over)


@transaction.atomic
def add_absence(peer: Peer, *, actor: Actor, starts_on: date, ends_on: date) -> Absence:
    """Away from a day to a day."""
    require(actor, Can.EDIT_PEER, peer)
    rows.refuse_ended(peer)
    for day in (starts_on, ends_on):
        rows.reasonable_day(day, _("Absence"))
    absence = Absence(organisation_id=peer.organisation_id, peer=peer, starts_on=starts_on, ends_on=ends_on)
    rows.checked(absence)
    if ends_on < timezone.localdate():
        raise Refused("past", _("These days are already over."))
    absence.save()
    journal.write(actor, "absence.add", absence, subject=peer.person_id)
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, actor: Actor) -> None:
    """They will be there after all."""
    require(actor, Can.EDIT_PEER, absence)
    journal.write(actor, "absence.remove", absence, subject=absence.peer.person_id)
    absence.delete()


def _check_number(peer: Peer, wanted: int, actor: Any) -> None:
    if wanted < peer.active_pairs:
        raise Refused(
            "below_active",
            ngettext(
                "You cannot go below %(n)s person, followed now. To be proposed nobody new, pause instead.",
                "You cannot go below %(n)s people, followed now. To be proposed nobody new, pause instead.",
                peer.active_pairs,
            )
            % {"n": peer.active_pairs},
        )
    if wanted > peer.max_pairs and actor.person_id != peer.person_id:
        raise Refused(
            "reason_needed",
            _("Only they can accept more people. To ask for it, raise the limit and say why."),
        )
