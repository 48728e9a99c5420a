"""A copy for whoever mends the software: how many rows, how they hang together, and nobody in them.

What is not said to be kept is masked. Numbers, dates, choices and keys stay, since a fault often lies there; every
other text is replaced; what is sealed is replaced too and sealed again, with a key made for the copy, so that the
copy works like the instance it was made from. Tables of secrets and of traces are left empty. The copy is one SQLite
file and its key file, whatever the database it was made from.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections, models, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models.constants import LOOKUP_SEP

from vecu.core import keys, vault
from vecu.core.crypto import (
    ERASED,
    EncryptedField,
    EncryptedJSONField,
    EncryptedTextField,
    open_value,
    place_of,
    seal_with,
)
from vecu.core.tables import DataKey

ALIAS = "masked"
BATCH = 500
MASKED = "masqué"
ADDRESS = "personne-{}@masque.invalid"
# Columns of these kinds say how things hang together, not who somebody is.
PLAIN = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TimeField,
    models.UUIDField,
)
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Rules:
    """`area.Model.column` to keep as it is or to blank although it is a number; `area.Model` to leave empty."""

    kept: Collection[str]
    blanked: Collection[str]
    emptied: Collection[str]


@dataclass(frozen=True)
class Copy:
    """Where it goes, and the one key that seals everything in it."""

    folder: Path
    rules: Rules
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(keys.KEY_BYTES))

    @property
    def key(self) -> vault.OpenKey:
        return vault.OpenKey(1, {1: AESGCM(self.secret)})

    @property
    def file(self) -> Path:
        return self.folder / "vecu.sqlite3"

    @property
    def key_file(self) -> Path:
        return self.folder / "keys" / "kek.json"


def copy_masked(folder: Path, rules: Rules) -> int:
    """Make the copy; returns how many rows it holds. Never over something that is there."""
    copy = Copy(folder, rules)
    keys.make_private_folder(folder)
    copy.file.touch(keys.PRIVATE_FILE, exist_ok=False)
    keys.ensure_key_file(copy.key_file)
    rows = 0
    with _connected(copy.file):
        call_command("migrate", database=ALIAS, verbosity=0, interactive=False)
        with connections[ALIAS].constraint_checks_disabled(), transaction.atomic(using=ALIAS):
            for model in apps.get_models(include_auto_created=True):
                if model is DataKey:
                    rows += _copy_keys(copy)
                elif model._meta.label not in rules.emptied and not issubclass(model, ContentType):
                    rows += _copy_table(model, copy)
        connections[ALIAS].check_constraints()
    return rows


@contextmanager
def _connected(path: Path) -> Iterator[None]:
    like = connections["default"].settings_dict
    connections.databases[ALIAS] = {
        **like,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {},
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
    }
    connections[ALIAS] = DatabaseWrapper(connections.databases[ALIAS], ALIAS)
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.databases[ALIAS]


def _copy_keys(copy: Copy) -> int:
    """Each key that still opens something opens it in the copy too, under the copy's own key file."""
    ring = keys.load(copy.key_file)
    rows = list(DataKey.objects.order_by("pk"))
    for row in rows:
        if row.destroyed_at is None:
            vault.wrap_for(ring, row, copy.secret)
    DataKey.objects.using(ALIAS).bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _copy_table(model: type[models.Model], copy: Copy) -> int:
    fields = model._meta.concrete_fields
    changes = [_change_of(each, copy.rules) for each in fields]
    quote = connections[ALIAS].ops.quote_name
    columns, holes = ", ".join(quote(str(each.column)) for each in fields), ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({holes})"  # noqa: S608
    # After the columns, for each sealed one, the key that opens it.
    paths = [each.key.replace(".", LOOKUP_SEP) for each in fields if isinstance(each, EncryptedField)]
    names = [*[each.attname for each in fields], *paths]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(BATCH)
    done = 0
    with connections[ALIAS].cursor() as cursor:
        while some := list(islice(rows, BATCH)):
            vault.preload(key for row in some for key in row[len(fields) :])
            cursor.executemany(insert, [_masked_row(model, row, changes, copy) for row in some])
            done += len(some)
    return done


def _masked_row(model: type[models.Model], row: Sequence[Any], changes: Sequence[Change], copy: Copy) -> list[Any]:
    fields = model._meta.concrete_fields
    values = dict(zip([each.attname for each in fields], row, strict=False))
    opening = iter(row[len(fields) :])
    cells = []
    for each, change, value in zip(fields, changes, row, strict=False):
        if isinstance(each, EncryptedField):
            cells.append(_sealed_again(each, values, next(opening), copy))
        else:
            cells.append(each.get_db_prep_save(change(value), connections[ALIAS]))
    return cells


def _sealed_again(each: EncryptedField, values: dict[str, Any], key_id: Any, copy: Copy) -> bytes | None:
    """What was sealed, replaced by something of the same shape. Only lists of answers are opened, for their shape."""
    held = values[each.attname]
    if not held:
        return None if held is None else b""
    row_id, organisation_id = values[each.model._meta.pk.attname], values.get("organisation_id")
    plain: Any = MASKED if isinstance(each, EncryptedTextField) else b""
    if isinstance(each, EncryptedJSONField):
        opened = open_value(each.model, each.attname, row_id, organisation_id, key_id, held)
        plain = {} if opened is ERASED else _shape_of(opened)
    data = each.to_bytes(plain)
    return seal_with(copy.key, place_of(each, row_id, organisation_id), data) if data else b""


def _shape_of(value: Any) -> Any:
    """The same names and kinds, without what was said."""
    if isinstance(value, dict):
        return {name: _shape_of(inner) for name, inner in value.items()}
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, str)):
        return type(value)()
    return None


def _change_of(each: models.Field[Any, Any], rules: Rules) -> Change:
    name = f"{each.model._meta.label}.{each.attname}"
    if name in rules.blanked:
        return lambda value: None if each.null else 0
    if name in rules.kept or each.choices or isinstance(each, PLAIN):
        return lambda value: value
    return _replacement(each)


def _replacement(each: models.Field[Any, Any]) -> Change:
    """Something of the same kind that says nothing; what is empty stays empty."""
    numbers = count(1)
    if isinstance(each, models.JSONField):
        return lambda value: type(value)() if isinstance(value, (dict, list)) else None
    if isinstance(each, models.BinaryField):
        return lambda value: b""
    if isinstance(each, models.EmailField):
        return lambda value: ADDRESS.format(next(numbers)) if value else value
    if isinstance(each, models.GenericIPAddressField):
        return lambda value: "0.0.0.0"  # noqa: S104 no address, not one to listen on
    most = each.max_length or len(MASKED) + 12

    def text(value: Any) -> Any:
        numbered = f"{MASKED} {next(numbers)}"
        if not value:
            return value
        if len(numbered) <= most:
            return numbered
        return numbered[-most:] if each.unique else MASKED[:most]

    return text
