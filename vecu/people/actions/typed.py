"""What someone was typing when their session ended: sealed under their own key until they sign in again."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.http import HttpRequest, QueryDict

from vecu.core import crypto, rotation
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
    text = json.dumps({"path": request.get_full_path(), "fields": fields, "at": time.time()})
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


@rotation.apart
def _old_forms() -> Iterator[rotation.Again]:
    """Forms waiting in sessions, sealed with an older version of their author's key."""
    for session in Session.objects.order_by("pk").iterator():
        kept = session.get_decoded().get(SESSION_KEY)
        if not kept:
            continue
        vault_id = Person.objects.filter(pk=kept["person"]).values_list("vault_id", flat=True).first()
        if vault_id is not None and rotation.is_old(vault_id, base64.b64decode(kept["sealed"])):
            yield partial(_seal_again, session, vault_id)


def _seal_again(session: Session, vault_id: UUID) -> int:
    """Only if the session was not written in between."""
    data = session.get_decoded()
    kept = data[SESSION_KEY]
    place = _place(UUID(kept["person"]))
    plain = crypto.unseal(place, vault_id, base64.b64decode(kept["sealed"])) or b""
    again = kept | {"sealed": base64.b64encode(crypto.seal(place, vault_id, plain)).decode()}
    encoded = Session.get_session_store_class()().encode(data | {SESSION_KEY: again})
    return Session.objects.filter(pk=session.pk, session_data=session.session_data).update(session_data=encoded)


def _place(person_id: UUID) -> bytes:
    return f"session|typed|{person_id}".encode()
