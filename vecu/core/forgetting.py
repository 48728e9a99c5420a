"""Journal entries older than a year leave, and the rest still proves itself.

A chain is cut: its oldest entries are removed and the number and mark of the last of them are kept, signed. `verify`
starts from there, and the anchors copied elsewhere show that nothing younger was removed. Some entries are kept
three years, as areas say (`keep_longer`): sealed, apart, opened by `manage.py journal_archive` only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from vecu.core import crypto, jobs, journal, retention, rotation, vault
from vecu.core.tables import JournalArchive, JournalCut, JournalEntry

WEEK = timedelta(days=7)
# The job runs once a week: no entry is ever older than twelve months.
KEPT = timedelta(days=365) - WEEK
ARCHIVED = timedelta(days=3 * 365)
PURPOSE = "core.journal_archive"
COLUMNS = (
    *("chain", "number", "at", "actor_id", "actor_role", "is_reading", "verb", "object_type", "object_id"),
    *("subject_id", "reason", "request_id", "prev", "hash"),
)
LONGER: list[Q] = []


def keep_longer(which: Q) -> None:
    """An area says which of its entries are kept three years instead of one."""
    LONGER.append(which)


@jobs.periodic("core.forget_journal", every=WEEK)
def forget_journal(now: datetime) -> None:
    """Cut each chain where its entries become too old."""
    for chain in list(JournalEntry.objects.order_by().values_list("chain", flat=True).distinct()):
        cut_chain(chain, now - KEPT, now)


@transaction.atomic
def cut_chain(chain: UUID, before: datetime, now: datetime) -> JournalCut | None:
    """Remove the entries of a chain older than `before`; sign where it was cut."""
    here = JournalEntry.objects.filter(chain=chain).order_by("number")
    younger = here.filter(at__gte=before).values_list("number", flat=True).first()
    gone = here if younger is None else here.filter(number__lt=younger)
    last = gone.last()
    if last is None:
        return None
    _archive(gone, last, now)
    cut = JournalCut(chain=chain, number=last.number, hash=last.hash, before=before)
    cut.signature = journal.sign(journal.body_of(cut))
    JournalCut.objects.update_or_create(
        chain=chain,
        defaults={"number": cut.number, "hash": cut.hash, "before": before, "signature": cut.signature},
    )
    gone.delete()
    return cut


def _archive(gone: QuerySet[JournalEntry], last: JournalEntry, now: datetime) -> None:
    """Seal those kept longer under a key of their own, which goes with them."""
    which = Q(pk=None)
    for one in LONGER:
        which |= one
    rows = [[_plain(getattr(entry, name)) for name in COLUMNS] for entry in gone.filter(which)]
    if not rows:
        return
    made = JournalArchive(chain=last.chain, first=rows[0][1], last=last.number, vault=vault.new_key(PURPOSE))
    made.expires_at = now + ARCHIVED - KEPT
    made.sealed = crypto.seal(_place(made), made.vault_id, json.dumps(rows, ensure_ascii=False).encode())
    made.save(force_insert=True)


def archived(subject_id: UUID | None = None) -> Iterator[dict[str, Any]]:
    """The entries kept longer, oldest first; each one is checked against its own mark."""
    for part in JournalArchive.objects.order_by("chain", "first"):
        for row in json.loads(crypto.unseal(_place(part), part.vault_id, bytes(part.sealed)) or b"[]"):
            entry = dict(zip(COLUMNS, row, strict=True))
            if subject_id is None or entry["subject_id"] == str(subject_id):
                yield entry | {"is_untouched": journal.mark_of(_entry_of(entry)) == entry["hash"]}


def _entry_of(entry: dict[str, Any]) -> JournalEntry:
    fields = entry | {"at": datetime.fromisoformat(entry["at"])}
    return JournalEntry(**{name: fields[name] for name in COLUMNS})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _place(part: JournalArchive) -> bytes:
    return f"journal|archive|{part.chain}|{part.pk}".encode()


@rotation.apart
def _old_parts() -> Iterator[rotation.Again]:
    """Parts sealed with an older version of their key; opened and sealed one at a time."""
    for part in JournalArchive.objects.order_by("pk").iterator(chunk_size=1):
        if rotation.is_old(part.vault_id, bytes(part.sealed)):
            yield partial(_seal_again, part)


def _seal_again(part: JournalArchive) -> int:
    plain = crypto.unseal(_place(part), part.vault_id, bytes(part.sealed)) or b""
    again = crypto.seal(_place(part), part.vault_id, plain)
    return JournalArchive.objects.filter(pk=part.pk).update(sealed=again)


def _erase(rows: QuerySet[JournalArchive]) -> None:
    for part in rows:
        part.delete()
        vault.destroy(part.vault_id)


retention.clock(
    "core.JournalEntry",
    starts="at",
    keep=timedelta(days=365),
    then=gettext_lazy("removed once a week; who among the staff opened what, and alerts, are sealed two years more"),
)
retention.clock(
    "core.JournalArchive",
    starts="expires_at",
    keep=timedelta(0),
    then=gettext_lazy("three years after it was written, its key is destroyed"),
    erase=_erase,
)
