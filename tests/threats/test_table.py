"""The table of threats tells the truth."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.threats.table import PAGE, ROOT, THREATS, page


def is_there(test: str) -> bool:
    """A function, or a method of a class, of that file."""
    name, *inner = test.split("::")
    path = Path(ROOT / name)
    body: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else []
    for step in inner:
        found = [node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == step]
        if not found:
            return False
        body = found[0].body
    return bool(inner) and inner[-1].startswith("test_")


def test_all_forty_are_answered() -> None:
    assert [threat.number for threat in THREATS] == list(range(1, 41))
    assert not [threat.number for threat in THREATS if not threat.tests and not threat.later]


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: str(threat.number))
def test_each_test_named_is_there(threat: object) -> None:
    assert not [test for test in threat.tests if not is_there(test)]  # type: ignore[attr-defined]


def test_a_test_that_is_not_there_is_seen() -> None:
    assert not is_there("tests/threats/test_table.py::test_nothing_of_the_kind")
    assert not is_there("tests/nowhere.py::test_all_forty_are_answered")
    assert is_there("tests/threats/test_table.py::test_all_forty_are_answered")


def test_the_page_is_written_again() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
