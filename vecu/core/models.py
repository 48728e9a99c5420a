"""Base noun and base queryset of every area, and the tables `core` itself owns."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models

from vecu.core.access import Actor, Scope
from vecu.core.tables import *  # noqa: F403  (the tables of core: journal, jobs, keys, signals, once)


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that knows which rows an actor may see. Each area says how a scope reads on its model."""

    reading: Any = None  # the right needed to see a row when no other is named

    def visible_to(self, actor: Actor, can: Any = None) -> Self:
        scope = actor.scope(can if can is not None else self.reading)
        if scope == Scope.NONE:
            return self.none()
        if scope == Scope.ALL:
            return self
        return self.within(actor, scope)

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Rows in reach of OWN, ASSIGNED or ORGANISATION; abstract so that forgetting it is an error."""
        raise NotImplementedError(f"{type(self).__name__}.within")  # abstract: a model left out shows no row


class Row(models.Model):
    """A row with an unguessable key, known before it is inserted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
