"""The demo world, several times over: as many more people, each with a name, a key and a story of their own.

Peers, the people they follow, their requests, proposals, exchanges and contacts are copied together, so that what
hangs on one copy hangs on that copy only, as if a larger organisation had grown. Every sealed text is sealed anew,
under the key of its new owner: opening 5,000 files costs 5,000 keys, as it would there.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from vecu.accompaniment.models import (
    CallAttempt,
    Contact,
    Evaluation,
    FollowUp,
    Pair,
    Proposal,
    SupportRequest,
)
from vecu.core import marks, tuning, vault
from vecu.core.tables import DataKey
from vecu.messaging.models import Message, Participant, Thread
from vecu.peers.models import Absence, Clearance, LimitsPassport, LivedExperience, Peer, SiteAgreement
from vecu.people import terms
from vecu.people.actions.persons import name_index
from vecu.people.enums import STAFF_ROLES
from vecu.people.models import Consent, Membership, Person, Site
from vecu.portal.seed.names import FAMILIES, MEN, WOMEN
from vecu.recruitment.models import Application

# Each after those it points to.
COPIED: tuple[type[Model], ...] = (
    *(Person, Membership, Consent, Peer, LivedExperience, Absence, Clearance, LimitsPassport),
    *(SupportRequest, CallAttempt, Proposal, Thread, Participant, Pair, Contact, FollowUp, Evaluation),
)
OWNERS = ("person_id", "peer_id", "request_id", "proposal_id", "thread_id", "pair_id", "beneficiary_id")
BATCH = 500
APPLICATIONS = 100  # at 1x: ten thousand at 100x
SITES = 2  # at 1x: two hundred at 100x
DAY, YEAR = timedelta(days=1), timedelta(days=365)
Line = tuple[Any, dict[str, Any]]  # a row of the demo, and its values opened


class World:
    """One organisation of the demo and its longest thread, which can be made several times as large."""

    def __init__(self, organisation_id: uuid.UUID, thread: Thread) -> None:
        self.size, self._organisation_id = 1, organisation_id
        self._lines = {model: list(_lines(model, organisation_id)) for model in COPIED}
        self._numbers = count(1 + max(request.number for request, _values in self._lines[SupportRequest]))
        self._thread, self._messages = thread, list(thread.messages.order_by("number"))
        self._draw = random.Random(7)
        self._handles = set(Person.objects.values_list("handle", flat=True))
        self._applications = list(Application.objects.filter(organisation_id=organisation_id).order_by("number"))
        self._applied = len(self._applications)

    @transaction.atomic
    def grow(self, times: int) -> None:
        """`times` times the demo's data."""
        for _turn in range(times - self.size):
            self._copy_everyone()
        self._lengthen(times - self.size)
        self._receive(times * APPLICATIONS)
        self._open_sites(times * SITES)
        self.size = times
        night(timezone.now())

    def _copy_everyone(self) -> None:
        twins: dict[Any, Model] = {}
        rings = {values["vault_id"] for lines in self._lines.values() for _row, values in lines if "vault_id" in values}
        keys = {old: vault.fresh_key("bench") for old in rings}
        DataKey.objects.bulk_create(keys.values(), batch_size=BATCH)
        for model in COPIED:
            copies = []
            for row, values in self._lines[model]:
                if any(values.get(name) is not None and values[name] not in twins for name in OWNERS):
                    continue  # it hangs on someone who was not copied
                twin = twins[row.pk] = _twin(row, values, twins, keys)
                self._make_different(twin)
                copies.append(twin)
            model._default_manager.bulk_create(copies, batch_size=BATCH)

    def _make_different(self, twin: Any) -> None:
        if isinstance(twin, Person):
            twin.user_id = None
            twin.given_name, twin.family_name = self._draw.choice((*WOMEN, *MEN)), self._draw.choice(FAMILIES)
            twin.name_index = name_index(twin.given_name, twin.family_name)
            twin.handle = terms.draw_handle(self._handles)
            self._handles.add(twin.handle)
        elif isinstance(twin, SupportRequest):
            twin.number, twin.receipt_index = next(self._numbers), ""

    def _receive(self, total: int) -> None:
        """Applications up to that many, in every state of the demo, each sealed under a key of its own."""
        numbers = range(self._applied, max(self._applied, total))
        keys = [vault.fresh_key("bench") for _number in numbers]
        DataKey.objects.bulk_create(keys, batch_size=BATCH)
        copies = []
        for number, key in zip(numbers, keys, strict=True):
            row = self._applications[number % len(self._applications)]
            other = _twin(row, _values(row) | {"own_words": None, "person_id": None}, {}, {row.vault_id: key})
            other.own_vault_id, other.number = key.pk, 1_000 + number
            other.receipt_index, other.link_index = f"bench-{number}", f"bench-{number}"
            copies.append(other)
        Application.objects.bulk_create(copies, batch_size=BATCH)
        self._applied = max(self._applied, total)

    def _open_sites(self, total: int) -> None:
        """Sites up to that many, each with a convention: every fourth one has ended."""
        today = timezone.localdate()
        fresh = [
            Site(organisation_id=self._organisation_id, name=f"Site {number}")
            for number in range(Site.objects.filter(organisation_id=self._organisation_id).count(), total)
        ]
        Site.objects.bulk_create(fresh, batch_size=BATCH)
        agreements = [
            SiteAgreement(
                organisation_id=self._organisation_id,
                site=site,
                starts_on=today - YEAR,
                ends_on=today - DAY if at % 4 == 0 else None,
            )
            for at, site in enumerate(fresh)
        ]
        SiteAgreement.objects.bulk_create(agreements, batch_size=BATCH)

    def _lengthen(self, turns: int) -> None:
        number = self._thread.last_number
        copies = []
        for _turn in range(turns):
            for message in self._messages:
                number += 1
                copies.append(_twin(message, _values(message), {self._thread.pk: self._thread}, {}))
                copies[-1].number = number
        Message.objects.bulk_create(copies, batch_size=BATCH)
        self._thread.last_number = number
        self._thread.save(update_fields=["last_number"])


def night(now: datetime) -> None:
    """What the worker does each night with so many rows new: the database chooses its indexes by it."""
    marks.join_marks(now)
    tuning.measure_tables(now)


def _lines(model: type[Model], organisation_id: uuid.UUID) -> Iterator[Line]:
    """The rows of the organisation, opened once. Staff stay as they are: one coordinator has more to do."""
    rows = model._default_manager.all()
    if model is Person:
        here = Membership.objects.filter(organisation_id=organisation_id)
        staff = here.filter(role__in=[role.value for role in STAFF_ROLES]).values("person_id")
        rows = rows.filter(memberships__organisation_id=organisation_id).exclude(pk__in=staff).distinct()
    else:
        rows = rows.filter(organisation_id=organisation_id)
    for row in rows:
        yield row, _values(row)


def _values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _twin(row: Model, values: dict[str, Any], twins: dict[Any, Model], keys: dict[Any, DataKey]) -> Any:
    """The same row under a key of its own, pointing to the twins of what it pointed to."""
    other: Any = type(row)(**{**values, "id": uuid.uuid4()})
    for field in row._meta.concrete_fields:
        held = values[field.attname]
        if field.is_relation and held in twins:
            setattr(other, field.name, twins[held])
        elif field.attname == "vault_id" and held in keys:
            other.vault_id = keys[held].pk
    return other
