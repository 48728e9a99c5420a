"""What the code never does, whatever it is given: read from the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def trees() -> dict[str, ast.Module]:
    """Everything that runs in an instance: no tests, no migrations."""
    paths = [path for top in ("vecu", "config") for path in (ROOT / top).rglob("*.py")]
    paths = [path for path in paths if not {"tests", "migrations"} & set(path.parts)]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def named(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Each node with the name of the function it stands in."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            name = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else inside
            yield name, child
            yield from walk(child, name)

    yield from walk(tree, "")


def imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


# -- threats 17 and 33: who speaks to the outside

SPEAKS = re.compile(
    r"^(socket|ssl|smtplib|ftplib|telnetlib|http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|boto3|"
    r"xmlrpc|django\.core\.mail|websockets|webbrowser)(\.|$)"
)
MAY_SPEAK = {
    "config/serve.py": "listens",
    "vecu/core/management/commands/worker.py": "the name of this machine",
    "vecu/core/mail.py": "letters, to the operator's own mail server",
    "vecu/core/openid.py": "the operator's own providers, at their own origin",
    "vecu/portal/management/commands/demo.py": "listens",
    "vecu/portal/preparing.py": "listens",
}


def test_nothing_else_speaks_to_the_outside() -> None:
    """No address that somebody typed is ever fetched: letters and the operator's providers are all that leaves."""
    found = {path for path, tree in trees().items() if any(SPEAKS.match(name) for name in imports(tree))}
    assert found == set(MAY_SPEAK)


def test_pages_load_nothing_from_elsewhere() -> None:
    """Neither a font, a picture nor a script of another host stands in a template, a style or a script."""
    loads = re.compile(
        r"""(?:src|href|action|url|@import|fetch|EventSource)\s*[=(]\s*["']?(?:https?:)?//[^"')\s{]+""", re.I
    )
    ours = [path for end in ("html", "css", "js", "svg") for path in (ROOT / "vecu").rglob(f"*.{end}")]
    found = {}
    for path in ours:
        text = path.read_text(encoding="utf-8")
        links = [hit for hit in loads.findall(text) if "www.w3.org" not in hit]
        # A link that a person presses is not something a page loads.
        pressed = re.findall(r"<a\s[^>]*href=[\"'](https?://[^\"']+)", text)
        links = [hit for hit in links if not any(link in hit or hit.endswith(link) for link in pressed)]
        if links:
            found[path.name] = links
    assert not found


# -- threat 28: what is typed never becomes a name of a column

ORM = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "create", "update", "annotate", "alias", "aggregate",
    "order_by", "values", "values_list", "only", "defer", "distinct", "select_related", "prefetch_related", "Q", "in_bulk",
}  # fmt: skip
# Keywords made in code from names that the code itself holds. May only shrink; each says where the names come from.
MADE_OF_NAMES = {
    "vecu/agenda/querysets.py:_entrusted": "the path of a queryset, written in its class",
    "vecu/agenda/querysets.py:to_come": "an expression",
    "vecu/peers/offers.py:_engaged": "the columns of an offer, written above it",
    "vecu/accompaniment/actions/plans.py:_write_line": "the columns of a line, written by its caller",
    "vecu/accompaniment/querysets.py:late_first": "an expression",
    "vecu/accompaniment/actions/requests.py:move_requests": "written just above",
    "vecu/core/access.py:get_visible": "written by its callers: the next test looks at them",
    "vecu/core/crypto.py:_stored": "the field itself",
    "vecu/core/masked.py:_copy_table": "the columns of a model",
    "vecu/core/prepared.py:any_of": "the column of a declared list",
    "vecu/core/prepared.py:counted": "written where the list is declared",
    "vecu/core/retention.py:past": "declared with the clock",
    "vecu/core/retention.py:board": "declared with the clock",
    "vecu/core/rotation.py:_old": "a field of a model",
    "vecu/core/rotation.py:_seal_row": "a field of a model",
    "vecu/core/workflow.py:apply": "columns of the row, written by actions",
    "vecu/impact/figures.py:_labelled": "declared with the figure",
    "vecu/messaging/actions/notices.py:tell": "written just above",
    "vecu/messaging/actions/threads.py:_part": "one of two columns, by its callers",
    "vecu/peers/actions/availability.py:set_availability": "four names written just above",
    "vecu/peers/actions/engagement.py:edit_peer": "names outside its list are refused",
    "vecu/peers/actions/engagement.py:erase_peer": "written just above",
    "vecu/peers/context.py:_hindrances": "conditions made there",
    "vecu/peers/querysets.py:filters_of": "conditions, not names",
    "vecu/peers/querysets.py:uncleared": "conditions, not names",
    "vecu/peers/querysets.py:with_standing": "conditions, not names",
    "vecu/portal/seed/people.py:_place": "the demo",
}


def is_spelt_out(node: ast.expr) -> bool:
    """A literal, or a NAME in capitals."""
    return (
        isinstance(node, ast.Constant)
        or (isinstance(node, ast.Name) and node.id.isupper())
        or (isinstance(node, ast.Attribute) and (node.attr.isupper() or node.attr == "names"))
    )


def is_expression(node: ast.expr) -> bool:
    """F, Lower, a condition: something that is no name of a column, or a literal."""
    return is_spelt_out(node) or isinstance(node, ast.Call | ast.UnaryOp | ast.BinOp)


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path, tree in trees().items():
        for inside, node in named(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{inside}", node, called(node)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def loose_names(call: ast.Call) -> list[str]:
    """Names of columns, in a call of the ORM, that the source does not spell out."""
    name = called(call)
    if name not in ORM or (name in {"get", "update"} and not isinstance(call.func, ast.Attribute)):
        return []
    starred = [arg.value for arg in call.args if isinstance(arg, ast.Starred)]
    starred += [word.value for word in call.keywords if word.arg is None]
    plain = call.args if name in {"order_by", "values", "values_list", "only", "defer"} else []
    loose = [node for node in starred if not isinstance(node, ast.Dict) and not is_spelt_out(node)]
    loose += [
        word
        for node in starred
        if isinstance(node, ast.Dict)
        for word in node.keys
        if word is None or not is_spelt_out(word)
    ]
    loose += [node for node in plain if not isinstance(node, ast.Starred) and not is_expression(node)]
    return [ast.unparse(node) for node in loose if node is not None]


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(**request.GET.dict())",
        "rows.order_by(request.GET['sort'])",
        "rows.order_by(sort)",
        "rows.values(*names)",
        "rows.annotate(**{typed: Count('pk')})",
        "Q(**{f'{field}__icontains': word})",
    ],
)
def test_the_look_finds_what_it_looks_for(line: str) -> None:
    (call,) = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call) and loose_names(node)]
    assert loose_names(call)


def test_no_typed_word_becomes_a_keyword_of_a_query() -> None:
    """`filter(**x)` and `order_by(x)` take names that the code holds, never what somebody sent."""
    found = {where: loose_names(call) for where, call, _name in calls() if loose_names(call)}
    assert {where: names for where, names in found.items() if where not in MADE_OF_NAMES} == {}
    assert set(MADE_OF_NAMES) <= set(found), "this list may only shrink"


def test_views_and_forms_pass_nothing_on_as_a_keyword_of_a_query() -> None:
    for path, tree in trees().items():
        if {"views", "forms"} & set(Path(path).with_suffix("").parts):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ORM - {"update", "create"}:
                    assert all(word.arg for word in node.keywords), f"{path}:{node.lineno}"


def test_sql_is_written_by_hand_in_core_only_and_never_with_values_in_it() -> None:
    found = []
    for where, call, name in calls():
        if name in {"extra", "raw", "RawSQL"} and "RawSQL" in {name, *ast.dump(call.func).split("'")}:
            found.append(where)
        if name in {"extra", "raw"} and isinstance(call.func, ast.Attribute) and "objects" in ast.unparse(call.func):
            found.append(where)
        if name in {"execute", "executemany"} and "cursor" in ast.unparse(call.func):
            if not where.startswith("vecu/core/"):
                found.append(where)
            values = [part for part in ast.walk(call.args[0]) if isinstance(part, ast.FormattedValue)]
            # Names of tables and constants of ours; a value goes beside the words, never into them.
            found += [
                where
                for part in values
                if not re.fullmatch(
                    r"[A-Z_]+|table\[connection\.vendor\]|connection\.ops\.quote_name\(name\)", ast.unparse(part.value)
                )
            ]
    assert not found


# -- threat 26: nothing is said to be safe that was not escaped here

MAY_MARK_SAFE = {
    "vecu/accompaniment/views/programmes.py",  # a QR code drawn here
    "vecu/core/drawing.py",
    "vecu/core/templatetags/ui/containers.py",
    "vecu/core/templatetags/ui/leaves.py",
    "vecu/core/templatetags/ui/stencils.py",
    "vecu/peers/forms/choices.py",
}


def test_few_places_say_that_a_text_is_safe() -> None:
    """Six files, each read again when it changes: everything else is escaped by the templates."""
    found = {path for path, tree in trees().items() for name in imports(tree) if name.endswith(".mark_safe")}
    assert found == MAY_MARK_SAFE


def test_no_template_turns_escaping_off() -> None:
    off = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off")
    assert not [
        path.name for path in (ROOT / "vecu").rglob("templates/**/*.html") if off.search(path.read_text("utf-8"))
    ]


# -- threat 13: what is remembered is of nobody


def test_what_is_remembered_between_requests_is_of_no_organisation() -> None:
    """No page, row or name is put in Django's cache: a key shared by two organisations cannot be made."""
    users = {path for path, tree in trees().items() for name in imports(tree) if name.startswith("django.core.cache")}
    assert users == set()


# -- threat 14: one way out into spreadsheets


def test_spreadsheets_are_written_in_one_place() -> None:
    writers = {"csv.writer", "csv.DictWriter", "openpyxl.Workbook", "odf.opendocument.OpenDocumentSpreadsheet"}
    found = set()
    for path, tree in trees().items():
        used = imports(tree) | {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if used & writers:
            found.add(path)
    assert found == {"vecu/core/spreadsheet.py"}
