"""Modules online as they are followed: what is left, in words; and of a group, how many went to the end, by five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core.crowds import SMALLEST_GROUP
from vecu.training.enums import PageKind
from vecu.training.hours import say_minutes
from vecu.training.models import Cohort, CourseModule, ModuleFollowing, ModulePage, Trainee

TITLE, ITEM = "# ", "- "
END = "end"


@dataclass(frozen=True)
class OwnModule:
    """One module online as its trainee sees it."""

    module: CourseModule
    pages: list[ModulePage]
    seen: frozenset[str] = frozenset()
    ended_on: date | None = None
    minutes: int = 0

    @property
    def counted(self) -> str:
        """What it would add to one's hours, where online counts."""
        return say_minutes(self.module.online_minutes) if self.module.online_minutes and not self.ended_on else ""

    @property
    def time(self) -> str:
        return say_minutes(self.minutes)

    @property
    def left(self) -> list[ModulePage]:
        return [page for page in self.pages if str(page.pk) not in self.seen]

    def page_at(self, asked: str) -> ModulePage | None:
        """The page of this number; else where one goes on: the first page not seen. None once there is none."""
        if asked.isdecimal() and 0 < int(asked[:4]) <= len(self.pages):
            return self.pages[int(asked[:4]) - 1]
        return self.left[0] if self.left and asked != END else None

    def page_sent(self, sent: str) -> ModulePage | None:
        """The very page that was read, whatever was moved or seen meanwhile; None once it was taken out."""
        return next((page for page in self.pages if str(page.pk) == sent), None)

    def after(self, page: ModulePage) -> str:
        """What comes after this one, once seen: the next, then one passed over, then the end."""
        left = [one for one in self.left if one != page]
        later = self.pages[self.number_of(page) :]
        following = later[0] if later else left[0] if left else None
        return str(self.number_of(following)) if following else END

    def number_of(self, page: ModulePage) -> int:
        return self.pages.index(page) + 1

    @property
    def lines(self) -> list[tuple[int, ModulePage, bool]]:
        """Each page with its number, and whether it was seen."""
        return [(number, page, page not in self.left) for number, page in enumerate(self.pages, start=1)]

    @property
    def has_begun(self) -> bool:
        return len(self.left) < len(self.pages)

    @property
    def words(self) -> str:
        """« Il reste 2 pages : une question, un moment pour soi. »"""
        if not self.left:
            return _("You have seen everything.")
        named = _listed(Counter(page.kind for page in self.left))
        if self.has_begun:
            return _("Left: %(pages)s.") % {"pages": named}
        told = {"pages": named, "time": say_minutes(self.module.online_minutes)}
        return (
            _("To follow: %(pages)s; about %(time)s.") % told
            if self.module.online_minutes
            else _("To follow: %(pages)s.") % told
        )


def _listed(kinds: Counter[str]) -> str:
    """« 2 textes, une question »: in the order of the kinds."""
    said = {
        PageKind.TEXT: ngettext("one text", "%(n)s texts", kinds[PageKind.TEXT]),
        PageKind.SOUND: ngettext("one thing to listen to", "%(n)s things to listen to", kinds[PageKind.SOUND]),
        PageKind.QUESTION: ngettext("one question", "%(n)s questions", kinds[PageKind.QUESTION]),
        PageKind.REFLECTION: ngettext(
            "one moment for yourself", "%(n)s moments for yourself", kinds[PageKind.REFLECTION]
        ),
    }
    return ", ".join(words % {"n": kinds[kind]} for kind, words in said.items() if kinds[kind])


def of_trainee(trainee: Trainee) -> list[OwnModule]:
    """The modules of their course that have pages, in order; two queries."""
    pages: dict[CourseModule, list[ModulePage]] = {}
    rows = ModulePage.objects.filter(module__course=trainee.cohort.course_id).select_related("module")
    # Titles and kinds: what is read is fetched with its page.
    for page in rows.order_by("module__place", "place", "created_at").defer("body", "choices", "explanation"):
        pages.setdefault(page.module, []).append(page)
    if not pages:
        return []
    known = {row.module_id: row for row in ModuleFollowing.objects.filter(trainee=trainee)}
    return [_own(module, held, known.get(module.pk)) for module, held in pages.items()]


def _own(module: CourseModule, pages: list[ModulePage], row: ModuleFollowing | None) -> OwnModule:
    return OwnModule(module, pages, frozenset(row.seen), row.ended_on, row.minutes) if row else OwnModule(module, pages)


def of_group(cohort: Cohort) -> list[tuple[CourseModule, int]]:
    """For each module online, of how many people it can be said that they went to its end: whole handfuls only, so
    that one more tells nothing of anybody; none under five, and none once it would be said of the whole group."""
    modules = CourseModule.objects.filter(course=cohort.course_id, pages__isnull=False).distinct().order_by("place")
    here = list(Trainee.objects.filter(cohort=cohort).with_place().values_list("pk", flat=True))
    ended = ModuleFollowing.objects.ended().filter(trainee__in=here).values_list("module_id", flat=True)
    counted = Counter[UUID | None](ended)
    handfuls = [(module, counted[module.pk] // SMALLEST_GROUP * SMALLEST_GROUP) for module in modules]
    return [(module, n if n < len(here) else 0) for module, n in handfuls]


# -- what is read


@dataclass(frozen=True)
class Block:
    """A heading, a list or a paragraph of a page."""

    kind: str
    words: str = ""
    items: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """Plain text as it is shown: a line that begins with « # » is a heading, lines that begin with « - » a list, an
    empty line ends a paragraph. Nothing else has a meaning, and nothing typed is ever markup."""
    made: list[Block] = []
    for part in _parts(text.replace("\r\n", "\n").split("\n")):
        if part[0].startswith(TITLE):
            made.append(Block("heading", part[0].removeprefix(TITLE).strip()))
        elif part[0].startswith(ITEM):
            made.append(Block("list", items=[line.removeprefix(ITEM).strip() for line in part]))
        else:
            made.append(Block("text", "\n".join(part)))
    return made


def _parts(lines: Iterable[str]) -> list[list[str]]:
    """Lines that go together."""
    parts: list[list[str]] = []
    before = ""
    for line in (line.strip() for line in lines):
        kind = next((mark for mark in (TITLE, ITEM) if line.startswith(mark)), "text") if line else ""
        if kind and (kind != before or kind == TITLE):
            parts.append([line])
        elif kind:
            parts[-1].append(line)
        before = kind
    return parts
