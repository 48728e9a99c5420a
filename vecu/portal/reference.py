"""The pages of docs/reference, written from the code; a test compares them with what is committed."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from vecu.core.access import Scope
from vecu.core.events import WIRED
from vecu.core.workflow import Workflow
from vecu.people.enums import Role
from vecu.people.policy import RIGHTS, SIGNED_IN, Can

SCOPES = {Scope.OWN: "own", Scope.ASSIGNED: "assigned", Scope.ORGANISATION: "organisation", Scope.ALL: "all"}
SHOWN_ROLES = [role for role in Role if role != Role.SYSTEM]
WORKFLOW_MODULES = (
    "vecu.accompaniment.workflows.requests",
    "vecu.accompaniment.workflows.pairs",
    "vecu.messaging.workflows",
    "vecu.recruitment.workflows",
    "vecu.safeguarding.workflows",
    "vecu.agenda.workflows",
    "vecu.recognition.workflows",
    "vecu.training.workflows",
)
HEAD = "<!-- Written by `make docs` from the code. Do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """File name → text of each reference page."""
    with translation.override("en"):
        return {
            "access.md": HEAD + access(),
            "workflows.md": HEAD + workflows(),
            "events.md": HEAD + events(),
            "environment.md": HEAD + environment(),
            "actions.md": HEAD + actions(),
        }


def access() -> str:
    """Who may do what, and which right opens each address."""
    lines = ["# Who may do what", "", "One line a right of `vecu/people/policy.py`; how far it reaches.", ""]
    lines += ["| right | signed in | " + " | ".join(role.value for role in SHOWN_ROLES) + " |"]
    lines += ["|---" * (len(SHOWN_ROLES) + 2) + "|"]
    for can in Can:
        reach = [SCOPES.get(RIGHTS[role].get(can, Scope.NONE), "") for role in SHOWN_ROLES]
        lines.append(
            f"| `{can.value}` | {SCOPES.get(SIGNED_IN.get(can, Scope.NONE), '')} | " + " | ".join(reach) + " |"
        )
    lines += ["", "# What opens each address", "", "| address | name | right |", "|---|---|---|"]
    for route, pattern in sorted(addresses(get_resolver()), key=lambda pair: pair[0]):
        gate = getattr(pattern.callback, "gate", None)
        if pattern.callback.__module__.startswith("vecu."):
            lines.append(f"| `/{route}` | `{pattern.name}` | {'everyone' if gate == 'public' else f'`{gate.value}`'} |")
    return "\n".join(lines) + "\n"


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            yield route, entry


def all_workflows() -> list[Workflow]:
    found: dict[str, Workflow] = {}
    for name in WORKFLOW_MODULES:
        for _name, value in inspect.getmembers(importlib.import_module(name)):
            if isinstance(value, Workflow):
                found[value.name] = value
    return [found[name] for name in sorted(found)]


def workflows() -> str:
    """A diagram and a table for each lifecycle."""
    lines = ["# Lifecycles", ""]
    for workflow in all_workflows():
        lines += [f"## {workflow.name}", "", "```mermaid", "stateDiagram-v2"]
        lines.append(f"  [*] --> {workflow.states.values[0]}")
        lines += [f"  {source} --> {move.target}: {move.name}" for move in workflow for source in move.sources]
        lines += ["```", "", "| move | from | to | right |", "|---|---|---|---|"]
        lines += [
            f"| {move.label} (`{move.name}`) | {', '.join(move.sources)} | {move.target} | "
            f"{f'`{move.can.value}`' if move.can else 'Vécu itself'} |"
            for move in workflow
        ]
        lines.append("")
    return "\n".join(lines)


def events() -> str:
    """What follows each event."""
    lines = ["# Events and what follows", "", "| event | in the same transaction |", "|---|---|"]
    for event, wiring in sorted(WIRED.items(), key=lambda pair: (pair[0].__module__, pair[0].__name__)):
        area = event.__module__.split(".")[1]
        now = ", ".join(f"`{follower.__name__}`" for follower in wiring.now)
        lines.append(f"| {area}: `{event.__name__}` | {now} |")
    return "\n".join(lines) + "\n"


KINDS = {
    "text": "text",
    "number": "whole number",
    "boolean": "yes or no",
    "address": "address (https://…)",
    "words": "list, separated by commas",
    "networks": "list of addresses or networks, or none",
}


def environment() -> str:
    """Every variable the instance reads, found where it is declared (`env.text("VECU_…", default, meaning)`)."""
    rows: dict[str, str] = {}
    for path in sorted((Path(settings.ROOT) / "config").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_env(node.func):
                name, *rest = node.args
                meaning, default = rest[-1], rest[0] if len(rest) > 1 else None
                kind = KINDS.get(node.func.attr, "text, required")
                rows[_text(name)] = f"| `{_text(name)}` | {kind} | {_text(default)} | {_text(meaning)} |"
    lines = [
        "# Environment",
        "",
        "Each variable may also be given as a file: `<NAME>_FILE` holds its path (for secrets).",
        "",
        "| variable | kind | default | meaning |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *(rows[name] for name in sorted(rows))]) + "\n"


def _is_env(called: ast.Attribute) -> bool:
    return isinstance(called.value, ast.Name) and called.value.id == "env" and called.attr in {*KINDS, "required"}


def _text(node: ast.expr | None) -> str:
    """A literal as it is; anything computed as its source."""
    if node is None:
        return ""
    if isinstance(node, ast.JoinedStr):  # a variable for each name of a list: VECU_OIDC_<NAME>_ISSUER
        return "".join(part.value if isinstance(part, ast.Constant) else "<NAME>" for part in node.values)
    if isinstance(node, ast.Constant):
        return "" if node.value in (None, "") else str(node.value)
    return f"`{ast.unparse(node)}`"


def actions() -> str:
    """The verbs of each area and their rule."""
    lines = ["# Verbs", ""]
    for area in ("people", "peers", "messaging", "safeguarding", "agenda", "recognition", "accompaniment"):
        lines += [f"## {area}", ""]
        package = importlib.import_module(f"vecu.{area}.actions")
        for module in sorted(submodules(package)):
            loaded = importlib.import_module(module)
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                original = inspect.unwrap(function)
                if name.startswith("_") or original.__module__ != module:
                    continue
                rule = (inspect.getdoc(original) or "").split("\n\n")[0].replace("\n", " ")
                lines.append(f"- `{module.removeprefix('vecu.')}.{name}`: {rule}")
        lines.append("")
    return "\n".join(lines)


def submodules(package: object) -> list[str]:
    return [f"{package.__name__}.{info.name}" for info in pkgutil.iter_modules(package.__path__)]  # type: ignore[attr-defined]
