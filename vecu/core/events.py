"""What happened, told once, and what follows.

Events are frozen dataclasses holding ids, never rows. `vecu/wiring` is the only place that says what follows: its
followers share the transaction of the fact. What speaks to the outside is a job, queued by a follower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Follower = Callable[[Any], None]


@dataclass
class Wiring:
    now: list[Follower] = field(default_factory=list)


WIRED: dict[type, Wiring] = {}


def wire(event: type, *, now: Sequence[Follower] = ()) -> None:
    WIRED.setdefault(event, Wiring()).now.extend(now)


def publish(event: Any) -> None:
    """Run the followers. An event nobody wired is an error."""
    for follower in WIRED[type(event)].now:
        follower(event)
