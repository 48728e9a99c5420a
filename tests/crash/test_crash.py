"""The short trials; `python -m tests.crash` is the long form. security.md section 8, items 2 and 6."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench import server
from tests.crash import disks, postgres, power, trials

pytestmark = [pytest.mark.crash, pytest.mark.enable_socket]
POSTGRES = os.environ.get("VECU_PG") or os.environ.get("VECU_TEST_PG", "")
ENGINES = ["", *([POSTGRES] if POSTGRES else [])]
on_each_engine = pytest.mark.parametrize("engine", ENGINES, ids=["sqlite", "postgresql"][: len(ENGINES)])


@on_each_engine
def test_web_processes_killed_lose_and_double_nothing(engine: str) -> None:
    outcome = trials.kill_web(engine, kills=2)
    assert len(outcome.acknowledged) > 10
    assert not outcome.lost, outcome
    assert not outcome.doubled, outcome
    assert outcome.is_counted, outcome
    assert outcome.found["integrity"] == "ok"


@on_each_engine
def test_a_worker_killed_in_its_job_does_each_exactly_once(engine: str) -> None:
    outcome = trials.kill_worker(engine, kills=1)
    assert not outcome.lost, outcome
    assert not outcome.doubled, outcome
    assert outcome.is_counted, outcome
    assert outcome.kills == 1
    assert max(tries for _state, tries in outcome.found["jobs"]) > 1, "no job was in anybody's hands"


def test_every_letter_arrives_although_the_postman_is_killed() -> None:
    received, kills = trials.kill_postman("", kills=1, letters=30)
    assert len(received) == 30
    assert kills == 1
    assert sum(received.values()) - 30 <= 2 * kills


@postgres.needed
def test_a_database_server_killed_loses_and_doubles_nothing() -> None:
    outcome, answers = postgres.kill(kills=3)
    assert outcome.kills == len(postgres.WAYS)
    assert not outcome.lost, outcome
    assert not outcome.doubled, outcome
    assert outcome.is_counted, outcome
    assert answers[503], "nobody noticed"
    assert set(answers) <= {303, 503}, "an answer was neither yes nor a sentence"


def test_a_power_cut_loses_nothing_that_was_acknowledged() -> None:
    found = power.cut(cuts=25, seconds=1.5)
    assert found.acknowledged > 20
    assert found.pending > 5, "no write was on its way"
    assert (found.lost, found.doubled, found.damaged) == (0, 0, 0), found


def test_a_power_cut_is_seen_where_the_disk_is_not_waited_for() -> None:
    """Else the trial above proves nothing."""
    assert power.cut(cuts=10, seconds=1, synchronous="NORMAL").lost > 0


def test_forty_identical_forms_have_one_effect() -> None:
    """Two processes; vecu/core/tests/test_once.py tries the same on PostgreSQL."""
    statuses, found = trials.same_form_forty_times(keys=3)
    assert statuses == [303] * 120
    assert sorted(found["facts"]) == ["0", "1", "2"]
    assert found["counter"] == 3


@pytest.mark.root
@pytest.mark.parametrize("fill", [disks.sqlite, pytest.param(disks.postgresql, marks=postgres.needed)])
def test_a_full_disk_refuses_writes_with_a_sentence_keeps_reads_and_recovers(fill: disks.Trial) -> None:
    found = fill()
    assert 503 in found.refused
    assert set(found.refused) <= {303, 503}
    assert "le disque de notre machine est plein" in found.page.lower()
    assert "page0-" in found.page and "Renvoyer" in found.page, "what was typed is lost"
    assert found.reads == [200] * disks.READS
    assert found.resumed == 10
    assert len(found.found["facts"]) == found.found["counter"] == found.acknowledged
    assert found.integrity == "ok"


@pytest.mark.root
def test_an_instance_does_not_start_on_a_full_disk() -> None:
    with disks.small_disk(4) as disk, trials.instance("", disk) as env:
        disks.fill(disk / "stone")
        start = [sys.executable, "-c", "import config.wsgi"]
        done = subprocess.run(start, cwd=server.ROOT, env=env, capture_output=True, text=True)
        assert done.returncode != 0
        assert "vecu.E013" in done.stderr and "is full" in done.stderr and "Make room" in done.stderr
