"""Slowing down whoever guesses: a delay that grows, per address and per network, in a table all processes share.

Nobody is locked out: delays end by themselves, and a device on which the account was opened before has its own
count, so that a stranger's tries never keep the owner away. Addresses are counted whether an account exists or
not, so that nothing can be learnt from a delay.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import CharField, F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core import jobs
from vecu.core.crypto import blind_index
from vecu.core.errors import Refused
from vecu.core.prepared import Asked, PreparedRows
from vecu.people.models import Throttle

# Asked for whatever is sent without an account: written once.
COUNTED = PreparedRows(Throttle, lambda: Throttle.objects.filter(key=Asked("key", CharField())))

FORGOTTEN = timedelta(hours=24)


@dataclass(frozen=True)
class Pace:
    """So many free tries, then a first delay, doubled each time, up to a longest one."""

    free: int
    first: timedelta
    longest: timedelta

    def delay(self, failures: int) -> timedelta | None:
        over = failures - self.free
        if over < 0:
            return None
        return min(self.longest, self.first * 2 ** min(over, 20))


@dataclass(frozen=True)
class Flow:
    """What may be sent in good faith: so much at once, then one more each `drip`. Counts what succeeds, not what fails."""

    name: str
    room: int
    drip: timedelta


# Open to everyone, from a ward's only computer or a whole hospital behind one address: wide for them, narrow for a
# machine that fills tables.
STARTED = Flow("started", room=100, drip=timedelta(seconds=30))
FROM_WARD = Flow("ward", room=40, drip=timedelta(minutes=1))

ACCOUNT = Pace(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15))
# A hospital shares one address: hundreds of honest mistakes an hour are normal there.
NETWORK = Pace(free=300, first=timedelta(seconds=15), longest=timedelta(minutes=5))
CODES = Pace(free=4, first=timedelta(minutes=1), longest=timedelta(minutes=30))
CODES_NETWORK = Pace(free=200, first=timedelta(seconds=15), longest=timedelta(minutes=5))

# Codes of attestations: whoever checks papers mistypes; whoever tries codes waits.
CHECKS = Pace(free=20, first=timedelta(seconds=30), longest=timedelta(minutes=15))


@dataclass(frozen=True)
class Door:
    """Who knocks: the address typed, the network, and the device if it opened this account before."""

    address: str
    network: str = ""
    device: str = ""

    def guesses(self) -> list[tuple[str, Pace]]:
        if self.device:
            return [(_mark(f"{self.address}|{self.device}", "guess"), ACCOUNT)]
        return [(_mark(self.address, "guess"), ACCOUNT), *self._network("guess.network", NETWORK)]

    def codes(self) -> list[tuple[str, Pace]]:
        return [(_mark(self.address, "code"), CODES), *self._network("code.network", CODES_NETWORK)]

    def _network(self, purpose: str, pace: Pace) -> list[tuple[str, Pace]]:
        return [(_mark(network_of(self.network), purpose), pace)] if self.network else []


def check_guess(door: Door, now: datetime | None = None) -> None:
    """Raises Refused while a delay runs."""
    _check(door.guesses(), now or timezone.now())


def count_wrong_guess(door: Door, now: datetime | None = None) -> None:
    """One more wrong password or code."""
    for key, pace in door.guesses():
        _count(key, pace, now or timezone.now())


def count_code_asked(door: Door, now: datetime | None = None) -> None:
    """A code is asked for: refused while a delay runs, else counted, so that no mailbox is flooded."""
    now = now or timezone.now()
    _check(door.codes(), now)
    for key, pace in door.codes():
        _count(key, pace, now)


def count_sent(flow: Flow, network: str, now: datetime | None = None) -> None:
    """One more thing sent by someone without an account: refused, and not counted, when this network sent too many."""
    now = now or timezone.now()
    key = _mark(network_of(network), f"sent.{flow.name}")
    row = COUNTED.first(key=key) or Throttle.objects.get_or_create(key=key, defaults={"last_at": now})[0]
    drips = max(0, int((now - row.last_at) / flow.drip))
    held = max(0, row.failures - drips)
    if held >= flow.room:
        raise Refused(
            "too_many_sent",
            _(
                "Very many requests have just come from this place. Nothing you typed is lost: wait one minute, then "
                "press the button again. If it is urgent, call us."
            ),
        )
    last_at = row.last_at + drips * flow.drip if held else now
    Throttle.objects.filter(pk=key).update(failures=held + 1, last_at=last_at)


def check_codes_tried(network: str, now: datetime | None = None) -> None:
    """Raises Refused while this network waits after too many unknown codes."""
    _check([(_tried(network), CHECKS)], now or timezone.now())


def count_unknown_code(network: str, now: datetime | None = None) -> None:
    """One more code that opens nothing."""
    _count(_tried(network), CHECKS, now or timezone.now())


def _tried(network: str) -> str:
    return _mark(network_of(network), "code.unknown")


def network_of(address: str) -> str:
    """The network an address belongs to: one IPv4 address, 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    prefix = 32 if found.version == 4 else 64
    return str(ipaddress.ip_network(f"{found}/{prefix}", strict=False))


def _check(keys: list[tuple[str, Pace]], now: datetime) -> None:
    until = Throttle.objects.filter(key__in=[key for key, _pace in keys], blocked_until__gt=now)
    latest = max(until.values_list("blocked_until", flat=True), default=None)
    if latest is None:
        return
    minutes = max(1, round((latest - now).total_seconds() / 60))
    raise Refused(
        "too_many_tries",
        ngettext(
            "There were too many tries. Wait %(count)d minute, then try again.",
            "There were too many tries. Wait %(count)d minutes, then try again.",
            minutes,
        )
        % {"count": minutes},
    )


def _count(key: str, pace: Pace, now: datetime) -> None:
    row, _new = Throttle.objects.get_or_create(key=key, defaults={"last_at": now})
    same = Throttle.objects.filter(pk=key)
    if now - row.last_at > FORGOTTEN:
        same.update(failures=1, last_at=now, blocked_until=None)
        return
    same.update(failures=F("failures") + 1, last_at=now)
    delay = pace.delay(row.failures + 1)
    if delay is not None:
        same.update(blocked_until=now + delay)


def _mark(text: str, purpose: str) -> str:
    return blind_index(text.lower(), f"people.throttle.{purpose}")


@jobs.periodic("people.forget_tries", at=time(4, 10))
def forget_tries(now: datetime) -> None:
    """Tries are forgotten a day later."""
    Throttle.objects.filter(last_at__lt=now - FORGOTTEN).delete()
