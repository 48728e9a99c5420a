"""Whose address counts: nobody chooses their own."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import env
from vecu.core.proxies import ProxyMiddleware, client_address

PROXIES = [ip_network("10.0.0.0/24"), ip_network("127.0.0.1"), ip_network("2001:db8:1::/48")]


def seen(peer: str, chain: str | None = None, trusted: Any = PROXIES) -> str:
    meta = {"REMOTE_ADDR": peer} | ({} if chain is None else {"HTTP_X_FORWARDED_FOR": chain})
    return client_address(meta, trusted)


@pytest.mark.parametrize(
    ("peer", "chain", "found"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        # a stranger writes what they like: not believed
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        # behind one proxy, behind two
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 10.0.0.5", "203.0.113.9"),
        # what the reader wrote before the proxies added theirs is not read
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "10.0.0.7, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, nonsense, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        # a proxy that says nothing, or nonsense: its own address, never a stranger's words
        ("10.0.0.5", None, "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, unknown", "10.0.0.5"),
        # ports, brackets, IPv6, IPv4 dressed as IPv6
        ("10.0.0.5", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.5", '"[2001:db8:9::1]:4711"', "2001:db8:9::1"),
        ("2001:db8:1::4", "2001:db8:9::1", "2001:db8:9::1"),
        ("::ffff:10.0.0.5", "::ffff:203.0.113.9", "203.0.113.9"),
        # a socket file of this machine
        ("", "203.0.113.9", "203.0.113.9"),
    ],
)
def test_it_works(peer: str, chain: str | None, found: str) -> None:
    assert seen(peer, chain) == found


def test_without_a_proxy_no_header_is_believed() -> None:
    for peer in ("127.0.0.1", "203.0.113.9", ""):
        assert seen(peer, "198.51.100.1", trusted=[]) == peer


def test_a_chain_without_end_is_not_read_to_the_end() -> None:
    assert seen("10.0.0.5", "198.51.100.1," + "10.0.0.7," * 5000 + "10.0.0.8") == "10.0.0.7"


def passed_on(settings: Any, peer: str, **headers: str) -> HttpRequest:
    settings.TRUSTED_PROXIES = PROXIES
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    kept: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        kept.append(request)
        return HttpResponse()

    ProxyMiddleware(view)(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))
    return kept[0]


def test_a_stranger_can_pretend_neither_address_nor_scheme(settings: Any) -> None:
    headers = {
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Real-Ip": "198.51.100.1",
        "Forwarded": "for=198.51.100.1",
    }
    request = passed_on(settings, "203.0.113.9", **headers)
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert not request.is_secure()
    assert "198.51.100.1" not in str(request.META)


def test_the_proxy_says_both(settings: Any) -> None:
    request = passed_on(settings, "10.0.0.5", **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert request.is_secure()


@pytest.mark.parametrize(
    ("said", "found"),
    [("", ["127.0.0.1/32"]), ("none", []), ("10.0.0.0/24, ::1", ["10.0.0.0/24", "::1/128"])],
)
def test_the_setting(monkeypatch: Any, said: str, found: list[str]) -> None:
    monkeypatch.setenv("VECU_TRUSTED_PROXIES_TEST", said)
    assert [str(one) for one in env.networks("VECU_TRUSTED_PROXIES_TEST", "127.0.0.1", "")] == found
    env.DECLARED.pop("VECU_TRUSTED_PROXIES_TEST")


def test_a_wrong_setting_is_named(monkeypatch: Any) -> None:
    monkeypatch.setenv("VECU_TRUSTED_PROXIES_TEST", "10.0.0.1/8")
    monkeypatch.setattr(env, "problems", [])
    env.networks("VECU_TRUSTED_PROXIES_TEST", "none", "")
    assert "VECU_TRUSTED_PROXIES_TEST" in env.problems[0]
    env.DECLARED.pop("VECU_TRUSTED_PROXIES_TEST")
