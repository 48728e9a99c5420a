"""Whatever is held about someone has an end: a clock, or a parent that has one."""

from __future__ import annotations

from django.apps import apps
from django.db.models import CASCADE, Model

from vecu.core import retention
from vecu.core.crypto import EncryptedField

PEOPLE = {"people.person", "people.user"}

# Kept while the person is here and erased with them by name (`people.actions.erase_person`), or without anybody in it.
KEPT_ON_PURPOSE = {
    "people.person": "emptied and its key destroyed by erasure; the shell keeps others' rows whole",
    "core.job": "identifiers only, forgotten after 30 days by core.jobs",
    "core.journalentry": "identifiers only, pruned by core",
    "training.pagesound": "the organisation's own course, nobody's file; its key is destroyed with its page, on a word of who speaks",
    "training.issuerkey": "the organisation's own key, nobody's; without it badges already shown could not be checked",
    "safeguarding.crisispath": "the organisation's own document, in force until a newer one; names two people by key only",
}


def is_personal(model: type[Model]) -> bool:
    return any(
        isinstance(field, EncryptedField)
        or (field.related_model is not None and field.related_model._meta.label_lower in PEOPLE)
        for field in model._meta.fields
    )


def has_end(model: type[Model], seen: frozenset[str] = frozenset()) -> bool:
    """A clock of its own, or deleted with a parent that has an end. People themselves are never deleted, so hanging
    on one ends nothing."""
    label = model._meta.label_lower
    if label in KEPT_ON_PURPOSE or label in {clock.model.lower() for clock in retention.CLOCKS}:
        return True
    parents = [
        field.related_model
        for field in model._meta.fields
        if getattr(field.remote_field, "on_delete", None) is CASCADE
        and field.related_model._meta.label_lower not in PEOPLE
    ]
    parents = [parent for parent in parents if parent._meta.label_lower not in {*seen, label}]
    return any(has_end(parent, seen | {label}) for parent in parents)


def test_everything_personal_has_an_end() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("vecu.")]
    ours = [model for model in ours if ".tests." not in model.__module__]
    endless = {model._meta.label for model in ours if is_personal(model) and not has_end(model)}
    assert not endless, f"declare a clock in tasks.py (vecu.core.retention): {sorted(endless)}"


def test_each_clock_names_a_real_column() -> None:
    for clock in retention.CLOCKS:
        apps.get_model(clock.model)._default_manager.filter(**{f"{clock.starts}__isnull": True}, **clock.only).query  # noqa: B018
