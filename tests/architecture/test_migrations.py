"""Migrations say all that the models say, and an empty database is made quickly."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader

OURS = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("vecu.") and config.models)


@pytest.mark.django_db
def test_nothing_is_left_to_migrate() -> None:
    said = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


@pytest.mark.parametrize("label", [label for label in OURS if label != "sample"])
def test_models_are_made_together(label: str) -> None:
    loader = MigrationLoader(None)
    for migration in (found for (area, _name), found in loader.disk_migrations.items() if area == label):
        alone = [one for one in pairwise(migration.operations) if all(isinstance(each, CreateModel) for each in one)]
        assert not alone, f"put these into vecu.core.schema.CreateModels: {alone}"
