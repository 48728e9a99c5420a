"""What weighs on a peer is noted as it happens; above what they accept, a person says why, and the supervisor knows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.errors import SHORTEST_REASON, Refused
from vecu.core.events import publish
from vecu.peers import load
from vecu.peers.events import PeerLoadPassed
from vecu.peers.models import LoadEntry, Peer
from vecu.people.actor import Actor


@transaction.atomic
def note_load(peer_id: UUID, *, organisation_id: UUID, kind: str, about: UUID, on: date) -> None:
    """Something weighs from that day on; the same thing weighs once, and moves when its day does. Followed from what
    happened, so it asks for no right of its own."""
    LoadEntry.objects.update_or_create(
        peer_id=peer_id, about=about, defaults={"organisation_id": organisation_id, "kind": kind, "happens_on": on}
    )


@transaction.atomic
def drop_load(about: UUID, *, peer_ids: list[UUID] | None = None) -> None:
    """It does not take place, for these or for all."""
    rows = LoadEntry.objects.filter(about=about)
    (rows if peer_ids is None else rows.filter(peer__in=peer_ids)).delete()


@transaction.atomic
def pass_load(peer: Peer, *, actor: Actor, kind: str, reason: str, on: date | None = None) -> str:
    """Whoever asks for one more of this kind: nothing while there is room; else their reason, which the person reads
    before answering and the supervisor is told of."""
    found = load.gauge(peer, on)
    if not found.is_over_with(kind):
        return ""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(
            "over_load",
            _("%(load)s. Say in a few words why you ask all the same: they read it before answering.")
            % {"load": found.words},
        )
    # The words are sealed with what they explain; the journal, which nothing leaves, keeps that it was done.
    journal.write(actor, "peer.pass_load", peer, subject=peer.person_id)
    publish(PeerLoadPassed(peer.pk, peer.person_id, peer.organisation_id, actor.person_id))
    return reason.strip()
