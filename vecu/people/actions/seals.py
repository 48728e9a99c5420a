"""Secrets of sign-in (app keys, codes on their way to a mailbox), sealed under one data key of the instance."""

from __future__ import annotations

import base64
from uuid import UUID

from django.db import transaction

from vecu.core import crypto, vault
from vecu.core.models import DataKey
from vecu.core.prepared import Prepared

PURPOSE = "people.sign_in"
KEY = Prepared(
    lambda: DataKey.objects.filter(purpose=PURPOSE, destroyed_at=None).order_by("created_at").values_list("pk")[:1]
)


def seal_text(text: str, place: str) -> str:
    """Sealed for one use (`place`); carries the name of its key."""
    key_id = _key_id()
    sealed = crypto.seal(place.encode(), key_id, text.encode())
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def open_text(sealed: str, place: str) -> str:
    """Raises Tampered when it was sealed for another use or changed."""
    key_id, _, data = sealed.partition(":")
    return (crypto.unseal(place.encode(), UUID(key_id), base64.b64decode(data)) or b"").decode()


def _key_id() -> UUID:
    with transaction.atomic():
        rows = KEY.rows()
        return rows[0][0] if rows else vault.new_key(PURPOSE).pk
