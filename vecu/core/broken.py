"""Pages for when something of ours is broken: they need neither database nor template.

Two kinds. An error nobody foresaw: a number to give, and the help lines. The database away, or its disk full: that
is known and passes; the page says so and keeps what was typed, with a button that sends it again. The form's
one-time key goes with it, so that a form which was recorded after all is not recorded twice.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.html import escape
from django.utils.translation import get_language, gettext

AWAY, FULL = "away", "full"
RETRY_AFTER = "30"
LONG = 30  # what is longer, or has lines, is shown to whoever typed it
KEYS = ("_once", "csrfmiddlewaretoken")
DISK_FULL = "53100"
# Classes of SQLSTATE: connection lost, too little of something, taken down or starting.
AWAY_CLASSES = ("08", "53", "57P")
SQLITE_AWAY = ("unable to open database file", "disk i/o error", "attempt to write a readonly database")


def kind_of(error: BaseException | None) -> str:
    """`FULL`, `AWAY`, or nothing: what an exception says of the database or of the disk."""
    if isinstance(error, OSError):
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    state, words = getattr(error.__cause__, "sqlstate", None), str(error).lower()
    if state == DISK_FULL or "disk is full" in words or "no space left" in words:
        return FULL
    if state is not None:
        return AWAY if state.startswith(AWAY_CLASSES) else ""
    # Without a state: PostgreSQL closed the line or cannot be reached; SQLite names its own.
    is_postgresql = type(error.__cause__).__module__.startswith("psycopg")
    return AWAY if is_postgresql or any(known in words for known in SQLITE_AWAY) else ""


def away(request: HttpRequest, kind: str) -> HttpResponse:
    """Nothing can be read or written for a moment: 503, what was typed, and the help lines."""
    if kind == FULL:
        title = gettext("Nothing more can be recorded for now")
        sentence = gettext("The disk of our machine is full. Whoever looks after it must make room.")
    else:
        title = gettext("Our records do not answer for now")
        sentence = gettext("This usually passes within a minute.")
    kept = "".join(_kept(request))
    if request.method == "POST":
        sentence += " " + gettext("What you just sent was probably not recorded.")
        again = gettext("Send it again in a moment: it will be recorded once only.")
        sentence += " " + (again if kept else gettext("Go back and send it again in a moment."))
    else:
        sentence += " " + gettext("Reload this page in a moment.")
    said = f'<div class="alert alert-mirabelle" role="alert"><p>{escape(sentence)}</p></div>\n{kept}'
    whole = said if request.headers.get("HX-Request") == "true" else _page(title, said)
    return HttpResponse(whole, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store, private"})


def server_error(request: HttpRequest) -> HttpResponse:
    """An error nobody foresaw."""
    title = gettext("Something broke on our side")
    code = escape(getattr(request, "id", ""))
    sentence = gettext("This page could not be shown. It is not your doing. Try again in a few minutes.")
    number = gettext("If it goes on, give this number to the person who follows you:")
    said = f"<p>{escape(sentence)}</p>\n<p>{escape(number)} {code}</p>"
    return HttpResponse(_page(title, said), status=500)


def _kept(request: HttpRequest) -> Iterator[str]:
    """The form as it was sent, ready to be sent again. Sign-in is never kept."""
    fields = _sent(request)
    if not fields:
        return
    yield f'<form class="stack" method="post" action="{escape(request.get_full_path())}">\n'
    label, shown = escape(gettext("What you had written")), 0
    for name, value in fields:
        if name not in KEYS and (len(value) > LONG or "\n" in value):
            shown += 1
            yield f'<div class="field"><label for="kept-{shown}">{label}</label>'
            # A browser drops the first line break of a text area: one is given away.
            yield f'<textarea id="kept-{shown}" name="{escape(name)}" rows="6" class="input">\n{escape(value)}</textarea></div>\n'
        else:
            yield f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n'
    if request.FILES:
        file = gettext("The file must be chosen again on the page before.")
        yield f"<p>{escape(file)}</p>\n"
    button = gettext("Send again")
    yield f'<div class="btns"><button class="btn" type="submit">{escape(button)}</button></div>\n</form>\n'


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form held; nothing if it cannot be read, or speaks of a password."""
    if request.method != "POST":
        return []
    try:
        module = resolve(request.path_info).func.__module__
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except (Resolver404, OSError, ValueError):
        return []
    is_secret = module.startswith("allauth.") or any("password" in name for name, _value in fields)
    return [] if is_secret else fields


def _page(title: str, said: str) -> str:
    language = (get_language() or "fr")[:2]
    now, every = gettext("If you need help right now"), gettext("All the help lines")
    home = gettext("Back to the first page")
    lines = [
        (gettext("medical emergency"), "tel:15", "15"),
        (gettext("the same, from a mobile or abroad"), "tel:112", "112"),
        (gettext("the same by text message, if you hear or speak with difficulty"), "sms:114", "114"),
        (gettext("distress and suicidal thoughts, day and night, free"), "tel:3114", "3114"),
    ]
    line = escape(gettext("%(number)s: %(what)s"))
    items = "\n".join(
        f"<li>{line % {'number': NUMBER.format(href=href, number=number), 'what': escape(words)}}</li>"
        for words, href, number in lines
    )
    words = {"title": title, "now": now, "every": every, "home": home}
    return PAGE.format(
        language=language, said=said, items=items, **{name: escape(word) for name, word in words.items()}
    )


NUMBER = '<a href="{href}">{number}</a>'
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Vécu</title><link rel="stylesheet" href="/static/core/css/vecu.css"></head>
<body><main class="wrap narrow page prose">
<div class="stack"><h1>{title}</h1>
{said}</div>
<h2>{now}</h2>
<ul>
{items}
</ul>
<p><a href="/static/core/aide.html">{every}</a></p>
<p><a href="/">{home}</a></p></main></body></html>"""
