"""What a peer was looked for: kept when they come through a recruitment opened for a need."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from vecu.core import journal
from vecu.core.access import require
from vecu.peers.actions import rows
from vecu.peers.models import Peer, RecruitedFor
from vecu.people.actor import Actor
from vecu.people.policy import Can


@transaction.atomic
def note_recruited(
    peer: Peer,
    *,
    actor: Actor,
    about: UUID,
    number: int,
    code: str,
    kind: str,
    age_class: str = "",
    departement: str = "",
) -> RecruitedFor:
    """They came through this recruitment: they are thought of first for those who waited with this need."""
    require(actor, Can.EDIT_PEER, peer)
    row = RecruitedFor.objects.filter(peer=peer).first() or RecruitedFor(
        organisation_id=peer.organisation_id, peer=peer
    )
    row.about, row.number, row.code, row.kind = about, number, code, kind
    row.age_class, row.departement = age_class, departement
    rows.checked(row)
    row.save()
    journal.write(actor, "peer.recruited", row, subject=peer.person_id)
    return row
