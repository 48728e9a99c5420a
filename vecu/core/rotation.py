"""Sealing everything again under new versions of the data keys, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Coalesce

from vecu.core import mail, vault
from vecu.core.crypto import EncryptedField, key_version
from vecu.core.tables import DataKey

BATCH = 500


def start(before: datetime) -> int:
    """Give a new version to each data key not renewed since `before`; returns how many."""
    since = Coalesce("rotated_at", "created_at")
    due = _living().annotate(since=since).filter(since__lt=before)
    if not DataKey.objects.filter(purpose=mail.PURPOSE, created_at__gte=before).exists():
        vault.new_key(mail.PURPOSE)  # letters that wait keep theirs, new ones take this one
    count = 0
    for key_id in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            vault.add_version(key_id)
        count += 1
    return count


def seal_again() -> int:
    """Seal with the newest version every value that is not; safe to stop and to run again."""
    return sum(_seal_column(model, field) for model, field in columns())


def finish() -> int:
    """Forget old versions of all keys, once nothing is left under them; returns how many values are left."""
    left = sum(1 for model, field in columns() for _row in _old(model, field))
    if not left:
        for key_id in list(_living().values_list("pk", flat=True)):
            with transaction.atomic():
                vault.drop_old_versions(key_id)
    return left


def _living() -> models.QuerySet[DataKey]:
    return DataKey.objects.filter(destroyed_at__isnull=True).exclude(purpose=mail.PURPOSE)


def columns() -> Iterator[tuple[type[models.Model], EncryptedField]]:
    """Every sealed column of the instance."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                yield model, field


def _old(model: type[models.Model], field: EncryptedField) -> Iterator[models.Model]:
    """Rows whose value is sealed with an older version of its key."""
    related = [field.key.rpartition(".")[0].replace(".", "__")] if "." in field.key else []
    rows = model._base_manager.exclude(**{field.name: ""}).select_related(*related)
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
    key = vault.opened(field._key_id(row))
    return held is not None and not key.is_destroyed and key_version(held.data) != key.current


def _seal_column(model: type[models.Model], field: EncryptedField) -> int:
    count = 0
    for row in _old(model, field):
        held = row.__dict__[field.attname]
        again = field.seal(row, field.open(row, held))
        # Only if nobody wrote in between: what they wrote is sealed with the newest version already.
        with transaction.atomic():
            count += model._base_manager.filter(pk=row.pk, **{field.name: held}).update(**{field.name: again})
    return count
