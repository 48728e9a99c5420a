"""What only a loaded Django can tell: gates on every address, scopes on every row, events all wired."""

from __future__ import annotations

import dataclasses
import importlib
import inspect

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from vecu.core.access import is_gated
from vecu.core.events import WIRED
from vecu.core.models import ScopedQuerySet
from vecu.core.workflow import Workflow

AREAS = (
    *("people", "peers", "messaging", "safeguarding", "agenda", "recognition"),
    *("accompaniment", "recruitment", "training"),
)


def patterns(resolver: URLResolver | None = None) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in (resolver or get_resolver()).url_patterns:
        found += patterns(entry) if isinstance(entry, URLResolver) else [entry]
    return found


def our_models() -> list[type[models.Model]]:
    return [m for area in AREAS for m in apps.get_app_config(area).get_models()]


def test_every_view_has_a_gate() -> None:
    bad = [str(p.pattern) for p in patterns() if not is_gated(p.callback)]
    assert not bad, bad


def test_url_names_are_unique() -> None:
    """One name, one view; a view may be reached with and without a key (« mine », « that one »)."""
    views: dict[str, set[str]] = {}
    for pattern in patterns():
        if pattern.name:
            views.setdefault(pattern.name, set()).add(pattern.callback.__qualname__)
    assert not {name: found for name, found in views.items() if len(found) > 1}


# Names that others chose, or that would hide a name of Python.
OTHER_NAMES = {"help": "help_page", "account_signup": "no_sign_up"}


def test_view_has_the_name_of_its_url() -> None:
    bad = [
        f"{p.name} → {p.callback.__name__}"
        for p in patterns()
        if p.callback.__module__.startswith("vecu.") and OTHER_NAMES.get(p.name, p.name) != p.callback.__name__
    ]
    assert not bad, bad


# Rows that belong to no organisation, and why.
NO_ORGANISATION = {
    "User": "an account; roles live in memberships",
    "Organisation": "is the organisation",
    "Person": "one person in several organisations; seen through memberships",
    "Participant": "hangs on its thread, which has it",
    "CalendarFeed": "a person's own, of everywhere they take part",
    "AlertClock": "hangs on its alert, which has it",
    "ApplicationDraft": "known to one browser or one code, erased within a month",
    "RequestDraft": "known to one browser only, erased within a week",
    "DataCopy": "a person's own, of everywhere they take part",
    "DataCopyPiece": "hangs on its copy",
    "ErasureRequest": "a person asks to be erased everywhere",
    "OutsideAccount": "hangs on an account, which belongs to no organisation",
    "SealedContact": "a person's own wherever they take part; opened through an alert, which has it",
    "Throttle": "counts tries at a door, before anyone is known",
}


def test_every_row_has_an_organisation_and_a_scope() -> None:
    bad = []
    for model in our_models():
        fields = {field.name for field in model._meta.get_fields()}
        if "organisation" not in fields and model.__name__ not in NO_ORGANISATION:
            bad.append(f"{model.__name__} has no organisation")
        queryset = model._default_manager.all()
        if not isinstance(queryset, ScopedQuerySet) and model.__name__ not in UNSCOPED:
            bad.append(f"{model.__name__} has no visible_to")
        elif isinstance(queryset, ScopedQuerySet) and queryset.reading is None:
            bad.append(f"{model.__name__}: which right reads it?")
    assert not bad, "\n".join(bad)


def test_what_one_sees_does_not_depend_on_the_hour() -> None:
    """Queries are written once for each reach (`core.prepared`): a day compared in `within` would stay the first one."""
    bad = []
    for model in our_models():
        queryset = type(model._default_manager.all())
        if issubclass(queryset, ScopedQuerySet):
            said = inspect.getsource(queryset.within)
            bad += [f"{model.__name__}: {word}" for word in ("now(", "localdate(", "today(") if word in said]
    assert not bad, bad


UNSCOPED = {
    "ClaimCounter": "read by the verb that gives a number, shown to nobody",
    "DataCopyPiece": "reached through its copy",
    "Throttle": "read at a door only",
    "User": "reached through allauth only",
    "ApplicationDraft": "reached through the session or the code that wrote it",
    "RequestDraft": "reached through the session that wrote it",
    "ReportReading": "reached through its report",
}


def test_every_field_has_a_plain_name() -> None:
    bad = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.fields
        if str(field.verbose_name)[:1].isupper() and "_" in str(field.verbose_name)
    ]
    assert not bad, bad


def events() -> list[type]:
    found = []
    for area in AREAS:
        try:
            module = importlib.import_module(f"vecu.{area}.events")
        except ModuleNotFoundError as error:
            if error.name != f"vecu.{area}.events":
                raise
            continue
        found += [c for _n, c in inspect.getmembers(module, inspect.isclass) if c.__module__ == module.__name__]
    return found


def test_every_event_is_wired_and_frozen() -> None:
    assert events()
    for event in events():
        assert dataclasses.is_dataclass(event), event
        assert event.__dataclass_params__.frozen, event  # type: ignore[attr-defined]
        assert event in WIRED, f"{event.__name__}: say in vecu/wiring what follows, even if nothing does"


def workflows() -> list[Workflow]:
    found = []
    for area in AREAS:
        for name in (f"vecu.{area}.workflows", f"vecu.{area}.workflows.requests", f"vecu.{area}.workflows.pairs"):
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError:
                continue
            found += [w for _n, w in inspect.getmembers(module) if isinstance(w, Workflow)]
    return list({w.name: w for w in found}.values())


@pytest.mark.parametrize("workflow", workflows(), ids=lambda w: w.name)
def test_every_state_can_be_reached_and_left_or_is_final(workflow: Workflow) -> None:
    targets = {move.target for move in workflow}
    sources = {source for move in workflow for source in move.sources}
    first = workflow.states.values[0]
    assert set(workflow.states.values) - targets - {first} == set(), "states nobody reaches"
    assert sources <= targets | {first}, "moves from states nobody reaches"


def test_checks_are_clean() -> None:
    assert [m for m in run_checks() if m.level >= 30] == []
