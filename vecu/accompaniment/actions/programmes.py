"""Programmes, what they promise, and the doors by which wards ask."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.models import Programme, WardDoor
from vecu.core import dates, journal, vault
from vecu.core.access import Scope, require
from vecu.core.crypto import open_value
from vecu.core.errors import Denied, Refused
from vecu.core.prepared import Asked, Prepared
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.models import Organisation, Person, Site
from vecu.people.policy import Can
from vecu.safeguarding.gate import PairingGate, pairing_gate

# Neither 0 and o, 1, i and l: a token is typed from a poster by someone in a hurry.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
TOKEN_GROUPS, TOKEN_GROUP = 3, 4
READERS_NAMED = 3
PHONES_SHOWN = 12

# A call before a day that does not move is made by the evening before; one that comes too late for that, at once.
EVENING = time(18)
AT_ONCE = timedelta(hours=2)

CLOCKS = (
    *("call_working_days", "answer_hours", "unanswered_hours", "first_contact_days", "check_days"),
    *("silence_days", "ring_back_days", "follow_up_weeks", "protocol_year", "keep_months"),
)
SETTINGS = ("name", "phone", *CLOCKS)

SITES = Prepared(
    lambda: (
        Site.objects.filter(organisation_id=Asked("organisation_id", UUIDField()), is_open=True)
        .order_by("name")
        .values_list("pk", "name", "town")
    )
)
READERS = Prepared(
    lambda: (
        Person.objects.filter(
            memberships__organisation_id=Asked("organisation_id", UUIDField()),
            memberships__role=Role.COORDINATOR,
            memberships__ended_on=None,
            erased_at=None,
        )
        .order_by("memberships__started_on", "pk")
        .values_list("pk", "vault_id", "given_name")
    )
)


@dataclass(frozen=True)
class Promise:
    """What a person is told will happen, computed from the programme's own clocks; nothing else is ever promised."""

    call_by: datetime
    answer_hours: int
    first_contact_days: int
    ring_back_days: int
    is_pairing_open: bool


def promise(programme: Programme, *, call_by: datetime | None = None, now: datetime | None = None) -> Promise:
    """For a request sent now, or for one whose call is already due at `call_by`."""
    return Promise(
        call_by=call_by or call_before(programme, now or timezone.now()),
        answer_hours=programme.answer_hours,
        first_contact_days=programme.first_contact_days,
        ring_back_days=programme.ring_back_days,
        is_pairing_open=gate_of(programme).is_open,
    )


def call_before(programme: Programme, received_at: datetime, fixed_on: date | None = None) -> datetime:
    """The end of the last working day on which the person is called; earlier when a day that does not move comes
    first (see `call_before_day`)."""
    last = timezone.localtime(dates.add_working_days(received_at, programme.call_working_days))
    promised = last.replace(hour=23, minute=59, second=0, microsecond=0)
    return promised if fixed_on is None else call_before_day(promised, fixed_on, received_at)


def call_before_day(promised: datetime, fixed_on: date, known_at: datetime) -> datetime:
    """The earlier of what was promised and the evening of the last working day before `fixed_on`, an operation: on
    the day itself there is nobody left to call. Two hours are left at least to whoever calls, and a day that has
    passed hurries nothing."""
    if fixed_on < timezone.localdate(known_at):
        return promised
    day = fixed_on - timedelta(days=1)
    while not dates.is_working_day(day):
        day -= timedelta(days=1)
    return min(promised, max(timezone.make_aware(datetime.combine(day, EVENING)), known_at + AT_ONCE))


def gate_of(programme: Programme) -> PairingGate:
    """Whether pairing may be open here, and what is missing."""
    return pairing_gate(programme.organisation_id)


@dataclass(frozen=True)
class Readers:
    """Those who coordinate: the first names of the first three, and how many others."""

    names: list[str]
    others: int


def readers(organisation_id: UUID) -> Readers:
    """Who reads a request to call the person back: all its coordinators."""
    rows = READERS.rows(organisation_id=organisation_id)
    people = list({person_id: (person_id, key, name) for person_id, key, name in rows}.values())
    named = people[:READERS_NAMED]
    vault.preload(key for _person_id, key, _name in named)
    names = [str(open_value(Person, "given_name", person_id, None, key, name)) for person_id, key, name in named]
    return Readers(names, len(people) - len(named))


def sites_of(programme: Programme) -> list[tuple[str, str]]:
    """Where the organisation is present, for a field: public places, not people."""
    rows = SITES.rows(organisation_id=programme.organisation_id)
    return [(str(pk), f"{name}, {town}") for pk, name, town in rows]


def open_phones() -> list[Programme]:
    """Whom to call, on a page that leads nowhere."""
    return list(Programme.objects.filter(is_open=True).select_related("organisation").order_by("name")[:PHONES_SHOWN])


# -- programmes


@transaction.atomic
def create_programme(organisation: Organisation, *, actor: Actor, name: str, phone: str, **clocks: Any) -> Programme:
    """A programme of the organisation, closed until its coordinator opens it."""
    _require_here(actor, organisation.pk)
    _refuse_unknown(clocks, CLOCKS)
    programme = Programme(organisation=organisation, name=name.strip(), phone=phone.strip(), **clocks)
    programme.save(force_insert=True)
    journal.write(actor, "programme.create", programme)
    return programme


@transaction.atomic
def change_programme(programme: Programme, *, actor: Actor, **fields: Any) -> Programme:
    """Change its name, phone or clocks. Promises already made keep the date they were made with."""
    require(actor, Can.MANAGE_PROGRAMME, programme)
    _refuse_unknown(fields, SETTINGS)
    for name, value in fields.items():
        setattr(programme, name, value)
    programme.save(update_fields=[*fields, "updated_at"])
    journal.write(actor, "programme.change", programme, reason=", ".join(sorted(fields)))
    return programme


@transaction.atomic
def open_programme(programme: Programme, *, actor: Actor) -> Programme:
    """Open to requests: refused while someone on duty, hours or the crisis path are missing."""
    require(actor, Can.MANAGE_PROGRAMME, programme)
    missing = gate_of(programme).missing
    if missing:
        lines = " ".join(str(line) for line in missing)
        raise Refused("pairing_not_safe", _("This programme cannot open yet. %(missing)s") % {"missing": lines})
    return _set_open(programme, actor, is_open=True)


@transaction.atomic
def close_programme(programme: Programme, *, actor: Actor) -> Programme:
    """Take no new request. Those already received are followed to their end."""
    require(actor, Can.MANAGE_PROGRAMME, programme)
    return _set_open(programme, actor, is_open=False)


def _set_open(programme: Programme, actor: Actor, *, is_open: bool) -> Programme:
    if not Programme.objects.filter(pk=programme.pk, is_open=not is_open).update(is_open=is_open):
        raise Refused("stale", _("This was already done. The page now shows how things stand."))
    programme.is_open = is_open
    journal.write(actor, "programme.open" if is_open else "programme.close", programme)
    return programme


# -- doors of wards


def find_door(token: str) -> WardDoor | None:
    """The open door of this token, in an open programme; dashes, spaces and capitals do not matter."""
    key = "".join(sign for sign in token.casefold() if sign.isalnum())
    doors = WardDoor.objects.filter(is_open=True, programme__is_open=True)
    return doors.select_related("programme__organisation", "site").filter(token=key).first()


def written(token: str) -> str:
    """The token as it is printed: « k7mp-4xqd-2wnh »."""
    return "-".join(token[at : at + TOKEN_GROUP] for at in range(0, len(token), TOKEN_GROUP))


@transaction.atomic
def open_door(programme: Programme, *, actor: Actor, site: Site, ward: str, reply_to: str = "") -> WardDoor:
    """A link for one ward of one site, with where its two messages go."""
    require(actor, Can.MANAGE_PROGRAMME, programme)
    if site.organisation_id != programme.organisation_id:
        raise Refused("other_site", _("This site belongs to another organisation. Choose one of yours."))
    door = WardDoor(
        organisation_id=programme.organisation_id,
        programme=programme,
        site=site,
        ward=ward.strip(),
        reply_to=reply_to.strip(),
        token=_new_token(),
    )
    door.save(force_insert=True)
    journal.write(actor, "ward_door.open", door)
    return door


@transaction.atomic
def change_door(door: WardDoor, *, actor: Actor, site: Site, ward: str, reply_to: str) -> WardDoor:
    """Correct the ward's name or the address of its two messages; the link stays."""
    require(actor, Can.MANAGE_PROGRAMME, door)
    if site.organisation_id != door.organisation_id:
        raise Refused("other_site", _("This site belongs to another organisation. Choose one of yours."))
    if reply_to.strip() != door.reply_to:
        door.reply_refused_at = None
    door.site, door.ward, door.reply_to = site, ward.strip(), reply_to.strip()
    door.save(update_fields=["site", "ward", "reply_to", "reply_refused_at", "updated_at"])
    journal.write(actor, "ward_door.change", door)
    return door


@transaction.atomic
def note_refused_reply(address: str, *, now: datetime | None = None) -> list[WardDoor]:
    """The mail server of a ward refused its address for good: nothing more is sent there until it is corrected.
    Returns the links concerned, the first time."""
    found = list(WardDoor.objects.filter(reply_to__iexact=address, reply_refused_at=None))
    for door in found:
        door.reply_refused_at = now or timezone.now()
        door.save(update_fields=["reply_refused_at", "updated_at"])
        journal.write(system(door.organisation_id), "ward_door.reply_refused", door)
    return found


@transaction.atomic
def renew_door(door: WardDoor, *, actor: Actor) -> WardDoor:
    """A new link; posters with the old one lead to a kind page with the phone."""
    require(actor, Can.MANAGE_PROGRAMME, door)
    door.token, door.is_open = _new_token(), True
    door.save(update_fields=["token", "is_open", "updated_at"])
    journal.write(actor, "ward_door.renew", door)
    return door


@transaction.atomic
def set_door(door: WardDoor, *, actor: Actor, is_open: bool) -> WardDoor:
    """Close the link of a ward, or open it again as it was."""
    require(actor, Can.MANAGE_PROGRAMME, door)
    door.is_open = is_open
    door.save(update_fields=["is_open", "updated_at"])
    journal.write(actor, "ward_door.reopen" if is_open else "ward_door.close", door)
    return door


def _new_token() -> str:
    return "".join(secrets.choice(SIGNS) for _sign in range(TOKEN_GROUPS * TOKEN_GROUP))


def _require_here(actor: Actor, organisation_id: UUID) -> None:
    require(actor, Can.MANAGE_PROGRAMME)
    if actor.scope(Can.MANAGE_PROGRAMME) < Scope.ALL and actor.organisation_id != organisation_id:
        raise Denied("manage_programme in another organisation")


def _refuse_unknown(fields: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := set(fields) - set(known):
        raise TypeError(f"a programme has no {unknown}")
