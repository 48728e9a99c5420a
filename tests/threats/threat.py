"""One row of the threat model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Threat:
    """`tests` prove what is held today; `later` names what is still to come, and with what."""

    number: int
    what: str
    tests: tuple[str, ...] = ()
    later: str = ""
