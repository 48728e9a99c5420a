"""Copies of the database, taken while it is used, checked at once, and restored without raising the erased.

A backup is two files: `data-….` without the vault, kept 30 days, and `vault-….` with the vault alone, kept 7
days. Destroying a key therefore erases for good in 7 days. With `VECU_BACKUP_KEY` (the public half of an X25519
key) each file is sealed so that this machine cannot read it back. The key file is in none of them.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, BinaryIO, cast

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings
from django.db import connection

from vecu.core import jobs, keys, tombstones, vault
from vecu.core.checks import Database
from vecu.core.tables import DataKey

DATA_KEPT = timedelta(days=30)
HOURLY_KEPT = timedelta(hours=48)
VAULT_KEPT = timedelta(days=7)
STAMP = "%Y%m%dT%H%M%SZ"
SEALED = ".sealed"
ASIDE = ".before-"
MAGIC = b"VECUB1\n"
CHUNK = 1024 * 1024
_TAG = 16
KEYS_OLDER = "these keys do not open this copy: give the vault-… of the same hour, or a later one"
VAULT_TABLE = DataKey._meta.db_table
log = structlog.get_logger("vecu.backup")


class BackupWrong(Exception):
    """The copy is not usable; says why."""


@dataclass(frozen=True)
class Backup:
    data: Path
    vault: Path


@jobs.periodic("core.backup", every=timedelta(hours=1), atomic=False)
def every_hour(now: datetime) -> None:
    """One backup an hour; PostgreSQL is usually saved by its own tools, and this works there too."""
    take(folder(), now)
    forget_old(folder(), now)
    forget_put_aside(now)


def folder() -> Path:
    return Path(settings.VAR) / "backups"


def last_taken(where: Path | None = None) -> datetime | None:
    """When the newest backup was taken."""
    return max((at for at, _path in _stamped(where or folder(), "data-*")), default=None)


def take(where: Path, now: datetime) -> Backup:
    """Copy, check, seal, and only then put in place."""
    keys.make_private_folder(where)
    tombstones.complete()
    tombstones.copy_beside(where)
    name = now.astimezone(UTC).strftime(STAMP)
    with TemporaryDirectory(dir=where, prefix=".draft-") as draft:
        copy = _copy_sqlite if connection.vendor == "sqlite" else _copy_postgresql
        parts = copy(Path(draft))
        placed = [_place(part, where / f"{part.stem}-{name}{part.suffix}") for part in parts]
    log.info("backup.taken", files=[path.name for path in placed])
    return Backup(*placed)


def forget_old(where: Path, now: datetime) -> None:
    """Hourly for two days, then the first of each day for thirty; the vault for seven days."""
    seen: set[str] = set()
    for at, path in _stamped(where, "data-*"):
        age, day = now - at, f"{at:%Y%m%d}"
        if age > DATA_KEPT or (age > HOURLY_KEPT and day in seen):
            path.unlink()
        seen.add(day)
    for at, path in _stamped(where, "vault-*"):
        if now - at > VAULT_KEPT:
            path.unlink()


def forget_put_aside(now: datetime) -> None:
    """What a restore put aside holds people too: it goes after seven days."""
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    for path in database.parent.glob(f"{database.name}*{ASIDE}*") if connection.vendor == "sqlite" else ():
        put_on = _moment(path.name.partition(ASIDE)[2])
        if put_on is not None and now - put_on > VAULT_KEPT:
            path.unlink()


def _stamped(where: Path, names: str) -> list[tuple[datetime, Path]]:
    """Our own files with their moments, oldest first; what somebody else put there is theirs."""
    found = ((_moment(path.name.split("-", 1)[1].split(".")[0]), path) for path in where.glob(names))
    return sorted((at, path) for at, path in found if at is not None)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _place(part: Path, target: Path) -> Path:
    recipient = settings.BACKUP_KEY
    if recipient:
        target = target.with_name(target.name + SEALED)
        sealed = part.with_name(part.name + SEALED)
        with part.open("rb") as source, sealed.open("wb") as out:
            seal(source, out, Path(recipient))
        part.unlink()
        part = sealed
    part.chmod(keys.PRIVATE_FILE)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    return part.rename(target)


# -- SQLite


def _copy_sqlite(draft: Path) -> tuple[Path, Path]:
    data, apart = draft / "data.sqlite3", draft / "vault.sqlite3"
    live = Database.connect(str(settings.DATABASES["default"]["NAME"]))
    with closing(live) as source, closing(Database.connect(str(data))) as copy:
        source.backup(copy)
    with closing(Database.connect(str(data), isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        copy.execute("ATTACH DATABASE ? AS apart", [str(apart)])
        copy.execute(f"CREATE TABLE apart.{VAULT_TABLE} AS SELECT * FROM main.{VAULT_TABLE}")  # noqa: S608
        copy.execute(f"DELETE FROM main.{VAULT_TABLE}")  # noqa: S608
        copy.execute("DETACH DATABASE apart")
        copy.execute("VACUUM")
    for path in (data, apart):
        check_sqlite(path)
    return data, apart


def check_sqlite(path: Path) -> None:
    try:
        with closing(Database.connect(str(path))) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchall()
    except Database.DatabaseError as error:
        raise BackupWrong(f"{path.name} is not a database: {error}") from error
    if found != [("ok",)]:
        raise BackupWrong(f"{path.name} is damaged: {found[0][0]}")


def _restore_sqlite(data: Path, apart: Path) -> None:
    for path in (data, apart):
        check_sqlite(path)
    with closing(Database.connect(str(data), isolation_level=None)) as copy:
        copy.execute("ATTACH DATABASE ? AS apart", [str(apart)])
        copy.execute(f"INSERT OR REPLACE INTO main.{VAULT_TABLE} SELECT * FROM apart.{VAULT_TABLE}")  # noqa: S608
        if copy.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupWrong(KEYS_OLDER)
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    connection.close()
    stamp = datetime.now(UTC).strftime(STAMP)
    for ending in ("", "-wal", "-shm"):
        old = target.with_name(target.name + ending)
        if old.exists():
            old.rename(old.with_name(f"{old.name}{ASIDE}{stamp}"))
    data.chmod(keys.PRIVATE_FILE)
    data.rename(target)


# -- PostgreSQL


def _environment() -> dict[str, str]:
    options = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    own = {variable: str(options[name]) for name, variable in names.items() if options.get(name)}
    return {**os.environ, **own}


def _postgres(command: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603
        [command, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupWrong(f"{command} failed: {done.stderr.strip()[-500:]}")


def _copy_postgresql(draft: Path) -> tuple[Path, Path]:
    data, apart = draft / "data.dump", draft / "vault.dump"
    _postgres("pg_dump", "-Fc", "--no-owner", f"--exclude-table-data={VAULT_TABLE}", "-f", str(data))
    _postgres("pg_dump", "-Fc", "--data-only", f"--table={VAULT_TABLE}", "-f", str(apart))
    for path in (data, apart):
        _postgres("pg_restore", "--list", str(path))
    return data, apart


def _restore_postgresql(data: Path, apart: Path) -> None:
    """All in one transaction, the keys between the rows and the constraints that look for them."""
    with connection.cursor() as cursor:
        tables = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
    environment = _environment()
    connection.close()
    parts = [
        ("--section=pre-data", "--clean", "--if-exists", str(data)),
        ("--section=data", str(data)),
        ("--data-only", str(apart)),
        ("--section=post-data", str(data)),
    ]
    with _psql(environment) as script:
        script.write("".join(f"DROP TABLE {table} CASCADE;\n" for table in tables).encode())
        for part in parts:
            script.flush()
            pg_restore = ["pg_restore", "--no-owner", "--file=-", *part]
            done = subprocess.run(pg_restore, env=environment, stdout=script, stderr=subprocess.PIPE, check=False)  # noqa: S603
            if done.returncode == -signal.SIGPIPE:
                return  # psql stopped reading: it says why
            if done.returncode:
                raise BackupWrong(f"pg_restore failed: {done.stderr.decode().strip()[-500:]}")


@contextmanager
def _psql(environment: dict[str, str]) -> Iterator[IO[bytes]]:
    """What is written goes into one transaction, committed at the end if nothing was raised meanwhile."""
    with TemporaryFile() as said:
        command = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"]
        psql = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=said, stderr=said)  # noqa: S603
        script = cast("IO[bytes]", psql.stdin)
        try:
            yield script
        except BaseException:
            psql.kill()  # before the end of its script: nothing is committed
            psql.wait()
            raise
        with suppress(BrokenPipeError):
            script.close()
        failed = psql.wait() != 0
        said.seek(0)
        words = said.read().decode("utf-8", "replace").strip()
    if failed:
        raise BackupWrong(KEYS_OLDER if VAULT_TABLE in words else f"psql failed: {words[-500:]}")


# -- restoring


def restore(data: Path, apart: Path, identity: Path | None = None) -> None:
    """Put a backup in place of the database. Migrate it, then `tombstones.apply()`: both need the tables of today."""
    keys.make_private_folder(Path(settings.VAR))
    tombstones.learn_from(data.parent)
    with TemporaryDirectory(dir=settings.VAR, prefix=".restore-") as draft:
        parts = [_opened(path, Path(draft), identity) for path in (data, apart)]
        put = _restore_sqlite if connection.vendor == "sqlite" else _restore_postgresql
        put(*parts)
    vault.forget()


def _opened(path: Path, draft: Path, identity: Path | None) -> Path:
    """A readable copy: the given file is never touched."""
    copy = draft / path.name.removesuffix(SEALED)
    with path.open("rb") as source, copy.open("wb") as out:
        if path.suffix == SEALED:
            if identity is None:
                raise BackupWrong(f"{path.name} is sealed: give the private key with --identity")
            unseal(source, out, identity)
        else:
            while piece := source.read(CHUNK):
                out.write(piece)
    return copy


# -- sealing of files


def seal(source: BinaryIO, out: BinaryIO, recipient: Path) -> None:
    """Seal a file for the holder of a private key: X25519, HKDF, AES-256-GCM by numbered pieces, the last marked."""
    public = load_pem_public_key(recipient.read_bytes())
    if not isinstance(public, X25519PublicKey):
        raise BackupWrong(f"{recipient} is not an X25519 public key")
    once = X25519PrivateKey.generate()
    own = once.public_key().public_bytes_raw()
    out.write(MAGIC + own)
    cipher = _cipher(once.exchange(public), own, public.public_bytes_raw())
    for number, is_last, piece in _pieces(source, CHUNK):
        out.write(cipher.encrypt(_nonce(number, is_last), piece, None))


def unseal(source: BinaryIO, out: BinaryIO, identity: Path) -> None:
    private = load_pem_private_key(identity.read_bytes(), password=None)
    if not isinstance(private, X25519PrivateKey):
        raise BackupWrong(f"{identity} is not an X25519 private key")
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupWrong("this is not a sealed backup")
    own = source.read(32)
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(own))
    except ValueError as error:
        raise BackupWrong("the sealed backup is cut") from error
    cipher = _cipher(shared, own, private.public_key().public_bytes_raw())
    for number, is_last, piece in _pieces(source, CHUNK + _TAG):
        try:
            out.write(cipher.decrypt(_nonce(number, is_last), piece, None))
        except InvalidTag as error:
            raise BackupWrong("the sealed backup is damaged, cut, or for another key") from error


def _cipher(shared: bytes, once: bytes, recipient: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=once + recipient, info=b"vecu backup 1").derive(shared))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bool, bytes]]:
    number, piece = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number, not following, piece
        if not following:
            return
        number, piece = number + 1, following


def _live_keys() -> list[object]:
    return list(DataKey.objects.filter(destroyed_at__isnull=True).values_list("pk", flat=True))


def _destroyed_keys() -> list[object]:
    return list(DataKey.objects.filter(destroyed_at__isnull=False).values_list("pk", flat=True))


tombstones.grave("key", _live_keys, vault.destroy, _destroyed_keys)
