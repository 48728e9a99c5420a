"""What follows what: the roof, and the only place where one area makes another act.

Each follower turns an event into plain arguments. `now` followers share the transaction of the fact. A notice is
itself a row and its letter a job, so telling someone is done `now` and leaves only if the fact is committed.
"""

from __future__ import annotations

from vecu.wiring import agenda, exchanges, guests, missions, people, recognition, recruitment, safety, support, training


def wire_all() -> None:
    """Called once, when the last app is ready."""
    for part in (people, exchanges, safety, agenda, guests, training, recognition, support, recruitment, missions):
        part.wire_up()
