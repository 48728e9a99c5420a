"""What happened, told once, and what follows.

Events are frozen dataclasses holding ids, never rows. `vecu/wiring` is the only place that says what follows:
`now` followers share the transaction; `after_commit` followers become jobs in the same transaction, so that
they survive a crash and never run for something that was rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from vecu.core import jobs

Follower = Callable[[Any], None]


@dataclass
class Wiring:
    now: list[Follower] = field(default_factory=list)
    after_commit: list[Follower] = field(default_factory=list)


WIRED: dict[type, Wiring] = {}


def wire(event: type, *, now: Sequence[Follower] = (), after_commit: Sequence[Follower] = ()) -> None:
    entry = WIRED.setdefault(event, Wiring())
    entry.now.extend(now)
    entry.after_commit.extend(after_commit)


def publish(event: Any) -> None:
    """Run the `now` followers, queue the `after_commit` ones. An event nobody wired is an error."""
    entry = WIRED[type(event)]
    for follower in entry.now:
        follower(event)
    for follower in entry.after_commit:
        jobs.enqueue(
            "core.follow",
            payload={"event": _path(type(event)), "follower": _path(follower), "fields": _plain(asdict(event))},
        )


@jobs.job("core.follow")
def follow(payload: dict[str, Any]) -> None:
    """Rebuild the event and run one follower; retried until it succeeds, so followers are idempotent."""
    event_class = import_string(payload["event"])
    import_string(payload["follower"])(event_class(**payload["fields"]))


def _path(target: Any) -> str:
    return f"{target.__module__}.{target.__qualname__}"


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}
