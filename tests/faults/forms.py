"""The forms of a page as a browser sees them, and hostile values to put into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urljoin, urlsplit

from lxml import html

ZALGO = "z̷̡̛a̸͔͝l̶̰͌g̵̱̾o̷͖͠" * 30
MARKS = ("<svg onload", "<img src=x")  # never in a page: shown, they are escaped
# What each field must bear (the list is that of the threat model). Bytes go as they are into the body.
TEXTS: dict[str, str | bytes] = {
    "empty": "",
    "spaces": "   ",
    "long": "é" * 6_000,
    "nul": "a\x00b",
    "surrogate": b"a\xed\xa0\x80b\xff\xfe\xc3",
    "right to left, zalgo, joiners": f"\u202egnp.exe {ZALGO} 👩🏽‍⚕️👨‍👩‍👧‍👦\u200d\ufeff",
    "script": "'\"><svg onload=alert(1)><img src=x onerror=alert(1)>",
    "path, template, header": "../../../../etc/passwd {{7*7}}${7*7} a%0d%0aSet-Cookie: x=1\r\nBcc: a@b.example",
    "formula": "=cmd|' /C calc'!A0",
}
TYPED: dict[str, str | bytes] = {
    "too big": str(2**63),
    "negative": "-1",
    "nan": "NaN",
    "leap day": "2027-02-29",
    "year 0": "0000-00-00",
    "year 9999": "9999-12-31T23:59",
    "key": "00000000-0000-0000-0000-000000000000",
}
HOSTILE = TEXTS | TYPED
# Tried alone, in a form otherwise well filled, so that they go past the form into the action.
ALONE = ("script", "long", "too big", "nul", "year 9999", "formula", "key")
FREE = {"text", "textarea", "email", "tel", "number", "date", "datetime-local", "time", "search", "password", "url"}
USUAL = {
    "email": "quelqu.un@courrier.example",
    "tel": "01 99 00 77 88",
    "number": "1",
    "date": "2027-03-20",
    "datetime-local": "2027-03-20T10:00",
    "time": "10:00",
    "password": "un mot de passe assez long",
}


@dataclass
class Form:
    """Where it goes, and what it sends when filled as an ordinary person would."""

    action: str
    method: str
    is_multipart: bool
    fields: dict[str, str] = field(default_factory=dict)  # name → kind
    usual: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, **hostile: str | bytes) -> list[tuple[str, Any]]:
        """The pairs a browser would send, with these fields changed."""
        kept = [(name, value) for name, value in self.usual if name not in hostile]
        return [*kept, *hostile.items()]


def forms_of(page: bytes, address: str) -> Iterator[Form]:
    for element in html.fromstring(page).forms:
        action = urlsplit(urljoin(address, element.get("action") or address))
        target = action.path + (f"?{action.query}" if action.query else "")
        kind = element.get("enctype", "") == "multipart/form-data"
        form = Form(target, (element.get("method") or "get").lower(), kind)
        for control in element.xpath(".//input|.//textarea|.//select|.//button"):
            _add(form, control)
        yield form


def _add(form: Form, control: Any) -> None:
    name, kind = control.get("name"), control.get("type", control.tag)
    if control.tag == "input" and control.get("type") is None:
        kind = "text"
    if not name or name == "csrfmiddlewaretoken" or control.get("disabled") is not None:
        return
    is_known = name in form.fields
    form.fields.setdefault(name, kind)
    if kind in {"file", "image"}:
        return
    if kind in {"radio", "checkbox", "submit", "button"} or control.tag == "button":
        if not is_known:
            form.usual.append((name, control.get("value", "on")))
        return
    if control.tag == "select":
        options = [option.get("value", option.text or "") for option in control.xpath(".//option")]
        form.usual.append((name, next((value for value in options if value), "")))
        return
    value = control.text if control.tag == "textarea" else control.get("value")
    form.usual.append((name, value or USUAL.get(kind, "Quelques mots.")))


def body(pairs: list[tuple[str, Any]]) -> bytes:
    """As a browser writes it, but for the letter of which "long" is made: six thousand escapes take longer to be read
    than the page does, and mean the same."""
    return "&".join(f"{_spelt(name)}={_spelt(value)}" for name, value in pairs).encode()


@lru_cache(1000)
def _spelt(value: str | bytes) -> str:
    return quote_plus(value, errors=None if isinstance(value, bytes) else "surrogatepass").replace("%C3%A9", "é")
