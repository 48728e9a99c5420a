"""What was erased is remembered outside the database, whatever is killed in between, wherever it is restored."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.races import meanwhile
from vecu.core import checks, jobs, scrub, tombstones, vault
from vecu.core.tables import DataKey, Job

pytestmark = pytest.mark.django_db
MARK = "a" * 64


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"


def lines() -> list[str]:
    return tombstones.file().read_text().splitlines() if tombstones.file().exists() else []


def erased(django_capture_on_commit_callbacks: Any, execute: bool) -> DataKey:
    key = vault.new_key("note")
    with django_capture_on_commit_callbacks(execute=execute):
        vault.destroy(key.pk)
    return key


def test_it_works(django_capture_on_commit_callbacks: Any) -> None:
    key = erased(django_capture_on_commit_callbacks, execute=True)
    (line,) = lines()
    assert line.split(" ")[1] == "key" and str(key.pk) not in line
    assert tombstones.file().stat().st_mode & 0o077 == 0
    assert tombstones.apply() == 0
    key.refresh_from_db()
    DataKey.objects.filter(pk=key.pk).update(wrapped=b"x", destroyed_at=None)  # as an older copy brings it back
    assert tombstones.apply() == 1
    key.refresh_from_db()
    assert key.destroyed_at is not None


def test_an_erasure_taken_back_leaves_no_line() -> None:
    key = vault.new_key("note")
    with transaction.atomic():
        vault.destroy(key.pk)
        transaction.set_rollback(True)
    assert lines() == []


def test_killed_before_its_line_was_written(django_capture_on_commit_callbacks: Any) -> None:
    erased(django_capture_on_commit_callbacks, execute=False)
    assert lines() == []
    assert (tombstones.complete(), tombstones.complete()) == (1, 0)
    assert len(lines()) == 1


def test_a_line_cut_in_the_middle_spoils_no_other(django_capture_on_commit_callbacks: Any) -> None:
    erased(django_capture_on_commit_callbacks, execute=True)
    whole = tombstones.file().read_text()
    tombstones.file().write_text(whole[:-20])
    erased(django_capture_on_commit_callbacks, execute=True)
    assert tombstones.complete() == 1
    assert len(tombstones._read(tombstones.file())) == 2


def test_another_machine_learns_it_from_beside_the_backups(
    django_capture_on_commit_callbacks: Any, settings: Any, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    tombstones.copy_beside(backups)
    assert not backups.exists(), "nothing erased, nothing to copy"
    erased(django_capture_on_commit_callbacks, execute=True)
    tombstones.copy_beside(backups)
    erased(django_capture_on_commit_callbacks, execute=True)
    tombstones.copy_beside(backups)
    settings.VAR = tmp_path / "elsewhere"
    assert (tombstones.learn_from(backups), tombstones.learn_from(backups)) == (2, 0)
    assert len(lines()) == 2


class TestScrub:
    NOW = datetime(2026, 11, 22, 1, 7, 30, tzinfo=ZoneInfo("Europe/Paris"))

    def test_once_for_a_quarter_of_an_hour(self) -> None:
        for minutes in (0, 5, 6):
            scrub.soon(self.NOW + timedelta(minutes=minutes))
        assert [row.run_at for row in Job.objects.all()] == [self.NOW + timedelta(minutes=7, seconds=30)]
        # What is erased within the minute before a round, and may be committed after it, waits for the next one.
        scrub.soon(self.NOW + timedelta(minutes=6, seconds=40))
        assert Job.objects.count() == 2

    def test_it_is_a_job_like_another(self) -> None:
        scrub.soon()
        assert jobs.run_due(now=timezone.now() + scrub.EVERY + scrub.MARGIN) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_a_long_transaction_still_sees_is_scrubbed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup that began before the erasure keeps the rows on the disk: the job is not done."""
    keys = [vault.new_key("note").pk for _key in range(3)]
    monkeypatch.setattr(scrub, "PAUSE", 0)

    def back_up() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")

    with meanwhile(back_up):
        DataKey.objects.filter(pk__in=keys).delete()
        with pytest.raises(scrub.StillRead):
            scrub.scrub({})
    scrub.scrub({})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_role_that_does_not_own_its_database_is_told_so(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing mends it by trying again."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE vecu_guest")
        try:
            cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO vecu_guest")
            cursor.execute("SET ROLE vecu_guest")
            assert [problem.id for problem in checks.postgresql_role()] == ["vecu.E039"]
            with pytest.raises(jobs.GiveUp):
                scrub.scrub({})
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY vecu_guest")
            cursor.execute("DROP ROLE vecu_guest")
    assert "core_datakey" in caplog.text
