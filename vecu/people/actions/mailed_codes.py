"""Six digits sent to an address and typed back on the page that asked: whoever types them reads that mailbox.

Only a mark of the code and the sealed address wait, in the session of the page; five tries, ten minutes, one use.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs
from vecu.core.crypto import blind_index
from vecu.core.errors import Refused
from vecu.people.actions import seals, throttles
from vecu.people.actions.throttles import Door

CODE_DIGITS, TRIES, SECONDS = 6, 5, 600
PLACE = "people.mailed_code"


@dataclass(frozen=True)
class Purpose:
    """What the code is for: one asked for one thing opens nothing else."""

    name: str
    # To an address nobody uses here yet; otherwise to the account's own.
    is_for_new_address: bool = False


PROOF = Purpose("proof")
CHANGE = Purpose("change", is_for_new_address=True)


def draw_code() -> str:
    """Six digits, easy to read out of a mail; five tries and ten minutes make them enough."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


@transaction.atomic
def send_code(
    address: str, purpose: Purpose, *, door: Door, language: str, now: datetime | None = None
) -> dict[str, Any]:
    """Send a code; returns what the session keeps. The same whether or not an account has this address."""
    now = now or timezone.now()
    throttles.count_code_asked(door, now)
    address = address.strip().lower()
    code = draw_code()
    payload = {
        "purpose": purpose.name,
        "to": seals.seal_text(address, PLACE),
        "secret": seals.seal_text(code, PLACE),
        "language": language,
    }
    jobs.enqueue("people.mail_code", payload=payload)
    at = int(now.timestamp())
    return {"purpose": purpose.name, "to": payload["to"], "mark": _mark(address, code), "at": at, "tries": 0}


def address_of(kept: dict[str, Any] | None, purpose: Purpose, now: datetime | None = None) -> str:
    """The address a code is on its way to, empty when there is none or it is too old."""
    now = now or timezone.now()
    if not kept or kept["purpose"] != purpose.name or kept["tries"] >= TRIES:
        return ""
    if now.timestamp() - kept["at"] > SECONDS:
        return ""
    return seals.open_text(kept["to"], PLACE)


def opens(kept: dict[str, Any], typed: str, purpose: Purpose, now: datetime | None = None) -> bool:
    """The code typed is the one sent. `kept` counts the tries: the page puts it back in the session."""
    address = address_of(kept, purpose, now)
    if not address:
        raise Refused("code_over", _("This code no longer works. Ask for a new one."))
    kept["tries"] += 1
    digits = "".join(sign for sign in typed if sign.isdecimal())
    return secrets.compare_digest(kept["mark"], _mark(address, digits))


def _mark(address: str, code: str) -> str:
    return blind_index(f"{address}|{code}", "people.mailed_code")
