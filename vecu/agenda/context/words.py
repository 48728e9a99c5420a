"""Days, hours, places and lengths in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vecu.agenda.enums import GatheringState
from vecu.agenda.models import Gathering, HalfDay
from vecu.core import moments
from vecu.people.models import Person


@dataclass(frozen=True, slots=True)
class DayLine:
    """One half-day, ready to print."""

    pk: UUID
    day: str
    hours: str
    where: str
    is_past: bool


def day_line(half_day: HalfDay, now: datetime | None = None) -> DayLine:
    """« jeudi 3 décembre 2026 », « de 9 h à 12 h », « Salle 2, Valmont »."""
    return DayLine(
        half_day.pk,
        moments.say_date(half_day.starts_at, weekday=True),
        say_hours(half_day),
        say_where(half_day),
        half_day.ends_at <= (now or timezone.now()),
    )


def say_hours(half_day: HalfDay) -> str:
    """« de 9 h à 12 h »; the day after is said."""
    start, end = moments.say_time(half_day.starts_at), moments.say_time(half_day.ends_at)
    if timezone.localdate(half_day.starts_at) != timezone.localdate(half_day.ends_at):
        return _("from %(start)s to %(end)s the next day") % {"start": start, "end": end}
    return pgettext("hours", "from %(start)s to %(end)s") % {"start": start, "end": end}


def say_where(half_day: HalfDay) -> str:
    """The room, then the site."""
    return ", ".join(filter(None, [half_day.place, half_day.site.name if half_day.site else ""]))


def say_minutes(minutes: int) -> str:
    """« 7 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    return f"{hours}{moments.NBSP}h" + (f"{moments.NBSP}{rest:02d}" if rest else "")


def say_half_days(count: int) -> str:
    return ngettext("%(n)s half-day", "%(n)s half-days", count) % {"n": count}


def say_places(gathering: Gathering) -> str:
    """« 6 inscrits sur 8 »."""
    if gathering.places is None:
        return ngettext("%(n)s enrolled", "%(n)s enrolled", gathering.taken) % {"n": gathering.taken}
    words = ngettext("%(n)s enrolled of %(places)s", "%(n)s enrolled of %(places)s", gathering.taken)
    said = words % {"n": gathering.taken, "places": gathering.places}
    if not gathering.kept:
        return said
    kept = ngettext("%(n)s place kept", "%(n)s places kept", gathering.kept) % {"n": gathering.kept}
    return f"{said}, {kept}"


def state_of(gathering: Gathering, now: datetime | None = None) -> tuple[str, str]:
    """How it stands, with its tone."""
    if gathering.state == GatheringState.CANCELLED:
        return _("Cancelled"), "alert"
    if gathering.state == GatheringState.HELD or gathering.ends_at <= (now or timezone.now()):
        return _("Over"), "plain"
    if gathering.starts_at <= (now or timezone.now()):
        return _("Under way"), "prune"
    return (_("Full"), "mirabelle") if gathering.is_full else (_("Places left"), "sauge")


def short_name(person: Person) -> str:
    """First name and the first letter of the last one."""
    return f"{person.given_name} {str(person.family_name)[:1]}.".replace(" .", "")


def full_name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()
