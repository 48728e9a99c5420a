"""The demo world, several times over: the same rows again under new names, with keys of their own."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from vecu.accompaniment.models import SupportRequest
from vecu.core import vault
from vecu.messaging.models import Message, Thread
from vecu.peers.models import Clearance, LivedExperience, Peer
from vecu.people.models import Membership, Person


def clone(row: Any, **changes: Any) -> Any:
    """The same row under a new key; sealed fields are opened, to be sealed again for the new row."""
    other = copy.copy(row)
    other._state = copy.copy(row._state)
    other._state.adding = True
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    other = type(row)(**{**values, "id": uuid.uuid4(), **changes})
    return other


def grow(organisation_id: uuid.UUID, times: int) -> None:
    """Make `times` times as many people, peers and requests in an organisation."""
    people = {person.pk: person for person in Person.objects.filter(memberships__organisation_id=organisation_id)}
    peers = list(Peer.objects.filter(organisation_id=organisation_id))
    requests = list(SupportRequest.objects.filter(organisation_id=organisation_id))
    number = max(request.number for request in requests)
    for _turn in range(times - 1):
        key = vault.new_key("bench").pk
        twins = {pk: clone(person, user_id=None, vault_id=key) for pk, person in people.items()}
        Person.objects.bulk_create(twins.values(), batch_size=500)
        members = Membership.objects.filter(organisation_id=organisation_id, person_id__in=people)
        Membership.objects.bulk_create([clone(m, person_id=twins[m.person_id].pk) for m in members], batch_size=500)
        _peers(peers, twins, key)
        copies = []
        for request in requests:
            number += 1
            twin = twins.get(request.person_id)
            copies.append(
                clone(request, number=number, vault_id=key, person_id=twin.pk if twin else None, receipt_index="")
            )
        SupportRequest.objects.bulk_create(copies, batch_size=500)


def _peers(peers: list[Peer], twins: dict[uuid.UUID, Person], key: uuid.UUID) -> None:
    copies = {peer.pk: clone(peer, person_id=twins[peer.person_id].pk, vault_id=key) for peer in peers}
    Peer.objects.bulk_create(copies.values(), batch_size=500)
    for model in (LivedExperience, Clearance):
        rows = model.objects.filter(peer_id__in=copies)
        model.objects.bulk_create([clone(row, peer_id=copies[row.peer_id].pk) for row in rows], batch_size=500)


def lengthen(thread: Thread, times: int) -> None:
    """A thread `times` times as long."""
    messages = list(thread.messages.order_by("number"))
    number = messages[-1].number
    copies = []
    for _turn in range(times - 1):
        for message in messages:
            number += 1
            copies.append(clone(message, number=number))
    Message.objects.bulk_create(copies, batch_size=500)
    thread.last_number = number
    thread.save(update_fields=["last_number"])
