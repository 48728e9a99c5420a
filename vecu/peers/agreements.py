"""What pages say of a convention: whether it holds, where, and who answers for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vecu.peers.models import Convention

SOON = timedelta(days=90)


def state_of(convention: Convention, on: date | None = None) -> tuple[str, str]:
    """In words, with its tone; the last day still counts."""
    day = on or timezone.localdate()
    if convention.starts_on > day:
        return _("To come"), "plain"
    if convention.ends_on is None:
        return _("In force"), "sauge"
    if convention.ends_on < day:
        return pgettext("convention", "Ended"), "alert"
    return (_("Ends soon"), "mirabelle") if convention.ends_on <= day + SOON else (_("In force"), "sauge")


def page(convention: Convention) -> dict[str, Any]:
    state, tone = state_of(convention)
    referent = convention.referent
    renewal = convention.renewals.first()
    return {
        "convention": convention,
        "state": state,
        "tone": tone,
        "sites": [row.site.name for row in convention.agreements.select_related("site").order_by("site__name")],
        "referent": f"{referent.given_name} {referent.family_name}".strip() if referent else "",
        "partner_referent": str(convention.partner_referent),
        "has_file": bool(convention.file),
        "renewal": renewal,
    }
