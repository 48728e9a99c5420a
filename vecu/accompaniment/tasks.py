"""What the clock does for pairs: it looks, and tells coordinators and peers; never the person followed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from vecu.accompaniment.actions import closing, contacts, follow_ups, proposals
from vecu.accompaniment.enums import RequestState
from vecu.core import jobs, retention


@jobs.periodic("accompaniment.expire_proposals", every=timedelta(minutes=15))
def expire_proposals(now: datetime) -> None:
    """A peer who did not answer in time is not waited for."""
    proposals.expire_overdue(now)


@jobs.periodic("accompaniment.look_at_silent", at=time(5, 30))
def look_at_silent(now: datetime) -> None:
    """Pairs without news become a point for the coordinator."""
    follow_ups.look_at_silent(now)


@jobs.periodic("accompaniment.remind_to_log", at=time(17, 0))
def remind_to_log(now: datetime) -> None:
    """A peer who was in touch and has not logged it is reminded, at most once a week."""
    contacts.remind_to_log(now)


@jobs.periodic("accompaniment.erase_pairs", at=time(3, 55))
def erase_pairs(now: datetime) -> None:
    """Pairs whose time to be kept is over are only counts."""
    closing.erase_expired(now)


retention.clock(
    "accompaniment.SupportRequest",
    starts="expires_on",
    keep=timedelta(0),
    then=_("its key is destroyed: what was told goes, a line without a person is left, to count"),
    state=RequestState.CLOSED,
    erased_at=None,
)
retention.clock(
    "accompaniment.Pair",
    starts="expires_on",
    keep=timedelta(0),
    then=_("the person and the words of answers go, the dates count"),
    beneficiary__isnull=False,
)
retention.clock(
    "accompaniment.RequestDraft",
    starts="expires_at",
    keep=timedelta(0),
    then=_("deleted with its key: it was never sent"),
)
retention.clock(
    "accompaniment.Plan",
    starts="replaced_at",
    keep=timedelta(days=30),
    then=_("deleted: a newer one took its place"),
    erase=retention.delete,
)
