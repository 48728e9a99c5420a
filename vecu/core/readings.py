"""What was read stays read, even when the transaction in which it was journaled is undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from vecu.core import journal
from vecu.core.tables import JournalEntry


@contextmanager
def noted() -> Iterator[list[JournalEntry]]:
    """The readings journaled meanwhile, for whoever undoes a transaction after its page was made."""
    entries: list[JournalEntry] = []
    token = journal.MEANWHILE.set(entries)
    try:
        yield entries
    finally:
        journal.MEANWHILE.reset(token)


@transaction.atomic
def write_again(entries: Sequence[JournalEntry]) -> None:
    """At the end of their chains, with the moment at which they were made."""
    for entry in entries:
        number, entry.prev = journal.end_of(entry.chain)
        entry.pk, entry.number = None, number + 1
        entry.hash = journal.mark_of(entry)
        entry.save(force_insert=True)
