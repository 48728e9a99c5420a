"""Who did or read what, when and why. Never what was written.

Entries are only added: triggers refuse changes on both engines. Each organisation has its chain: an entry
carries the hash of the one before, so a changed, removed or swapped entry is found by `verify`. A chain alone
proves nothing against whoever can rewrite all of it: every hour its head is signed with a key of its own
(`anchor`), and the anchors are meant to be copied to another machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Max, Model, QuerySet, UUIDField
from django.utils import timezone

from vecu.core import jobs, keys
from vecu.core.access import Actor
from vecu.core.logs import current_request_id
from vecu.core.prepared import Asked, Prepared
from vecu.core.tables import JournalCut, JournalEntry

START = "0" * 64
INSTANCE = UUID(int=0)
REASON_LENGTH = 500
BATCH = 200
LAST = Prepared(
    lambda: (
        JournalEntry.objects.filter(chain=Asked("chain", UUIDField()))
        .order_by("-number")
        .values_list("number", "hash")[:1]
    )
)
# What was read since somebody began to note it: vecu/core/readings.py.
MEANWHILE: ContextVar[list[JournalEntry] | None] = ContextVar("readings", default=None)
_LOCK = 0x76656375  # "vecu": keeps our advisory locks apart from others'


def write(actor: Actor | None, verb: str, row: Model, *, reason: str = "", subject: Any = None) -> JournalEntry:
    """Journal a verb done to a row. `subject` is the person concerned, or their identifier."""
    return _add(actor, verb, row, reason=reason, subject=subject, is_reading=False)


def write_each(actor: Actor | None, verb: str, rows: Sequence[Model]) -> None:
    """Journal one verb done to each of several people of one organisation, as `write` does for one."""
    if not rows:
        return
    chain = _chain_of(actor, rows[0])
    with transaction.atomic():
        number, mark = end_of(chain)
        entries = []
        for row in rows:
            entry = _entry((chain, number, mark), actor, verb, row, reason="", subject=row, is_reading=False)
            number, mark = entry.number, entry.hash
            entries.append(entry)
        JournalEntry.objects.bulk_create(entries, batch_size=BATCH)


def read(actor: Actor | None, what: str, row: Model, *, subject: Any, reason: str = "") -> JournalEntry:
    """Journal that someone read what concerns somebody else. The person sees it."""
    return _add(actor, what, row, reason=reason, subject=subject, is_reading=True)


def for_subject(person_id: UUID) -> QuerySet[JournalEntry]:
    """Who opened a person's data, newest first, the person's own readings left out."""
    opened = JournalEntry.objects.filter(subject_id=person_id, is_reading=True)
    return opened.exclude(actor_id=person_id).order_by("-at", "-number")


def readers_since(moment: datetime) -> list[tuple[UUID, UUID, int]]:
    """Chain, reader and how many other people's data they opened since then; Vécu itself and the public left out."""
    opened = JournalEntry.objects.filter(at__gte=moment, is_reading=True, actor_id__isnull=False)
    opened = opened.exclude(subject_id=None).exclude(subject_id=F("actor_id"))
    counted = opened.values_list("chain", "actor_id").annotate(people=Count("subject_id", distinct=True))
    return [(chain, reader, people) for chain, reader, people in counted.order_by("chain", "actor_id")]


def of_organisation(organisation_id: UUID) -> QuerySet[JournalEntry]:
    """Everything journaled in an organisation, newest first."""
    return JournalEntry.objects.filter(chain=organisation_id).order_by("-number")


def _add(actor: Actor | None, verb: str, row: Model, *, reason: str, subject: Any, is_reading: bool) -> JournalEntry:
    with transaction.atomic():
        chain = _chain_of(actor, row)
        place = (chain, *end_of(chain))
        entry = _entry(place, actor, verb, row, reason=reason, subject=subject, is_reading=is_reading)
        entry.save(force_insert=True)
    noted = MEANWHILE.get()
    if is_reading and noted is not None:
        noted.append(entry)
    return entry


def end_of(chain: UUID) -> tuple[int, str]:
    """The number and the mark of the last entry; the chain is ours until the end of the transaction."""
    _lock(chain)
    rows = LAST.rows(chain=chain) or JournalCut.objects.filter(pk=chain).values_list("number", "hash")
    return next(iter(rows), (0, START))


def _entry(
    after: tuple[UUID, int, str],
    actor: Actor | None,
    verb: str,
    row: Model,
    *,
    reason: str,
    subject: Any,
    is_reading: bool,
) -> JournalEntry:
    chain, number, mark = after
    entry = JournalEntry(
        chain=chain,
        number=number + 1,
        at=timezone.now(),
        actor_id=actor.person_id if actor is not None else None,
        actor_role=str(getattr(actor, "role", None) or "")[:40],
        is_reading=is_reading,
        verb=verb,
        object_type=row._meta.label_lower,
        object_id=str(row.pk or ""),
        subject_id=getattr(subject, "pk", subject),
        reason=reason[:REASON_LENGTH],
        request_id=current_request_id(),
        prev=mark,
    )
    entry.hash = mark_of(entry)
    return entry


def _chain_of(actor: Actor | None, row: Model) -> UUID:
    if row._meta.model_name == "organisation":
        found = row.pk
    else:
        found = getattr(row, "organisation_id", None) or (actor.organisation_id if actor is not None else None)
    return found or INSTANCE


def _lock(chain: UUID) -> None:
    """One writer per chain until the end of the transaction; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, (chain.int & 0xFFFFFFFF) - 2**31])


def mark_of(entry: JournalEntry) -> str:
    """SHA-256 of the previous mark and of every column in a fixed form."""
    columns = [
        str(entry.chain),
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id or ""),
        entry.actor_role,
        entry.is_reading,
        entry.verb,
        entry.object_type,
        entry.object_id,
        str(entry.subject_id or ""),
        entry.reason,
        entry.request_id,
    ]
    canonical = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{entry.prev}|{canonical}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Where the journal is not what was written."""

    chain: UUID
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain} #{self.number}: {self.what}"


def verify(folder: Path | None = None) -> list[Fault]:
    """Everything wrong in the chains and against the signed anchors; an empty list means untouched."""
    faults: list[Fault] = []
    folder = folder or anchor_folder()
    marks, seen = _anchored(folder, faults)
    heads = _starts(folder, seen, faults)
    for entry in JournalEntry.objects.order_by("chain", "number").iterator(chunk_size=2000):
        number, mark = heads.get(entry.chain, (0, START))
        if entry.number != number + 1:
            faults.append(Fault(entry.chain, entry.number, f"{entry.number - number - 1} entries missing before"))
        elif entry.prev != mark:
            faults.append(Fault(entry.chain, entry.number, "does not follow the entry before"))
        if entry.hash != mark_of(entry):
            faults.append(Fault(entry.chain, entry.number, "changed after it was written"))
        if marks.pop((entry.chain, entry.number), entry.hash) != entry.hash:
            faults.append(Fault(entry.chain, entry.number, "is not the one that was signed"))
        heads[entry.chain] = (entry.number, entry.hash)
    for (chain, number), _mark in sorted(marks.items(), key=str):
        if number > heads.get(chain, (0, ""))[0]:
            faults.append(Fault(chain, number, "was signed and is missing: the end was cut"))
    return faults


def _starts(folder: Path, seen: list[tuple[datetime, UUID, int]], faults: list[Fault]) -> dict[UUID, tuple[int, str]]:
    """A chain starts at 1, or after its cut (`vecu.core.forgetting`): signed, and of nothing younger than it says.

    The anchors know: a head signed after the day of the cut with a smaller number shows that too much was removed.
    """
    key = _public_key(folder)
    starts = {}
    for cut in JournalCut.objects.all():
        if not _is_signed(key, body_of(cut), cut.signature):
            faults.append(Fault(cut.chain, cut.number, "was cut by a stranger"))
        if any(chain == cut.chain and at > cut.before and number < cut.number for at, chain, number in seen):
            faults.append(Fault(cut.chain, cut.number, "was removed before its time"))
        starts[cut.chain] = (cut.number, cut.hash)
    return starts


def body_of(cut: JournalCut) -> str:
    """What is signed of a cut."""
    return f"cut {cut.before.astimezone(UTC).isoformat()} {cut.chain} {cut.number} {cut.hash}"


def sign(body: str) -> str:
    """With the journal's own key; its public half lies beside the anchors."""
    key = _signing_key()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    keys.make_private_folder(anchor_folder())
    keys.write_once(anchor_folder() / "public.pem", public)
    return key.sign(body.encode()).hex()


def _public_key(folder: Path) -> Any:
    file = folder / "public.pem"
    return load_pem_public_key(file.read_bytes()) if file.exists() else None


def _is_signed(key: Any, body: str, signature: str) -> bool:
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(bytes.fromhex(signature), body.encode())
            return True
    except (InvalidSignature, ValueError):
        pass
    return False


# -- anchors


def anchor_folder() -> Path:
    return Path(settings.VAR) / "anchors"


def signing_key_file() -> Path:
    return Path(settings.KEY_FILE).with_name("journal.pem")


def _signing_key() -> Ed25519PrivateKey:
    path = signing_key_file()
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        keys.write_once(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise keys.KeyFileWrong(f"{path} is not an Ed25519 key")
    return key


@jobs.periodic("core.anchor_journal", every=timedelta(hours=1))
def anchor(now: datetime) -> None:
    """Sign the head of each chain into a file that is only added to."""
    heads = JournalEntry.objects.values("chain").annotate(last=Max("number")).values_list("chain", "last")
    lines = []
    for chain, number in heads.order_by("chain"):
        mark = JournalEntry.objects.values_list("hash", flat=True).get(chain=chain, number=number)
        body = f"{now.astimezone(UTC).isoformat()} {chain} {number} {mark}"
        lines.append(f"{body} {sign(body)}\n")
    keys.make_private_folder(anchor_folder())
    with (anchor_folder() / f"{now:%Y-%m}.txt").open("a", encoding="ascii") as file:
        file.writelines(lines)


def _anchored(
    folder: Path, faults: list[Fault]
) -> tuple[dict[tuple[UUID, int], str], list[tuple[datetime, UUID, int]]]:
    """The signed heads, and when each was the head; a line whose signature is wrong is a fault."""
    key = _public_key(folder)
    marks: dict[tuple[UUID, int], str] = {}
    seen: list[tuple[datetime, UUID, int]] = []
    for file in sorted(folder.glob("*.txt")) if key is not None else []:
        for line in file.read_text(encoding="ascii").splitlines():
            body, _, signature = line.rpartition(" ")
            at, _sep, rest = body.partition(" ")
            if not _is_signed(key, body, signature) or len(rest.split(" ")) != 3:
                faults.append(Fault(INSTANCE, 0, f"an anchor in {file.name} is forged or cut"))
                continue
            chain, number, mark = rest.split(" ")
            marks[UUID(chain), int(number)] = mark
            seen.append((datetime.fromisoformat(at), UUID(chain), int(number)))
    return marks, seen


# -- the triggers


@contextmanager
def unlocked() -> Iterator[None]:
    """Lift the triggers inside a transaction, for pruning and for emptying a test database. Owner role only."""
    with transaction.atomic():
        had = _triggers_exist()
        with connection.cursor() as cursor:
            for statement in UNLOCK[connection.vendor]:
                cursor.execute(statement)
        yield
        if had:
            with connection.cursor() as cursor:
                for statement in LOCK[connection.vendor]:
                    cursor.execute(statement)


def _triggers_exist() -> bool:
    table = {"sqlite": "sqlite_master WHERE type = 'trigger' AND name", "postgresql": "pg_trigger WHERE tgname"}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table[connection.vendor]} = 'core_journal_no_update'")  # noqa: S608
        return cursor.fetchone() is not None


def lock_table(apps: Any, schema_editor: Any) -> None:
    """Migration step: put the triggers."""
    for statement in LOCK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unlock_table(apps: Any, schema_editor: Any) -> None:
    for statement in UNLOCK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


LOCK = {
    "sqlite": [
        "CREATE TRIGGER core_journal_no_update BEFORE UPDATE ON core_journalentry "
        "BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END",
        "CREATE TRIGGER core_journal_no_delete BEFORE DELETE ON core_journalentry "
        "WHEN NOT EXISTS (SELECT 1 FROM core_journalcut WHERE chain = OLD.chain AND number >= OLD.number) "
        "BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION core_journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is only added to'; END $$",
        "CREATE OR REPLACE FUNCTION core_journal_refuse_above_cut() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF EXISTS (SELECT 1 FROM core_journalcut WHERE chain = OLD.chain AND number >= OLD.number) "
        "THEN RETURN OLD; END IF; RAISE EXCEPTION 'the journal is only added to'; END $$",
        "CREATE TRIGGER core_journal_no_update BEFORE UPDATE ON core_journalentry "
        "FOR EACH ROW EXECUTE FUNCTION core_journal_refuse()",
        "CREATE TRIGGER core_journal_no_row_delete BEFORE DELETE ON core_journalentry "
        "FOR EACH ROW EXECUTE FUNCTION core_journal_refuse_above_cut()",
        "CREATE TRIGGER core_journal_no_delete BEFORE TRUNCATE ON core_journalentry "
        "FOR EACH STATEMENT EXECUTE FUNCTION core_journal_refuse()",
    ],
}
UNLOCK = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS core_journal_no_update",
        "DROP TRIGGER IF EXISTS core_journal_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS core_journal_no_update ON core_journalentry",
        "DROP TRIGGER IF EXISTS core_journal_no_row_delete ON core_journalentry",
        "DROP TRIGGER IF EXISTS core_journal_no_delete ON core_journalentry",
    ],
}
