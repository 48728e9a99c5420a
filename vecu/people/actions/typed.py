"""What someone was typing when their session ended: sealed under their own key until they sign in again."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from vecu.core import crypto
from vecu.core.vault import KeyDestroyed, KeyMissing, Tampered
from vecu.people.models import Person

SESSION_KEY = "typed"
KEPT_SECONDS = 3600
LONGEST = 200_000  # characters: far above any form, far below what a session row should hold
NEVER_KEPT = frozenset(
    {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code", "credential"}
)


def keep(request: HttpRequest, person_id: UUID | None) -> dict[str, str] | None:
    """The fields of a posted form, sealed for this person only; None when there is nothing worth keeping."""
    if request.method != "POST" or person_id is None:
        return None
    fields = [(name, values) for name, values in request.POST.lists() if name not in NEVER_KEPT]
    text = json.dumps({"path": request.path, "fields": fields, "at": time.time()})
    if not fields or len(text) > LONGEST:
        return None
    vault_id = Person.objects.values_list("vault_id", flat=True).get(pk=person_id)
    sealed = crypto.seal(_place(person_id), vault_id, text.encode())
    return {"person": str(person_id), "sealed": base64.b64encode(sealed).decode()}


def take(kept: dict[str, str] | None, person_id: UUID | None) -> tuple[str, QueryDict] | None:
    """Where the form was going and its fields, if this person typed them within the last hour."""
    if not kept or person_id is None or kept.get("person") != str(person_id):
        return None
    vault_id = Person.objects.values_list("vault_id", flat=True).get(pk=person_id)
    try:
        plain = crypto.unseal(_place(person_id), vault_id, base64.b64decode(kept["sealed"]))
    except (KeyDestroyed, KeyMissing, Tampered):
        return None
    found: dict[str, Any] = json.loads(plain or b"{}")
    if not found or time.time() - found["at"] > KEPT_SECONDS:
        return None
    fields = QueryDict(mutable=True)
    for name, values in found["fields"]:
        fields.setlist(name, values)
    return found["path"], fields


def _place(person_id: UUID) -> bytes:
    return f"session|typed|{person_id}".encode()
