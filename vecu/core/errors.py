"""The exceptions a person may meet. Both are turned into a page by `core.http`."""

from __future__ import annotations

SHORTEST_REASON = 5  # signs: less says nothing to whoever reads it in the journal


class Refused(Exception):
    """A rule says no. `code` is for tests and journals; `sentence` tells the reader what to mend."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class Denied(Exception):
    """The actor has no right to this verb at all (HTTP 403)."""
