"""How long hours and claims are kept. Accounts and what proves them: ten years from the end of the accounting year."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from vecu.core import retention
from vecu.recognition.actions.erasing import erase_claims
from vecu.recognition.enums import SETTLED, ClaimState

YEAR = timedelta(days=366)

retention.clock(
    "recognition.Activity",
    starts="happened_on",
    keep=6 * YEAR,
    then=_("deleted: the time in which hours may have to be proved is over"),
    erase=retention.delete,
)
# Ten years after the end of the year in which it entered the accounts: eleven at most.
retention.clock(
    "recognition.Claim",
    starts="decided_at",
    keep=11 * YEAR,
    then=_("its key is destroyed and it is deleted with its receipts: accounts are kept ten years"),
    erase=erase_claims,
    state__in=SETTLED,
)
retention.clock(
    "recognition.Claim",
    starts="updated_at",
    keep=YEAR,
    then=_("its key is destroyed and it is deleted with its receipts: it never reached the accounts"),
    erase=erase_claims,
    state__in=(ClaimState.DRAFT, ClaimState.REFUSED, ClaimState.WITHDRAWN),
)
retention.clock(
    "recognition.Claim",
    starts="updated_at",
    keep=5 * YEAR,
    then=_("its key is destroyed and it is deleted: nobody can ask for it any more"),
    erase=erase_claims,
    state__in=(ClaimState.SENT, ClaimState.APPROVED),
)
