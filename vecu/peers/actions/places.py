"""Places: how many people one peer follows at once. The limit holds whatever happens at the same second."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import SHORTEST_REASON, Refused
from vecu.core.events import publish
from vecu.peers.actions import engagement, rows
from vecu.peers.events import PeerLimitRaised
from vecu.peers.models import Peer
from vecu.people.actor import Actor
from vecu.people.policy import Can


@transaction.atomic
def take_place(peer_id: UUID) -> None:
    """Take one place, or raise Refused('full'). One statement: two at once never share the last place.

    The caller has checked the right, journals what it is for, and makes it in the same transaction. Being asked
    is not being called: `note_pair` says when a pair opens.
    """
    free = Peer.objects.filter(pk=peer_id, active_pairs__lt=F("max_pairs"), ended_on=None)
    if not free.update(active_pairs=F("active_pairs") + 1, updated_at=timezone.now()):
        raise Refused(
            "full",
            _("This patient partner has no place left. Choose someone else, or ask them to accept one more."),
        )


@transaction.atomic
def note_pair(peer_id: UUID, *, now: datetime) -> None:
    """A pair opens: the peer has been called. Whoever was called longest ago comes first the next time."""
    Peer.objects.filter(pk=peer_id).update(last_pair_at=now, updated_at=timezone.now())


@transaction.atomic
def free_place(peer_id: UUID) -> bool:
    """Give a place back; False when none was taken, so that closing twice does no harm."""
    taken = Peer.objects.filter(pk=peer_id, active_pairs__gt=0)
    return bool(taken.update(active_pairs=F("active_pairs") - 1, updated_at=timezone.now()))


@transaction.atomic
def raise_limit(peer: Peer, *, actor: Actor, max_pairs: int, reason: str) -> Peer:
    """Ask someone to follow more people than they said: by a human, with a reason, told to the supervisor."""
    require(actor, Can.EDIT_PEER, peer)
    rows.refuse_ended(peer)
    if peer.person_id == actor.person_id:
        raise Refused("own_limit", _("Your own number stands with what you can give: change it there."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("no_reason", _("Say in a few words why, and that they agreed."))
    limit = engagement.clean({"max_pairs": max_pairs})["max_pairs"]
    if not Peer.objects.filter(pk=peer.pk, max_pairs__lt=limit).update(max_pairs=limit, updated_at=timezone.now()):
        raise Refused("not_more", _("They already accept that many people."))
    peer.max_pairs = limit
    journal.write(actor, "peer.raise_limit", peer, subject=peer.person_id, reason=reason.strip())
    publish(PeerLimitRaised(peer.pk, peer.person_id, peer.organisation_id, limit, actor.person_id))
    return peer
