"""Receipts: sixteen digits shown once; whoever holds them follows what they sent, without an account.

Only the mark of a code is stored (`crypto.blind_index`, with a purpose of each area's own): a code is never read back.
"""

from __future__ import annotations

import secrets

DIGITS = 16


def new_code() -> str:
    """Sixteen digits nobody can guess."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def spaced(code: str) -> str:
    """Four groups of four, with spaces that do not break: « 4821 0073 9915 6640 »."""
    return "\u00a0".join(code[at : at + 4] for at in range(0, DIGITS, 4))


def digits_of(typed: str) -> str:
    """The code somebody typed, however they spaced it; nothing when it cannot be one."""
    digits = "".join(sign for sign in typed if sign.isdecimal())
    return digits if len(digits) == DIGITS else ""
