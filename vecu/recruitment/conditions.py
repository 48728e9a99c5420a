"""What a role asks for, compared with what someone said. Only what was said and does not match is named: an answer
left empty never counts against anyone, and nothing here refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from vecu.recruitment.enums import ConditionKind, Hindsight
from vecu.recruitment.models import EntryCondition

Answers = Mapping[str, Mapping[str, Any]]
CLASSES = tuple(Hindsight.values)


def unmet(conditions: Iterable[EntryCondition], answers: Answers) -> list[str]:
    """Codes of the conditions a person will look at, in the order they are set."""
    return [condition.kind for condition in conditions if not is_met(condition, answers)]


def is_met(condition: EntryCondition, answers: Answers) -> bool:
    """True also when nothing was said about it."""
    return CHECKS[ConditionKind(condition.kind)](condition, answers)


def _said(answers: Answers, step: str, name: str) -> Any:
    return (answers.get(step) or {}).get(name) or ""


def _adult(_condition: EntryCondition, answers: Answers) -> bool:
    return _said(answers, "you", "is_adult") != "no"


def _hindsight(condition: EntryCondition, answers: Answers) -> bool:
    said = _said(answers, "lived", "hindsight")
    return said not in CLASSES or CLASSES.index(said) >= CLASSES.index(condition.least)


def _membership(_condition: EntryCondition, answers: Answers) -> bool:
    return _said(answers, "rules", "membership") != "no"


def _availability(_condition: EntryCondition, answers: Answers) -> bool:
    return _said(answers, "offer", "rhythm") != "less"


def _no_conflict(_condition: EntryCondition, answers: Answers) -> bool:
    return _said(answers, "rules", "conflict") != "yes"


def _charter(_condition: EntryCondition, answers: Answers) -> bool:
    return _said(answers, "rules", "charter") != "no"


CHECKS: dict[ConditionKind, Callable[[EntryCondition, Answers], bool]] = {
    ConditionKind.ADULT: _adult,
    ConditionKind.HINDSIGHT: _hindsight,
    ConditionKind.MEMBERSHIP: _membership,
    ConditionKind.AVAILABILITY: _availability,
    ConditionKind.NO_CONFLICT: _no_conflict,
    ConditionKind.CHARTER: _charter,
}
