"""Secrets kept in files, outside the database.

No Django import at module level: settings read their secret from here before Django is loaded.

The key file is JSON: `{"current": 2, "keys": {"1": …, "2": …}, "index": …}`. `keys` wrap the data keys of the
vault, `current` says which one wraps new ones, `index` is the key of the blind indexes. None of them is
derived from `SECRET_KEY`, so that signing and encrypting are changed apart.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


class KeyFileWrong(Exception):
    """The key file is missing, unreadable or incomplete."""


@dataclass(frozen=True)
class KeyRing:
    """The content of the key file."""

    current: int
    keys: dict[int, bytes]
    index: bytes

    def key(self, version: int) -> bytes:
        try:
            return self.keys[version]
        except KeyError:
            raise KeyFileWrong(f"the key file holds no key {version}") from None


def local_secret(path: Path, key_file: Path) -> str:
    """The secret of an instance which nobody configured (development, demo): made at first use, with its keys."""
    ensure_key_file(key_file)
    write_once(path, secrets.token_urlsafe(50).encode())
    return path.read_text(encoding="ascii")


def ensure_key_file(path: Path) -> None:
    """Make a key file if there is none. Never called in production, where a missing key is an error."""
    if not path.exists():
        write_once(path, _dump(KeyRing(1, {1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))))


def write_once(path: Path, content: bytes) -> None:
    """Create a private file, whole or not at all; the first of several processes wins."""
    if path.exists():
        return
    make_private_folder(path.parent)
    draft = _draft(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def make_private_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _dump(ring: KeyRing) -> bytes:
    content = {
        "current": ring.current,
        "keys": {str(version): base64.b64encode(key).decode() for version, key in sorted(ring.keys.items())},
        "index": base64.b64encode(ring.index).decode(),
    }
    return json.dumps(content, indent=1).encode()


def _parse(content: str) -> KeyRing:
    try:
        data = json.loads(content)
        held = {int(version): base64.b64decode(key, validate=True) for version, key in data["keys"].items()}
        ring = KeyRing(int(data["current"]), held, base64.b64decode(data["index"], validate=True))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileWrong(f"the key file cannot be read ({type(error).__name__})") from error
    if any(len(key) != KEY_BYTES for key in [*held.values(), ring.index]) or ring.current not in held:
        raise KeyFileWrong("the key file is incomplete: each key has 32 bytes and the current one is among them")
    return ring


_held: dict[Path, tuple[int, KeyRing]] = {}
_lock = threading.Lock()


def load(path: Path) -> KeyRing:
    """The keys, read again when the file has changed (a rotation in another process)."""
    try:
        stamp = path.stat().st_mtime_ns
        with _lock:
            known = _held.get(path)
            if known is None or known[0] != stamp:
                known = (stamp, _parse(path.read_text(encoding="ascii")))
                _held[path] = known
            return known[1]
    except OSError as error:
        raise KeyFileWrong(f"the key file {path} cannot be read ({error.strerror})") from error


def add_key(path: Path) -> int:
    """Add a wrapping key and make it the current one; old ones stay until `retire_key`."""
    ring = load(path)
    version = max(ring.keys) + 1
    _replace(path, KeyRing(version, {**ring.keys, version: secrets.token_bytes(KEY_BYTES)}, ring.index))
    return version


def retire_key(path: Path, version: int) -> None:
    """Forget an old wrapping key. The caller has checked that nothing is wrapped with it any more."""
    ring = load(path)
    if version == ring.current:
        raise KeyFileWrong("the current key cannot be retired")
    _replace(path, KeyRing(ring.current, {v: k for v, k in ring.keys.items() if v != version}, ring.index))


def _replace(path: Path, ring: KeyRing) -> None:
    _draft(path, _dump(ring)).replace(path)
    with _lock:
        _held.pop(path, None)
