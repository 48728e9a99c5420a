"""Where a group stands: how many said what, never who, and only of whole handfuls of people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from vecu.core import vault
from vecu.core.crowds import SMALLEST_GROUP
from vecu.training.enums import Level, Moment
from vecu.training.models import Assessment, Cohort, Criterion, SelfAssessment, Trainee

Levels = dict[str, str]


@dataclass(frozen=True)
class GroupTable:
    """One moment: of how many people it speaks, and for each criterion how many said each level (None: not shown)."""

    moment: Moment
    answered: int
    lines: list[tuple[str, list[tuple[Level, int]] | None]]


@dataclass(frozen=True)
class OwnLine:
    """One criterion as I said it, before and after."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class GapLine:
    """One criterion as two assessors see it."""

    title: str
    mine: str
    other: str
    is_far: bool

    @property
    def is_same(self) -> bool:
        return self.mine == self.other


def of_group(cohort: Cohort) -> list[GroupTable]:
    """The first five, ten, fifteen… who answered: one more answer never shows what that one person said. A criterion
    on which all said the same is left out: it would tell what each of them said."""
    made, criteria = [], criteria_of(cohort)
    for moment in Moment:
        rows = SelfAssessment.objects.filter(trainee__cohort=cohort, moment=moment).order_by("created_at", "pk")
        found = list(rows.select_related("trainee__person"))
        whole = found[: len(found) // SMALLEST_GROUP * SMALLEST_GROUP]
        if whole:
            vault.preload(row.trainee.person.vault_id for row in whole)
            given = [row.levels for row in whole]
            made.append(GroupTable(moment, len(whole), [(one.title, _counts(str(one.pk), given)) for one in criteria]))
    return made


def _counts(key: str, given: list[Levels]) -> list[tuple[Level, int]] | None:
    said = [one[key] for one in given if key in one]
    if len(said) < SMALLEST_GROUP or len(set(said)) == 1:
        return None
    return [(level, said.count(level)) for level in Level]


def of_trainee(trainee: Trainee) -> list[OwnLine]:
    """What this person said of themselves, for their own eyes."""
    rows = SelfAssessment.objects.filter(trainee=trainee).select_related("trainee__person")
    said: dict[str, Levels] = {row.moment: row.levels for row in rows}
    return [
        OwnLine(
            one.title,
            label(said.get(Moment.BEFORE, {}).get(str(one.pk), "")),
            label(said.get(Moment.AFTER, {}).get(str(one.pk), "")),
        )
        for one in criteria_of(trainee.cohort)
    ]


def gaps(trainee: Trainee, person_id: UUID | None) -> list[GapLine]:
    """Both looks side by side, for the two who have looked; nothing until then."""
    rows = list(Assessment.objects.filter(trainee=trainee).select_related("trainee__person"))
    mine = next((row.levels for row in rows if row.assessor_id == person_id), None)
    other = next((row.levels for row in rows if row.assessor_id != person_id), None)
    if mine is None or other is None:
        return []
    return [
        _gap(one, mine, other) for one in criteria_of(trainee.cohort) if str(one.pk) in mine and str(one.pk) in other
    ]


def _gap(criterion: Criterion, mine: Levels, other: Levels) -> GapLine:
    key, order = str(criterion.pk), list(Level.values)
    apart = abs(order.index(mine[key]) - order.index(other[key]))
    return GapLine(criterion.title, label(mine[key]), label(other[key]), apart > 1)


def criteria_of(cohort: Cohort) -> list[Criterion]:
    return list(Criterion.objects.filter(course=cohort.course_id, is_current=True).order_by("place"))


def label(level: str) -> str:
    return str(Level(level).label) if level else ""
