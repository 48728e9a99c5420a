"""What the clock does for patient partners."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.peers import actions
from vecu.people.actor import system


@jobs.periodic("peers.end_pauses", at=time(6, 0))
def end_pauses(now: datetime) -> None:
    """Whoever gave a day of return is back on that day."""
    actions.end_pauses_over(timezone.localdate(now), actor=system())


@jobs.periodic("peers.purge_imports", every=timedelta(hours=1))
def purge_imports(now: datetime) -> None:
    """Spreadsheets sent and never confirmed are erased after a day."""
    actions.purge_imports(now)


def erase_files(peers: QuerySet[Any]) -> None:
    """The files of those who left long enough ago: only a line that counts is left."""
    for peer in peers.select_related("person"):
        actions.erase_peer(peer, actor=system(peer.organisation_id))


retention.clock(
    "peers.Peer",
    starts="ended_on",
    keep=timedelta(days=365),
    then=_("words, limits and experiences are erased; one line without a name is left, to count"),
    erase=erase_files,
    vault__destroyed_at=None,
)
retention.clock(
    "peers.Clearance",
    starts="peer__ended_on",
    keep=timedelta(days=6 * 365),
    then=_("deleted: the time in which training and insurance may have to be proved is over"),
    erase=retention.delete,
)
retention.clock(
    "peers.Convention",
    starts="ends_on",
    keep=timedelta(days=6 * 365),
    then=_("its key is destroyed and it is deleted with its paper: the time in which it may have to be shown is over"),
    erase=actions.erase_conventions,
)
retention.clock(
    "peers.ImportDraft",
    starts="expires_at",
    keep=timedelta(0),
    then=_("deleted: a spreadsheet nobody confirmed within a day"),
)
