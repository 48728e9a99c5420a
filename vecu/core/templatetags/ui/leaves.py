"""Small marks: icon, button, badge, verdict, dates. Written in Python because lists print hundreds of them."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from django.conf import settings
from django.db.models import Model
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from vecu.core import moments
from vecu.core.said import said
from vecu.core.templatetags.ui.registry import TONES, format_html, icon_names, library, one_of

VARIANTS = ("primary", "secondary", "danger", "quiet")
SIZES = ("", "small", "wide")
VERDICTS = {"yes": "check", "partly": "minus", "no": "x", "unknown": "circle-question-mark"}


@library.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon: hidden from screen readers, so words stand beside it or label its button."""
    return _icon(settings.STATIC_URL, name)


@cache
def _icon(static_url: str, name: str) -> SafeString:
    """Drawn once: an address of a static file does not change while the server runs."""
    one_of("icon", "name", name, icon_names())
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("core/icons.svg"),
        name,
    )


@library.simple_tag
def button(
    label: str,
    href: str = "",
    name: str = "",
    value: str = "",
    variant: str = "primary",
    icon: str = "",
    size: str = "",
    about: str = "",
    form: str = "",
) -> SafeString:
    """A link that looks like a button when `href` is given, else a submit button.

    `about` adds words for screen readers (« Proposer » about « Hélène »); `form` is the id of a form elsewhere.
    """
    one_of("button", "variant", variant, VARIANTS)
    one_of("button", "size", size, SIZES)
    css = "btn" + (f" btn-{variant}" if variant != "primary" else "") + (f" btn-{size}" if size else "")
    inner = format_html(
        "{}<span>{}{}</span>", draw(icon), label, format_html('<span class="sr"> {}</span>', about) if about else ""
    )
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', css, href, inner)
    extra = "".join(f' {key}="{escape(text)}"' for key, text in (("name", name), ("form", form)) if text)
    if name:
        extra += f' value="{escape(value)}"'
    return format_html('<button class="{}" type="submit"{}>{}</button>', css, mark_safe(extra), inner)  # noqa: S308 escaped above


@library.simple_tag
def badge(text: str, tone: str = "plain", icon: str = "") -> SafeString:
    """A short state or quality. The words say it; the colour only helps."""
    one_of("badge", "tone", tone, TONES)
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, draw(icon), text)


@said
def late_mark(late: str, otherwise: str = "") -> SafeString:
    """What stands at the end of a line: that it is late, by how much; else what is said otherwise, quietly. Both are
    words made of days and codes, never of a person."""
    if late:
        return badge(late, "alert", "clock")
    return format_html('<span class="muted">{}</span>', otherwise) if otherwise else SafeString("")


@said
def mark(text: str, tone: str) -> SafeString:
    """A badge of a few known words, or nothing: drawn once."""
    return badge(text, tone) if text else SafeString("")


@library.simple_tag
@said
def verdict(value: str) -> SafeString:
    """The sign of an answer with its word for screen readers; write what it is about just after."""
    one_of("verdict", "value", value, VERDICTS)
    words = {
        "yes": gettext("Yes:"),
        "partly": gettext("Partly:"),
        "no": gettext("No:"),
        "unknown": gettext("Not known:"),
    }
    return format_html(
        '<span class="verdict verdict-{}">{}<span class="sr">{} </span></span>',
        value,
        draw(VERDICTS[value]),
        words[value],
    )


@library.simple_tag(name="date")
def date_tag(day: date | datetime | None, weekday: bool = False, year: bool = True) -> SafeString | str:
    """« 3 mars 2026 »; nothing when there is no date."""
    return as_time(day, moments.say_date(day, weekday=weekday, year=year)) if day else ""


@library.simple_tag(name="datetime")
def datetime_tag(at: datetime | None, weekday: bool = False) -> SafeString | str:
    """« 3 mars 2026 à 9 h 30 »; nothing when there is no date."""
    return as_time(at, moments.say_datetime(at, weekday=weekday)) if at else ""


@library.simple_tag(name="time")
def time_tag(at: datetime | time | None) -> SafeString | str:
    """« 18 h »; nothing when there is no hour."""
    if at is None:
        return ""
    local = timezone.localtime(at).time() if isinstance(at, datetime) else at
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), moments.say_time(at))


@library.simple_tag
def ago(moment: date | datetime | None, now: datetime | None = None) -> SafeString | str:
    """« il y a 3 jours », with the full date on hover; nothing when there is no date."""
    if not moment:
        return ""
    full = moments.say_datetime(moment) if isinstance(moment, datetime) else moments.say_date(moment)
    return as_time(moment, moments.say_ago(moment, now), title=full)


@library.filter
def tel(phone: str) -> str:
    """The address that dials a number: `<a href="{{ programme.phone|tel }}">`."""
    return f"tel:{''.join(character for character in phone if character.isdigit() or character == '+')}"


@library.simple_tag
def dom_id(row: Model, part: str = "") -> str:
    """The id of the element that shows this row, the target of htmx swaps: `request-<key>`."""
    return "-".join(filter(None, [row._meta.model_name, str(row.pk), part]))


def as_time(moment: date | datetime, words: str, title: str = "") -> SafeString:
    iso = moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()
    hover = format_html(' title="{}"', title) if title else ""
    return format_html('<time datetime="{}"{}>{}</time>', iso, hover, words)


def draw(name: str) -> SafeString | str:
    return icon(name) if name else ""
