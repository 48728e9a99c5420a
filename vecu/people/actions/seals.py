"""Secrets of sign-in (app keys, codes on their way to a mailbox), sealed under one data key of the instance.

Most wait in a job or a session and are soon over; what an account keeps is taken over to the next key.
"""

from __future__ import annotations

import base64
import re
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from vecu.core import crypto, rotation, vault
from vecu.core.models import DataKey
from vecu.core.prepared import Prepared

PURPOSE = "people.sign_in"
PROOF_PLACE = "people.totp"
SEALED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[A-Za-z0-9+/=]+")
KEY = Prepared(
    lambda: DataKey.objects.filter(purpose=PURPOSE, destroyed_at=None).order_by("-created_at").values_list("pk")[:1]
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


def seal_proofs_again() -> int:
    """Apps and recovery codes go over to the newest key; returns how many accounts' proofs did."""
    newest = str(_key_id())
    count = 0
    for proof_id in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            proof = Authenticator.objects.select_for_update().filter(pk=proof_id).first()
            again = _sealed_again(proof.data, newest) if proof is not None else None
            if proof is not None and again != proof.data:
                Authenticator.objects.filter(pk=proof_id).update(data=again)
                count += 1
    return count


def _sealed_again(data: Any, newest: str) -> Any:
    """The same data, with what another of our keys sealed sealed by the newest."""
    if isinstance(data, dict):
        return {name: _sealed_again(value, newest) for name, value in data.items()}
    if isinstance(data, list):
        return [_sealed_again(value, newest) for value in data]
    is_ours = isinstance(data, str) and SEALED.fullmatch(data) is not None
    if not is_ours or data.startswith(f"{newest}:"):
        return data
    return seal_text(open_text(data, PROOF_PLACE), PROOF_PLACE)


rotation.replaced(PURPOSE, seal_proofs_again)
