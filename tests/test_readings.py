"""Whatever is opened of somebody else is named, to them and to the data officer."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

from vecu.people import context

ROOT = Path(__file__).resolve().parents[1]


def verbs_of_readings() -> set[str]:
    """The second argument of each `journal.read` of the code."""
    found = set()
    for path in (ROOT / "vecu").rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.read":
                verb = node.args[1]
                assert isinstance(verb, ast.Constant), f"{path}: a reading is named by a plain word"
                found.add(str(verb.value))
    return found


def test_each_reading_has_its_words() -> None:
    verbs = verbs_of_readings()
    assert len(verbs) > 10
    for verb in verbs:
        words = context.words_for(verb)
        assert words is not context.UNNAMED, f"name {verb} in the area's apps.ready (people.context.name_reading)"
        with translation.override("fr"):
            assert not {"votre", "vos", "vous", "your", "you"} & set(str(words.theirs).lower().split()), words.theirs
