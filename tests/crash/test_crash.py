"""The short trials; `python -m tests.crash` is the long form. security.md section 8, items 2 and 6."""

from __future__ import annotations

import os

import pytest

from tests.crash import trials

pytestmark = [pytest.mark.crash, pytest.mark.enable_socket]
POSTGRES = os.environ.get("VECU_PG") or os.environ.get("VECU_TEST_PG", "")
ENGINES = ["", *([POSTGRES] if POSTGRES else [])]
on_each_engine = pytest.mark.parametrize("postgres", ENGINES, ids=["sqlite", "postgresql"][: len(ENGINES)])


@on_each_engine
def test_web_processes_killed_lose_and_double_nothing(postgres: str) -> None:
    outcome = trials.kill_web(postgres, kills=3)
    assert len(outcome.acknowledged) > 10
    assert not outcome.lost, outcome
    assert not outcome.doubled, outcome
    assert outcome.is_counted, outcome
    assert outcome.found["integrity"] == "ok"


@on_each_engine
def test_a_worker_killed_in_its_job_does_each_exactly_once(postgres: str) -> None:
    outcome = trials.kill_worker(postgres, kills=3)
    assert not outcome.lost, outcome
    assert not outcome.doubled, outcome
    assert outcome.is_counted, outcome
    assert outcome.kills == 3
    assert max(tries for _state, tries in outcome.found["jobs"]) > 1, "no job was in anybody's hands"


def test_every_letter_arrives_although_the_postman_is_killed() -> None:
    received, kills = trials.kill_postman("", kills=2)
    assert len(received) == 60
    assert kills == 2
    assert sum(received.values()) - 60 <= 2 * kills


@on_each_engine
def test_forty_identical_forms_have_one_effect(postgres: str) -> None:
    statuses, found = trials.same_form_forty_times(postgres)
    assert statuses == [303] * 200
    assert sorted(found["facts"]) == ["0", "1", "2", "3", "4"]
    assert found["counter"] == 5


@pytest.mark.root
def test_a_full_disk_refuses_writes_keeps_reads_and_recovers() -> None:
    outcome = trials.full_disk()
    assert 500 in outcome.refused
    assert outcome.reads == [200] * 10
    assert outcome.resumed == 10
    assert len(outcome.found["facts"]) == outcome.found["counter"] == outcome.acknowledged
    assert outcome.integrity == "ok"
