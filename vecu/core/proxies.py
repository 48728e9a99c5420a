"""The address a request really comes from.

Anyone can write `X-Forwarded-For`; only the proxies named in `VECU_TRUSTED_PROXIES` are believed. Their headers are
read from the right, the end they wrote themselves, and only as far as they vouch for one another. This is the one
place that reads these headers: afterwards `REMOTE_ADDR` is the reader's own address for everything that counts tries
or notes where a session was opened, and headers sent by a stranger are gone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CHAIN = "HTTP_X_FORWARDED_FOR"
WRITTEN_BY_PROXIES = (
    *(CHAIN, "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT"),
    *("HTTP_X_REAL_IP", "HTTP_FORWARDED"),
)
LONGEST_CHAIN = 20  # hops read; no honest chain is longer


class ProxyMiddleware:
    """First of all: what a stranger says of its own address is forgotten before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta, trusted = request.META, settings.TRUSTED_PROXIES
        client = client_address(meta, trusted)
        if not is_from_proxy(meta, trusted):
            for name in WRITTEN_BY_PROXIES:
                meta.pop(name, None)
        meta.pop(CHAIN, None)
        meta["REMOTE_ADDR"] = client
        return self.get_response(request)


def client_address(meta: Mapping[str, Any], trusted: Sequence[Network]) -> str:
    """The first address, from the right, that is no proxy of ours; the connection's own when nobody vouches."""
    peer = str(meta.get("REMOTE_ADDR") or "")
    if not is_from_proxy(meta, trusted):
        return str(read(peer) or peer)
    nearest = str(read(peer) or peer)
    for text in reversed(str(meta.get(CHAIN, "")).split(",")[-LONGEST_CHAIN:]):
        hop = read(text)
        if hop is None:
            break
        nearest = str(hop)
        if not _is_among(hop, trusted):
            break
    return nearest


def is_from_proxy(meta: Mapping[str, Any], trusted: Sequence[Network]) -> bool:
    """The connection comes from a proxy we know. One without an address came through a socket file of this machine."""
    peer = str(meta.get("REMOTE_ADDR") or "")
    if not peer:
        return bool(trusted)
    address = read(peer)
    return address is not None and _is_among(address, trusted)


def read(text: str) -> Address | None:
    """An address, with or without a port or brackets; IPv4 dressed as IPv6 is IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _is_among(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
