"""Dates and hours in words, in the reader's language: « 1er mars 2026 », « 9 h 30 », « il y a 3 jours »."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

from vecu.core.said import said

NBSP = "\u00a0"
MINUTE = 60
HOUR = 60 * MINUTE
LAST_DAYS = 13
LAST_WEEKS = 8
DAYS_IN_WEEK = 7
DAYS_IN_MONTH = 30.44
MONTHS_IN_YEAR = 12
LAST_MONTHS = 23


def say_date(day: date | datetime, *, weekday: bool = False, year: bool = True) -> str:
    """« 3 mars 2026 », « mardi 3 mars ». Day and month never part at the end of a line."""
    local = timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
    return _say_date(local.date() if isinstance(local, datetime) else local, weekday, year)


@said
def _say_date(local: date, weekday: bool, year: bool) -> str:
    number = str(local.day)
    if local.day == 1 and is_french():
        number = "1er"
    words = [f"{number}{NBSP}{_name(local, 'F')}"]
    if weekday:
        words.insert(0, _name(local, "l"))
    if year:
        words.append(str(local.year))
    return " ".join(words)


def _name(day: date, of: str) -> str:
    """Month or weekday. French writes them small, and another catalogue may hold the same word for a heading."""
    name = formats.date_format(day, of)
    return name.lower() if is_french() else name


def say_time(at: datetime | time) -> str:
    """« 9 h 30 » in French, “9:30” in English."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return _say_time(local.hour, local.minute)


@said
def _say_time(hour: int, minute: int) -> str:
    if is_french():
        minutes = f"{NBSP}{minute:02d}" if minute else ""
        return f"{hour}{NBSP}h{minutes}"
    return f"{hour}:{minute:02d}"


def say_datetime(at: datetime, *, weekday: bool = False) -> str:
    """« 3 mars 2026 à 9 h 30 »."""
    return gettext("%(day)s at %(time)s") % {"day": say_date(at, weekday=weekday), "time": say_time(at)}


def say_ago(moment: date | datetime, now: datetime | None = None) -> str:
    """How long ago, or in how long, as people say it: whole local days beyond today."""
    now = timezone.localtime(now or timezone.now())
    today = now.date()
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    if isinstance(moment, datetime) and day == today:
        return _say_seconds(int((now - moment).total_seconds()))
    return say_days_ago((today - day).days)


def _say_seconds(seconds: int) -> str:
    if abs(seconds) < MINUTE:
        return gettext("just now")
    if abs(seconds) >= HOUR:
        return _say_part_of_day(abs(seconds) // HOUR, "hour", seconds > 0)
    return _say_part_of_day(abs(seconds) // MINUTE, "minute", seconds > 0)


@said
def _say_part_of_day(count: int, unit: str, is_past: bool) -> str:
    past = {
        "minute": ngettext("%(n)s minute ago", "%(n)s minutes ago", count),
        "hour": ngettext("%(n)s hour ago", "%(n)s hours ago", count),
    }
    future = {
        "minute": ngettext("in %(n)s minute", "in %(n)s minutes", count),
        "hour": ngettext("in %(n)s hour", "in %(n)s hours", count),
    }
    return (past if is_past else future)[unit] % {"n": count}


@said
def say_days_ago(days: int) -> str:
    """« il y a 3 jours » for 3, « demain » for -1."""
    # A context of their own: Django's catalogue has these words too, with a straight apostrophe.
    near = {0: pgettext("moment", "today"), 1: pgettext("moment", "yesterday"), -1: pgettext("moment", "tomorrow")}
    if days in near:
        return near[days]
    count, unit = _unit_of(abs(days))
    past = {
        "day": ngettext("%(n)s day ago", "%(n)s days ago", count),
        "week": ngettext("%(n)s week ago", "%(n)s weeks ago", count),
        "month": ngettext("%(n)s month ago", "%(n)s months ago", count),
        "year": ngettext("%(n)s year ago", "%(n)s years ago", count),
    }
    future = {
        "day": ngettext("in %(n)s day", "in %(n)s days", count),
        "week": ngettext("in %(n)s week", "in %(n)s weeks", count),
        "month": ngettext("in %(n)s month", "in %(n)s months", count),
        "year": ngettext("in %(n)s year", "in %(n)s years", count),
    }
    return (past if days > 0 else future)[unit] % {"n": count}


def _unit_of(days: int) -> tuple[int, str]:
    if days <= LAST_DAYS:
        return days, "day"
    if days // DAYS_IN_WEEK <= LAST_WEEKS:
        return days // DAYS_IN_WEEK, "week"
    months = int(days / DAYS_IN_MONTH)
    return (months, "month") if months <= LAST_MONTHS else (months // MONTHS_IN_YEAR, "year")


def is_french() -> bool:
    return (get_language() or "fr").startswith("fr")
