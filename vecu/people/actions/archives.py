"""The copy of everything held about someone: readable pages, data and images in one file.

Made by a job, piece by piece, sealed under a key of its own; taken by its owner after a fresh proof; gone an hour
after it was taken, a week after it was made in any case, or as soon as another one is asked for.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vecu.core import jobs, journal, moments, vault
from vecu.core.access import require
from vecu.core.errors import Denied, Refused
from vecu.people import erasures, exports
from vecu.people.actor import Actor
from vecu.people.exports import Section
from vecu.people.models import DataCopy, DataCopyPiece, Person
from vecu.people.policy import Can

KEPT = timedelta(days=7)
# Time to try again when a download broke off.
KEPT_ONCE_TAKEN = timedelta(hours=1)
PIECE = 512 * 1024


@transaction.atomic
def ask_copy(person: Person, *, actor: Actor, language: str = "fr", now: datetime | None = None) -> DataCopy:
    """Have the copy made; one asked for before is erased. Only the person asks for their own."""
    _require_own(person, actor)
    now = now or timezone.now()
    _erase(person)
    copy = DataCopy.objects.create(
        person=person,
        vault=vault.new_key("people.copy"),
        language=language,
        asked_at=now,
        steps=len(exports.PARTS) + len(exports.FILES) + 1,
        expires_at=now + KEPT,
    )
    jobs.enqueue("people.make_copy", payload={"copy": str(copy.pk)}, about=person.pk)
    journal.write(actor, "copy.ask", copy, subject=person)
    return copy


def make_copy(copy_id: UUID, now: datetime | None = None) -> DataCopy | None:
    """The work of the job: started over from nothing when a worker died in the middle. Each part done is seen."""
    copy = DataCopy.objects.select_related("person__user").filter(pk=copy_id, ready_at=None).first()
    if copy is None:
        return None
    DataCopyPiece.objects.filter(copy=copy).delete()
    DataCopy.objects.filter(pk=copy.pk).update(steps_done=0)
    with translation.override(copy.language):
        pieces = _Pieces(copy)
        with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            sections = list(_collect(copy))
            for part in exports.FILES:
                for name, content in part(copy.person):
                    archive.writestr(name, content)
                _step(copy)
            archive.writestr("mes-donnees.html", _page(sections))
            archive.writestr("mes-donnees.json", _data(sections))
        pieces.close()
    return _finish(copy, pieces.size, now or timezone.now())


@transaction.atomic
def take_copy(copy: DataCopy, *, actor: Actor, now: datetime | None = None) -> Iterator[bytes]:
    """Its bytes, piece after piece, for whoever has just proved who they are. Then it goes within the hour."""
    _require_own(copy.person, actor)
    now = now or timezone.now()
    if copy.ready_at is None:
        raise Refused("not_ready", _("The copy is still being made. Come back in a few minutes."))
    if copy.expires_at <= now:
        raise Refused("copy_over", _("This copy was erased. Ask for a new one: it is made in a few minutes."))
    if copy.fetched_at is None:
        copy.fetched_at, copy.expires_at = now, min(copy.expires_at, now + KEPT_ONCE_TAKEN)
        copy.save(update_fields=["fetched_at", "expires_at", "updated_at"])
    journal.write(actor, "data.export", copy, subject=copy.person_id)
    return _read(copy)


@transaction.atomic
def drop_copy(copy: DataCopy, *, actor: Actor) -> None:
    """I have it, or I no longer want it: erased at once."""
    _require_own(copy.person, actor)
    _erase(copy.person)
    journal.write(actor, "copy.drop", copy, subject=copy.person_id)


@jobs.periodic("people.erase_copies", every=timedelta(minutes=30))
def erase_copies(now: datetime) -> None:
    """Copies whose time is over: the key goes first."""
    for copy in DataCopy.objects.filter(expires_at__lte=now).select_related("person"):
        _erase(copy.person)


def _require_own(person: Person, actor: Actor) -> None:
    require(actor, Can.SEE_OWN_DATA, person)
    if actor.person_id != person.pk:
        raise Denied("a copy of somebody else's data")


def _collect(copy: DataCopy) -> Iterator[Section]:
    for part in exports.PARTS:
        yield from part(copy.person)
        _step(copy)


def _step(copy: DataCopy) -> None:
    DataCopy.objects.filter(pk=copy.pk).update(steps_done=F("steps_done") + 1)


@transaction.atomic
def _finish(copy: DataCopy, size: int, now: datetime) -> DataCopy | None:
    """Ready, unless it was dropped or asked for again while it was made."""
    if not DataCopy.objects.filter(pk=copy.pk, ready_at=None).update(ready_at=now, size=size, steps_done=F("steps")):
        return None
    copy.ready_at, copy.size = now, size
    jobs.enqueue("people.mail_copy", payload={"copy": str(copy.pk)}, about=copy.person_id)
    return copy


def _read(copy: DataCopy) -> Iterator[bytes]:
    for number in range(copy.pieces.count()):
        yield bytes(DataCopyPiece.objects.select_related("copy").get(copy=copy, number=number).data)


def _erase(person: Person) -> None:
    for copy in DataCopy.objects.filter(person=person):
        vault.destroy(copy.vault_id)
        copy.delete()


class _Pieces(io.RawIOBase):
    """What is written here is sealed and kept by pieces: nothing readable on the disk, little in memory."""

    def __init__(self, copy: DataCopy) -> None:
        self.copy = copy
        self.waiting = bytearray()
        self.count = self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        self.size += len(data)
        while len(self.waiting) >= PIECE:
            self._keep(PIECE)
        return len(data)

    def close(self) -> None:
        if not self.closed and self.waiting:
            self._keep(len(self.waiting))
        super().close()

    def _keep(self, length: int) -> None:
        DataCopyPiece.objects.create(copy=self.copy, number=self.count, data=bytes(self.waiting[:length]))
        del self.waiting[:length]
        self.count += 1


def _page(sections: list[Section]) -> str:
    said = [(section.title, [said_row(row) for row in section.rows]) for section in sections]
    return render_to_string("people/export.html", {"sections": said, "made_at": timezone.now()})


def _data(sections: list[Section]) -> str:
    data = {section.name: [plain_row(row) for row in section.rows] for section in sections}
    return json.dumps(data, ensure_ascii=False, indent=2)


def said_row(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Values as people read them; empty ones left out."""
    return [(str(name), said(value)) for name, value in row.items() if value not in (None, "", [])]


def said(value: Any) -> str:
    """One value in words: dates as they are said, lists with commas."""
    if isinstance(value, datetime):
        return moments.say_datetime(value)
    if isinstance(value, date):
        return moments.say_date(value)
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """Values as programs read them."""
    return {
        str(name): value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()
    }


erasures.register(erasures.Part(preview=lambda person: [], erase=_erase))
