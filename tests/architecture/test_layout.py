"""What the import contracts cannot say: names, sizes, where the database is touched, where a state changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
AREAS = (
    "core",
    "people",
    "peers",
    "messaging",
    "safeguarding",
    "agenda",
    "recognition",
    "accompaniment",
    "recruitment",
    "training",
    "impact",
    "portal",
)
FORBIDDEN_NAMES = {
    "utils", "helpers", "services", "selectors", "managers", "signals", "mixins", "common", "constants", "misc",
}  # fmt: skip
FILE_LINES, FUNCTION_LINES, VIEW_LINES, CLASS_LINES, PAGE_LINES, FRAGMENT_LINES = 400, 40, 25, 250, 150, 80

# A line of a lock file: a name at one version, or a hash of it; nothing that says where from.
PINNED = re.compile(r"[A-Za-z0-9_.\-]+(\[[a-z,]+\])?==[\w.+!]+( ; .+)?|--hash=sha256:[0-9a-f]{64}")

# May only shrink: file, then why it is still too long.
GRANDFATHERED: dict[str, str] = {}


def sources(*, tests: bool = False) -> list[Path]:
    found = [p for p in (ROOT / "vecu").rglob("*.py") if "migrations" not in p.parts]
    return sorted(p for p in found if tests or "tests" not in p.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def layer(path: Path) -> str:
    """`views` for vecu/peers/views.py and for vecu/peers/views/lists.py."""
    parts = path.relative_to(ROOT / "vecu").parts
    return Path(parts[1]).stem if len(parts) > 1 else Path(parts[0]).stem


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_drawer_names() -> None:
    """A module named `utils` is a drawer: name it after what it knows."""
    bad = [name_of(p) for p in sources(tests=True) if {p.stem, *p.parent.parts} & FORBIDDEN_NAMES]
    assert not bad, f"name these after what they know: {bad}"


def test_sizes() -> None:
    """Long files and functions are split by noun."""
    bad = []
    for path in sources(tests=True):
        lines = path.read_text(encoding="utf-8").count("\n")
        limit = 500 if "tests" in path.parts else FILE_LINES
        if lines > limit:
            bad.append(f"{name_of(path)}: {lines} lines, split it by noun")
        if "tests" in path.parts or "commands" in path.parts or path.stem.startswith("seed"):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and length(node) > CLASS_LINES:
                bad.append(f"{name_of(path)}:{node.lineno} class {node.name}: {length(node)} lines")
        for function in functions(tree_of(path)):
            limit = VIEW_LINES if layer(path) == "views" else FUNCTION_LINES
            if length(function) > limit:
                bad.append(f"{name_of(path)}:{function.lineno} {function.name}: {length(function)} lines of {limit}")
    bad = [line for line in bad if line.split(":")[0] not in GRANDFATHERED]
    assert not bad, "\n".join(bad)


def test_views_and_forms_reach_rows_only_through_the_gate() -> None:
    """Rows are fetched with `visible` and `get_visible`, written by actions."""
    bad = []
    for path in sources():
        if layer(path) not in {"views", "forms"}:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
                bad.append(f"{name_of(path)}:{node.lineno} .{node.attr}: use visible() or get_visible()")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_row_write = node.func.attr in {"save", "bulk_create"} or (
                    node.func.attr in {"delete", "update"} and isinstance(node.func.value, ast.Call)
                )
                if is_row_write:
                    bad.append(f"{name_of(path)}:{node.lineno} .{node.func.attr}(): write an action")
    assert not bad, "\n".join(bad)


def test_state_changes_only_in_the_workflow() -> None:
    """A state is a move of a Workflow: never assigned, never updated by hand."""
    bad = []
    for path in sources():
        if path.parts[-2:] in {("core", "workflow.py"), ("core", "jobs.py"), ("core", "job_runs.py")}:
            continue
        for node in ast.walk(tree_of(path)):
            targets = node.targets if isinstance(node, ast.Assign) else []
            bad += [
                f"{name_of(path)}:{node.lineno}"
                for target in targets
                if isinstance(target, ast.Attribute) and target.attr == "state"
            ]
            is_update = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
            )
            if is_update and any(word.arg == "state" for word in node.keywords):
                bad.append(f"{name_of(path)}:{node.lineno} update(state=…)")
    assert not bad, f"use a Workflow: {bad}"


def whole_saves(function: ast.AST, stateful: set[str]) -> list[int]:
    """Where a row with a state is saved with every column it was read with."""
    named = re.compile(rf"\b({'|'.join(sorted(stateful))})\b")
    rows = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg) and node.annotation is not None and named.search(ast.unparse(node.annotation)):
            rows.add(node.arg)
        if isinstance(node, ast.Assign) and named.search(ast.unparse(node.value)):
            rows |= {ast.unparse(target) for target in node.targets}
    return [
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "save"
        and not {word.arg for word in node.keywords} & {"update_fields", "force_insert"}
        and ast.unparse(node.func.value) in rows
    ]


def test_an_action_saves_what_it_changed_of_a_row_with_a_state() -> None:
    """`.save()` writes the state back as it was read: it would undo, in silence, a move made meanwhile."""
    stateful = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("vecu.") and any(field.name == "state" for field in model._meta.fields)
    }
    assert "SupportRequest" in stateful
    bad = [
        f"{name_of(path)}:{line}"
        for path in sources()
        if layer(path) == "actions"
        for function in functions(tree_of(path))
        for line in whole_saves(function, stateful)
    ]
    assert not bad, f"say which fields, `save(update_fields=…)`: {bad}"
    example = ast.parse("def change(pair: Pair) -> None:\n    pair.save()\n    pair.save(update_fields=['told'])")
    assert whole_saves(example, {"Pair"}) == [2]


def test_no_imports_inside_functions() -> None:
    """A hidden import hides a cycle. Django's `ready` and commands that start servers are the exceptions."""
    bad = []
    for path in sources():
        for function in functions(tree_of(path)):
            if function.name == "ready":
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    module = getattr(node, "module", None) or node.names[0].name
                    if module.startswith("vecu"):
                        bad.append(f"{name_of(path)}:{node.lineno} {module}")
    assert not bad, f"move these to the top of the file: {bad}"


def test_functions_of_the_core_layers_are_typed() -> None:
    """Actions, querysets, workflows and core: every function says what it takes and gives."""
    bad = []
    for path in sources():
        if layer(path) not in {"actions", "querysets", "workflows", "events"} and "core" not in path.parts:
            continue
        for function in functions(tree_of(path)):
            given = [*function.args.args, *function.args.kwonlyargs]
            untyped = [a.arg for a in given if a.annotation is None and a.arg not in {"self", "cls"}]
            if untyped or (function.returns is None and function.name != "__init__"):
                bad.append(f"{name_of(path)}:{function.lineno} {function.name} {untyped or 'returns?'}")
    assert not bad, "\n".join(bad)


def test_actions_say_their_rule() -> None:
    """Every public action has a docstring: the rule in words."""
    bad = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in sources()
        if layer(path) == "actions"
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not bad, "\n".join(bad)


def test_no_naive_clock() -> None:
    """Only aware datetimes, and the local day for « today »."""
    wrong = re.compile(r"\b(datetime\.now\(\)|datetime\.utcnow|date\.today\(\)|datetime\.today)")
    bad = [name_of(p) for p in sources(tests=True) if wrong.search(p.read_text(encoding="utf-8"))]
    assert not bad, bad


def templates() -> list[Path]:
    return sorted((ROOT / "vecu").rglob("templates/**/*.html"))


def test_templates_are_short_and_without_inline_code() -> None:
    inline = re.compile(r"""<[a-z][^>]*\s(style|on[a-z]+)\s*=\s*["']""", re.IGNORECASE)
    bad = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        limit = FRAGMENT_LINES if path.name.startswith("_") else PAGE_LINES
        if text.count("\n") > limit:
            bad.append(f"{name_of(path)}: {text.count(chr(10))} lines of {limit}")
        if inline.search(text):
            bad.append(f"{name_of(path)}: inline style or handler")
        if path.name.startswith("_") and "{% extends" in text:
            bad.append(f"{name_of(path)}: a fragment extends nothing")
    assert not bad, "\n".join(bad)


def test_templates_are_all_used() -> None:
    """A template nobody names is dead."""
    everything = "\n".join(p.read_text(encoding="utf-8") for p in [*sources(tests=True), *templates()])
    by_library = ("account/", "mfa/", "usersessions/", "django/", "allauth/")
    unused = []
    for path in templates():
        name = str(path).split("/templates/")[-1]
        if name.startswith(by_library) or name.startswith("core/errors/") or name == "429.html":
            continue
        if f'"{name}"' not in everything and f"'{name}'" not in everything:
            unused.append(name)
    assert not unused, unused


def test_forms_of_templates_are_the_tag() -> None:
    """`{% form %}` writes the CSRF token and the key that makes a second click harmless; a bare form at least the token."""
    bad = []
    for path in templates():
        bad += [f"{name_of(path)}: {form[:60]}" for form in bare_forms(path.read_text(encoding="utf-8"))]
    assert not bad, bad


def bare_forms(text: str) -> list[str]:
    """The forms of this page that post without a token; each is looked at by itself."""
    forms = re.findall(r"<form\b.*?(?:</form>|\Z)", text, re.IGNORECASE | re.DOTALL)
    posts = re.compile(r"""\bmethod\s*=\s*["']?post\b""", re.IGNORECASE)
    return [form for form in forms if posts.search(form) and "csrf" not in form.lower()]


def test_a_bare_form_is_found_beside_one_with_its_token() -> None:
    good = '<form method="post">{% csrf_token %}</form>'
    for bad in ("<form method='post'>x</form>", "<form\n  METHOD = post>x</form>", '<form method="post">x'):
        assert bare_forms(good + bad) == [bad]
    assert bare_forms(good + '<form method="get">x</form>') == []


def test_decisions_are_numbered_once() -> None:
    numbers = [p.name.split("-")[0] for p in (ROOT / "docs" / "decisions").glob("*.md")]
    assert numbers and len(numbers) == len(set(numbers)), sorted(numbers)


def test_dependencies_are_few_and_say_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("dependencies = [")[1].split("\n]")[0]
    rows = [line for line in lines.splitlines() if line.strip().startswith('"')]
    assert len(rows) <= 25
    assert all("#" in row for row in rows), [row for row in rows if "#" not in row]


def test_lock_files_name_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [row.strip(" \\") for row in path.read_text(encoding="utf-8").splitlines()]
        rows = [row for row in lines if row and not row.startswith("#")]
        assert rows and all(PINNED.fullmatch(row) for row in rows), path.name
