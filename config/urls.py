"""The addresses of the site, area by area. Error pages are `vecu.core.http`'s."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

AREAS = (
    "portal",
    "people",
    "peers",
    "messaging",
    "safeguarding",
    "agenda",
    "recognition",
    "accompaniment",
    "training",
    "recruitment",
    "impact",
)
Address = URLPattern | URLResolver


def together(addresses: Iterable[Address]) -> list[Address]:
    """Those that begin with the same word under that word, so that one is found without trying all the others."""
    found: dict[object, list[Address]] = {}
    for address in _flat(addresses):
        word, slash, rest = str(address.pattern).partition("/")
        if isinstance(address, URLPattern) and isinstance(address.pattern, RoutePattern) and slash and "<" not in word:
            inner = path(rest, address.callback, address.default_args, address.name)
            found.setdefault(f"{word}/", []).append(inner)
        else:
            found[address] = [address]
    return [path(word, include(group)) if isinstance(word, str) else group[0] for word, group in found.items()]


def _flat(addresses: Iterable[Address]) -> Iterator[Address]:
    """The same, without the steps that add nothing to the address."""
    for address in addresses:
        if isinstance(address, URLResolver) and not str(address.pattern):
            yield from _flat(address.url_patterns)
        else:
            yield address


urlpatterns = together(path("", include(f"vecu.{area}.urls")) for area in AREAS)

handler400 = "vecu.core.http.bad_request"
handler403 = "vecu.core.http.denied"
handler404 = "vecu.core.http.not_found"
handler500 = "vecu.core.http.server_error"
