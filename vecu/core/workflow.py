"""Lifecycles as tables of moves.

A move is applied with a conditional update (`WHERE state = the state that was read`): a stale click is refused without
a lock. Fields that go with the move are saved with it, constraints are validated first so that a broken one becomes a
sentence, and one journal row is written.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from vecu.core import crypto, journal
from vecu.core.access import Actor, Scope
from vecu.core.errors import Refused


@dataclass(frozen=True)
class Move:
    """`name` is the verb, `can` the right its button needs (None: only the system makes it)."""

    name: str
    sources: tuple[str, ...]
    target: str
    label: str | Promise
    can: Any = None


class Workflow:
    """The moves of one model's `state` field."""

    def __init__(self, name: str, states: type[models.TextChoices], *moves: Move) -> None:
        self.name = name
        self.states = states
        self.moves = {move.name: move for move in moves}
        if len(self.moves) != len(moves):
            raise ValueError(f"{name}: two moves have the same name")
        known = set(states.values)
        for move in moves:
            if unknown := {*move.sources, move.target} - known:
                raise ValueError(f"{name}.{move.name}: unknown states {unknown}")

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves.values())

    def available(self, row: Any, actor: Actor) -> list[Move]:
        """Moves whose button may be shown to this actor for this row."""
        return [
            move
            for move in self
            if row.state in move.sources and move.can is not None and actor.scope(move.can) > Scope.NONE
        ]

    def allows(self, row: Any, name: str) -> bool:
        return row.state in self.moves[name].sources

    def apply(self, row: Any, name: str, *, actor: Actor, reason: str = "", **fields: Any) -> None:
        """Make the move or raise Refused('stale', …); `fields` are saved with it in the same statement."""
        move = self.moves[name]
        if row.state not in move.sources:
            raise self._stale()
        fields.setdefault("updated_at", timezone.now())
        changed = copy.copy(row)
        for field, value in {**fields, "state": move.target}.items():
            setattr(changed, field, value)
        try:
            changed.validate_constraints()
        except ValidationError as error:
            raise Refused("incomplete", " ".join(error.messages)) from error
        manager = type(row)._default_manager
        columns = crypto.sealed_fields(row, fields)
        if not manager.filter(pk=row.pk, state=row.state).update(state=move.target, **columns):
            raise self._stale()
        for field, value in {**fields, "state": move.target}.items():
            setattr(row, field, value)
        journal.write(actor, f"{self.name}.{name}", row, reason=reason)

    @staticmethod
    def _stale() -> Refused:
        return Refused(
            "stale",
            _("Someone has already moved this on. The page now shows how things stand: look again, then decide."),
        )
