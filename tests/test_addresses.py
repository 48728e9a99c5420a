"""Addresses stand under their first word, and are the same as those of the areas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver, include, path, resolve

from config.urls import AREAS, together


def spelled(addresses: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str | None]]:
    for address in addresses:
        route = before + str(address.pattern)
        if isinstance(address, URLResolver):
            yield from spelled(address.url_patterns, route)
        else:
            yield route, address.name


def test_none_is_lost_and_none_is_changed() -> None:
    areas = spelled(path("", include(f"vecu.{area}.urls")) for area in AREAS)
    assert sorted(spelled(get_resolver().url_patterns), key=str) == sorted(areas, key=str)


def test_each_word_is_looked_at_once() -> None:
    words = [str(address.pattern) for address in get_resolver().url_patterns if isinstance(address, URLResolver)]
    assert len(words) == len(set(words))
    assert resolve("/pairs/").url_name == "peer_list"


def test_what_has_no_first_word_stays_where_it_is() -> None:
    first, last = path("<slug:word>/", lambda request: None), path("a", lambda request: None)  # type: ignore[arg-type]
    found = together([path("b/1", lambda request: None), first, path("b/2", lambda request: None), last])  # type: ignore[arg-type]
    assert [str(address.pattern) for address in found] == ["b/", "<slug:word>/", "a"]
