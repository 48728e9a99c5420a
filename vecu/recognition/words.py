"""Lengths in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.core import moments


def say_minutes(minutes: int) -> str:
    """« 7 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    return f"{hours}{moments.NBSP}h" + (f"{moments.NBSP}{rest:02d}" if rest else "")
