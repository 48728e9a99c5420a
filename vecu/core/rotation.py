"""Sealing everything again under new versions of the data keys, a batch at a time.

Sealed columns are found by themselves. What is sealed elsewhere is registered by whoever seals it: `apart` for what
lasts under the key of a row, `replaced` for a purpose whose keys are replaced one after the other, because what they
seal waits in jobs and sessions and is soon over.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Coalesce

from vecu.core import jobs, vault
from vecu.core.crypto import EncryptedField, key_version
from vecu.core.tables import DataKey

BATCH = 500
# Every process has forgotten the version it held, and whoever sealed with it waited at most this long to write.
SETTLE = vault.KEPT_SECONDS + 5.0
PATIENCE = 60.0
# Numbers of transactions: the first not begun yet, as the server counts them; and those of this database still open
# that have an older one. Other databases of the same server may well have a long one: it writes nothing here.
NOT_BEGUN = "SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text"
OPEN_BEFORE = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND age(backend_xid) > age(%s::xid)"""
# Longer than any session, any letter on its way and any job that is kept.
KEPT_AFTER = timedelta(days=40)
Again = Callable[[], int]
Olds = Callable[[], Iterator[Again]]
APART: list[Olds] = []
REPLACED: dict[str, Again] = {}
log = structlog.get_logger("vecu.rotation")


class StillWriting(Exception):
    """A transaction begun before the new versions is still open: run the renewal again once it is over."""


def apart(olds: Olds) -> Olds:
    """Register what is sealed outside sealed columns: yields, for each value under an older version of its key, what
    seals it again and returns 1 if it did."""
    APART.append(olds)
    return olds


def replaced(purpose: str, seal_again: Again = lambda: 0) -> None:
    """Register a purpose whose key is replaced by another, not given a version. `seal_again` takes what lasts over to
    the newest key; the rest keeps its own, which is destroyed once all of it is over."""
    REPLACED[purpose] = seal_again


def start(before: datetime) -> int:
    """Give a new version to each data key not renewed since `before`; returns how many."""
    since = Coalesce("rotated_at", "created_at")
    due = _living().annotate(since=since).filter(since__lt=before)
    for purpose in REPLACED:
        if not DataKey.objects.filter(purpose=purpose, created_at__gte=before).exists():
            vault.new_key(purpose)  # what waits keeps its own, new things take this one
    count = 0
    for key_id in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            vault.add_version(key_id)
        count += 1
    return count


def settle() -> None:
    """Wait until nobody can still write with a version older than those just given."""
    clock.sleep(SETTLE)
    if connection.vendor != "postgresql" or connection.in_atomic_block:  # SQLite has one writer at a time
        return
    begun = _asked(NOT_BEGUN)
    until = clock.monotonic() + PATIENCE
    while int(_asked(OPEN_BEFORE, begun)):
        if clock.monotonic() > until:
            raise StillWriting
        clock.sleep(0.2)


def _asked(question: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return str(cursor.fetchone()[0])


def seal_again() -> int:
    """Seal with the newest version every value that is not; safe to stop and to run again."""
    return sum(again() for again in olds()) + sum(again() for again in REPLACED.values())


def finish() -> int:
    """Forget old versions of all keys, once nothing is left under them; returns how many values are left."""
    left = sum(1 for _again in olds())
    if not left:
        for key_id in list(_living().values_list("pk", flat=True)):
            with transaction.atomic():
                vault.drop_old_versions(key_id)
    return left


@jobs.periodic("core.retire_keys", at=time(4, 50))
def retire_keys(now: datetime) -> None:
    """A replaced key is destroyed forty days after the one that follows it: what it sealed is over by then."""
    for purpose, again in REPLACED.items():
        standing = DataKey.objects.filter(purpose=purpose, destroyed_at__isnull=True)
        settled = standing.filter(created_at__lt=now - KEPT_AFTER).order_by("created_at").last()
        if settled is None:
            continue
        again()  # what was being written while the key was replaced
        for row in standing.filter(created_at__lt=settled.created_at):
            vault.destroy(row.pk)
            log.info("key.retired", purpose=purpose)


def _living() -> models.QuerySet[DataKey]:
    return DataKey.objects.filter(destroyed_at__isnull=True).exclude(purpose__in=list(REPLACED))


def olds() -> Iterator[Again]:
    """What is under an older version of its key, in columns and apart from them."""
    for model, field in columns():
        for row in _old(model, field):
            yield partial(_seal_row, row, field)
    for each in APART:
        yield from each()


def is_old(key_id: UUID, data: bytes) -> bool:
    """Sealed with an older version of a key that still stands."""
    key = vault.opened(key_id)
    return bool(data) and not key.is_destroyed and key_version(data) != key.current


def columns() -> Iterator[tuple[type[models.Model], EncryptedField]]:
    """Every sealed column of the instance."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                yield model, field


def _old(model: type[models.Model], field: EncryptedField) -> Iterator[models.Model]:
    """Rows whose value is sealed with an older version of its key."""
    rows = model._base_manager.exclude(**{field.name: ""})
    if "." in field.key:
        rows = rows.select_related(field.key.rpartition(".")[0].replace(".", "__"))
    batch: list[models.Model] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _old_of(batch, field)
            batch = []
    yield from _old_of(batch, field)


def _old_of(batch: list[models.Model], field: EncryptedField) -> list[models.Model]:
    vault.preload(field._key_id(row) for row in batch)
    return [row for row in batch if _is_old(row, field)]


def _is_old(row: models.Model, field: EncryptedField) -> bool:
    held = row.__dict__[field.attname]
    return held is not None and is_old(field._key_id(row), held.data)


def _seal_row(row: models.Model, field: EncryptedField) -> int:
    held = row.__dict__[field.attname]
    again = field.seal(row, field.open(row, held))
    # Only if nobody wrote in between: what they wrote is sealed with the newest version already.
    with transaction.atomic():
        return type(row)._base_manager.filter(pk=row.pk, **{field.name: held}).update(**{field.name: again})
