"""Threat 34: whoever mends the software gets the shape of the data and nobody in it."""

from __future__ import annotations

import re
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connections, models

from tests.access.world import World
from vecu.core.checks import Database
from vecu.core.crypto import EncryptedTextField
from vecu.core.tables import JournalEntry
from vecu.portal.management.commands.masked_dump import RULES

pytestmark = pytest.mark.django_db
SHORTEST = 5  # shorter words are in any file
A_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # of a row: says how things hang together


def known_strings() -> set[str]:
    """Every text that somebody typed or that opens something: columns that are not said to be kept, and sealed texts."""
    found: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in {"auth", "contenttypes"} or model._meta.label == "core.DataKey":
            continue
        fields = [field for field in model._meta.concrete_fields if is_text(model, field)]
        for row in model._base_manager.all() if fields else ():
            found |= {str(getattr(row, field.attname) or "") for field in fields}
    return {text for text in found - words_of_code() if len(text) >= SHORTEST and not A_KEY.fullmatch(text)}


def words_of_code() -> set[str]:
    """Choices, defaults and names of tables and columns: in any copy, since they are in the software."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    found = {str(value) for field in fields for value, _label in field.flatchoices}
    found |= {str(field.default) for field in fields if field.has_default()}
    found |= {str(field.column) for field in fields}
    found |= set(JournalEntry.objects.values_list("verb", flat=True))
    return found | {model._meta.label_lower for model in apps.get_models()}


def is_text(model: type[models.Model], field: models.Field[Any, Any]) -> bool:
    if isinstance(field, EncryptedTextField):
        return True
    kinds = (models.CharField, models.TextField, models.GenericIPAddressField)
    return isinstance(field, kinds) and not field.choices and f"{model._meta.label}.{field.attname}" not in RULES.kept


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    call_command("masked_dump", str(tmp_path / "copy"), verbosity=0)
    return tmp_path / "copy" / "vecu.sqlite3"


def test_it_holds_no_known_string_and_the_whole_shape(copy: Path, world: World) -> None:
    known = known_strings()
    assert {world.here.person.family_name, world.here.coordinator.user.email, world.here["invitation"].email} <= known
    data = copy.read_bytes()
    assert not {text for text in known if text.encode() in data or text.encode("utf-16-le") in data}
    with closing(Database.connect(str(copy))) as opened:
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for model in apps.get_models():
            if model._meta.app_label in {"auth", "contenttypes", "sample"}:
                continue
            (count,) = opened.execute(f"SELECT count(*) FROM {model._meta.db_table}").fetchone()  # noqa: S608
            expected = 0 if model._meta.label in RULES.emptied else model._base_manager.count()
            assert count == expected, model._meta.label
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "masked" not in connections.databases


def test_never_over_something_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "vecu.sqlite3").write_text("somebody's")
    with pytest.raises(CommandError, match="is there already"):
        call_command("masked_dump", str(tmp_path))
    assert (tmp_path / "vecu.sqlite3").read_text() == "somebody's"


def test_each_rule_names_something_that_is() -> None:
    for name in RULES.kept | RULES.blanked:
        label, column = name.rsplit(".", 1)
        assert column in {field.attname for field in apps.get_model(label)._meta.concrete_fields}
    for label in RULES.emptied:
        assert apps.get_model(label)
