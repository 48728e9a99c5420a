"""What is known elsewhere of those who come: the limits they set, and how much they already carry.

Both are kept by another area: whoever keeps them registers how they are asked (`ask_with`, `read_limits_with`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from vecu.agenda.models import Gathering
from vecu.core.moments import say_date
from vecu.people.actor import Actor
from vecu.people.models import Person


@dataclass(frozen=True, slots=True)
class Limits:
    """One person's limits for what they may be asked to tell: the version that holds now, if there is one, what it
    sets aside, and where their own words are."""

    activity: str
    version: int | None
    since: date | None
    set_aside: str
    url: str

    @property
    def words(self) -> str:
        """« Limites pour « … », version 2 du 12 mars 2026 »."""
        if self.version is None or self.since is None:
            return _("No limits written for “%(activity)s”") % {"activity": self.activity}
        told = {"activity": self.activity, "version": self.version, "day": say_date(self.since)}
        return _("Limits for “%(activity)s”, version %(version)s of %(day)s") % told


Asker = Callable[[Gathering, Person, Actor, str], str]
Reader = Callable[[Gathering, Iterable[UUID]], dict[UUID, Limits]]
_ASKERS: list[Asker] = []
_READERS: list[Reader] = []


def ask_with(asker: Asker) -> None:
    """Who says whether somebody carries too much to be put on one more list: it refuses, or gives the reason to keep.
    Said once, when the site starts."""
    if asker not in _ASKERS:
        _ASKERS.append(asker)


def read_limits_with(reader: Reader) -> None:
    """Where limits are read. Said once, when the site starts."""
    if reader not in _READERS:
        _READERS.append(reader)


def pass_load(gathering: Gathering, person: Person, actor: Actor, reason: str) -> str:
    """The reason to keep with a place given by somebody else; none while there is room, and none asked of oneself."""
    if person.pk == actor.person_id:
        return ""
    return next(filter(None, [ask(gathering, person, actor, reason) for ask in _ASKERS]), "")


def limits_of(gathering: Gathering, person_ids: Iterable[UUID]) -> dict[UUID, Limits]:
    """The limits in force now, by person, where this kind of gathering may ask somebody to speak of what they lived."""
    ids = list(person_ids)
    return {person_id: held for read in _READERS for person_id, held in read(gathering, ids).items()}
