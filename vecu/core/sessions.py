"""Sessions in the database, so that each can be ended at once; read by a query written once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from vecu.core.prepared import Asked, Prepared

STORED = Prepared(
    lambda: Session.objects.filter(
        session_key=Asked("key", CharField()), expire_date__gt=Asked("now", DateTimeField())
    ).values_list("session_data")
)
TAKEN = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())).values_list("session_key"))


class SessionStore(db.SessionStore):
    """Django's, but for how it is read."""

    def exists(self, session_key: str) -> bool:
        return bool(TAKEN.rows(key=session_key))

    def load(self) -> dict[str, Any]:
        rows = STORED.rows(key=self.session_key, now=timezone.now())
        if rows:
            return self.decode(rows[0][0])
        self._session_key = None
        return {}
