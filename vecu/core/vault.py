"""Data keys: one per person, thread or file, wrapped by the key file, destroyed to erase.

A data key may hold several versions: new texts are sealed with the newest, older texts open with theirs until
`rotate_keys` has sealed them again. Opened keys stay in memory for a few seconds only, so that a key destroyed
by another process stops opening anything almost at once.
"""

from __future__ import annotations

import os
import secrets
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import UUIDField
from django.utils import timezone

from vecu.core import keys, scrub, tombstones
from vecu.core.prepared import Prepared, any_of
from vecu.core.tables import DataKey

NONCE_BYTES = 12
KEPT_SECONDS = 5.0
SOON = 1.0  # a key about to be forgotten is opened again with the others, not alone in the middle of a page
KEPT_KEYS = 8192  # more than the longest list of people shows at once
# Asked by every page that shows a name: written once.
KEYS = Prepared(
    lambda: DataKey.objects.filter(any_of("pk", "ids", UUIDField())).values_list(
        "pk", "version", "wrapped_with", "wrapped", "destroyed_at"
    )
)
_ENTRY = struct.Struct(f">H{keys.KEY_BYTES}s")  # a version and its key, one after the other


class KeyDestroyed(Exception):
    """The key was destroyed on purpose: what it sealed is erased for ever."""


class KeyMissing(Exception):
    """No such key: an error, unlike a destroyed one."""


class Tampered(Exception):
    """What is stored is not what was sealed for this place."""


class OpenKey(NamedTuple):
    """A data key ready for use, or the memory that it was destroyed. A list opens a hundred: a plain tuple."""

    current: int
    versions: dict[int, AESGCM]

    @property
    def is_destroyed(self) -> bool:
        return not self.versions


DESTROYED = OpenKey(0, {})
_kept: dict[UUID, tuple[float, OpenKey]] = {}
_lock = threading.Lock()
_along: ContextVar[UUID | None] = ContextVar("vault_along", default=None)


def new_key(purpose: str) -> DataKey:
    """A fresh data key, saved. Its `pk` goes into the `…_id` column named by the encrypted field."""
    row = fresh_key(purpose)
    row.save(force_insert=True)
    return row


def new_keys(purpose: str, count: int) -> list[DataKey]:
    """Several fresh data keys, saved together and open: for as many rows as are sealed and saved at once."""
    rows, opened = [], {}
    for _number in range(count):
        row, key = DataKey(purpose=purpose), secrets.token_bytes(keys.KEY_BYTES)
        _wrap(row, {1: key})
        rows.append(row)
        opened[row.pk] = OpenKey(1, {1: AESGCM(key)})
    DataKey.objects.bulk_create(rows)
    _keep(time.monotonic(), opened)
    return rows


def fresh_key(purpose: str) -> DataKey:
    """A data key to be saved by the caller, with many others."""
    row = DataKey(purpose=purpose)
    _wrap(row, {1: secrets.token_bytes(keys.KEY_BYTES)})
    return row


def destroy(key_id: UUID) -> bool:
    """Erase everything sealed with this key, in every copy. False if it was destroyed before."""
    done = DataKey.objects.filter(pk=key_id, destroyed_at__isnull=True).update(
        wrapped=None, destroyed_at=timezone.now()
    )
    forget(key_id)
    if done:
        tombstones.bury("key", key_id)
        scrub.soon()
    return bool(done)


def opened(key_id: UUID) -> OpenKey:
    """The key, from memory or from the vault."""
    kept = _kept.get(key_id)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    # Not looked for in the memory again: another thread may have emptied it meanwhile.
    key = _load([key_id]).get(key_id)
    if key is None:
        raise KeyMissing(str(key_id))
    return key


def usable(key_id: UUID) -> OpenKey:
    """The key, for sealing something new. Raises KeyDestroyed."""
    key = opened(key_id)
    if key.is_destroyed:
        raise KeyDestroyed(str(key_id))
    return key


@contextmanager
def along(key_id: UUID | None) -> Iterator[None]:
    """Within, this key is opened along with those of a list: that of whoever reads, whose name stands on the page."""
    before = _along.set(key_id)
    try:
        yield
    finally:
        _along.reset(before)


def preload(key_ids: Iterable[UUID | None]) -> None:
    """Open many keys with one query, before a list reads sealed texts of many people."""
    soon = time.monotonic() + SOON
    wanted = {key_id for key_id in key_ids if key_id is not None}
    if wanted and (also := _along.get()) is not None:
        wanted.add(also)
    if _kept:
        wanted = {key_id for key_id in wanted if _kept.get(key_id, (0.0, DESTROYED))[0] <= soon}
    if wanted:
        _load(wanted)


def _load(key_ids: Iterable[UUID]) -> dict[UUID, OpenKey]:
    now = time.monotonic()
    # Read once for all of them; a ring holds one or two keys.
    ring = keys.load(settings.KEY_FILE)
    wrappers: dict[int, AESGCM] = {}
    opened: dict[UUID, OpenKey] = {}
    for pk, version, wrapped_with, wrapped, destroyed_at in KEYS.rows(ids=key_ids):
        if destroyed_at is not None:
            opened[pk] = DESTROYED
            continue
        if wrapped_with not in wrappers:
            wrappers[wrapped_with] = AESGCM(ring.key(wrapped_with))
        held = _unwrapped(pk, bytes(wrapped or b""), wrappers[wrapped_with])
        opened[pk] = OpenKey(version, {number: AESGCM(key) for number, key in held.items()})
    _keep(now, opened)
    return opened


def _keep(now: float, opened: dict[UUID, OpenKey]) -> None:
    with _lock:
        if len(_kept) + len(opened) > KEPT_KEYS:
            # Not those in use: a page in the middle of a long list would open the rest of it one by one.
            for key_id in [key_id for key_id, (until, _key) in _kept.items() if until <= now]:
                del _kept[key_id]
        if len(_kept) + len(opened) > 2 * KEPT_KEYS:
            _kept.clear()
        _kept.update({key_id: (now + KEPT_SECONDS, key) for key_id, key in opened.items()})


def forget(key_id: UUID | None = None) -> None:
    """Drop one key, or all, from this process's memory."""
    with _lock:
        if key_id is None:
            _kept.clear()
        else:
            _kept.pop(key_id, None)


def rewrap(limit: int = 500) -> int:
    """Wrap with the current key up to `limit` keys still wrapped with an older one; returns how many."""
    current = keys.load(settings.KEY_FILE).current
    rows = list(DataKey.objects.filter(destroyed_at__isnull=True).exclude(wrapped_with=current)[:limit])
    for row in rows:
        old = row.wrapped_with
        _wrap(row, _unwrap(row))
        DataKey.objects.filter(pk=row.pk, wrapped_with=old, destroyed_at__isnull=True).update(
            wrapped=row.wrapped, wrapped_with=row.wrapped_with
        )
    return len(rows)


def add_version(key_id: UUID) -> int:
    """A new version of the data key: texts sealed from now on use it, older ones still open."""
    row = DataKey.objects.select_for_update().get(pk=key_id, destroyed_at__isnull=True)
    versions = _unwrap(row)
    row.version = max(versions) + 1
    row.rotated_at = timezone.now()
    _wrap(row, {**versions, row.version: secrets.token_bytes(keys.KEY_BYTES)})
    row.save(update_fields=["version", "wrapped", "wrapped_with", "rotated_at"])
    forget(key_id)
    return row.version


def drop_old_versions(key_id: UUID) -> None:
    """Forget all versions but the one in use; the caller has sealed every text again."""
    row = DataKey.objects.select_for_update().get(pk=key_id, destroyed_at__isnull=True)
    _wrap(row, {row.version: _unwrap(row)[row.version]})
    row.save(update_fields=["wrapped", "wrapped_with"])
    forget(key_id)


def wrap_for(ring: keys.KeyRing, row: DataKey, secret: bytes) -> None:
    """Give a row a secret of a copy, wrapped by the copy's own key file."""
    row.version, row.rotated_at = 1, None
    _wrap(row, {1: secret}, ring)


def _wrap(row: DataKey, versions: dict[int, bytes], ring: keys.KeyRing | None = None) -> None:
    ring = ring or keys.load(settings.KEY_FILE)
    plain = b"".join(_ENTRY.pack(number, key) for number, key in sorted(versions.items()))
    nonce = os.urandom(NONCE_BYTES)
    row.wrapped_with = ring.current
    row.wrapped = nonce + AESGCM(ring.key(ring.current)).encrypt(nonce, plain, _place(row.pk))


def _unwrap(row: DataKey) -> dict[int, bytes]:
    return _unwrapped(row.pk, bytes(row.wrapped or b""), AESGCM(keys.load(settings.KEY_FILE).key(row.wrapped_with)))


def _unwrapped(pk: UUID, sealed: bytes, wrapper: AESGCM) -> dict[int, bytes]:
    try:
        plain = wrapper.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(pk))
    except InvalidTag as error:
        raise Tampered(f"data key {pk}") from error
    return dict(_ENTRY.iter_unpack(plain))


def _place(pk: UUID) -> bytes:
    return f"vault|{pk}".encode()
