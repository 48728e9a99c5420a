"""Logs cannot say too much."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
import structlog

from bench import server
from vecu.core import logs


def hidden(**event: Any) -> dict[str, Any]:
    return dict(logs.hide_sensitive(None, "info", event))


def test_sensitive_values_are_hidden_at_any_depth() -> None:
    found = hidden(
        event="x", body="lithium", Email="a@b.example", more={"token": "t", "list": [{"phone": "01"}]}, kind="k"
    )
    assert found == {
        "event": "x",
        "body": logs.HIDDEN,
        "Email": logs.HIDDEN,
        "more": {"token": logs.HIDDEN, "list": [{"phone": logs.HIDDEN}]},
        "kind": "k",
    }


@pytest.mark.parametrize("form", ["flag", "error", "tuple"])
def test_an_exception_keeps_its_class_and_lines_without_its_message(form: str) -> None:
    try:
        raise ValueError("Je suis sous lithium")
    except ValueError as error:
        given = {"flag": True, "error": error, "tuple": sys.exc_info()}[form]
        found = logs.brief_exception(None, "error", {"event": "x", "exc_info": given})
    assert found["exception"] == "ValueError"
    assert "test_logs.py" in found["at"][0]
    assert "lithium" not in str(found)
    assert logs.brief_exception(None, "error", {"event": "x", "exc_info": None}) == {"event": "x"}


def test_the_request_number_is_added() -> None:
    logs.set_request_id("abc")
    try:
        assert logs.add_request_id(None, "info", {"event": "x"})["request_id"] == "abc"
    finally:
        logs.set_request_id("")
    assert "request_id" not in logs.add_request_id(None, "info", {"event": "x"})


CODE = """
import logging
from vecu.core import logs
logs.configure({})
import structlog
structlog.get_logger("vecu.x").info("told", body="lithium", count=3)
logging.getLogger("other").warning("plain %s", "line")
try:
    raise ValueError("lithium")
except ValueError:
    logging.getLogger("django.request").exception("failed")
"""


def test_lines_are_json_where_no_terminal_reads_them() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=server.ROOT, capture_output=True, text=True, check=True)
    told, plain, failed = (json.loads(line) for line in done.stderr.splitlines())
    assert (told["event"], told["body"], told["count"]) == ("told", logs.HIDDEN, 3)
    assert (plain["event"], plain["logger"], plain["level"]) == ("plain line", "other", "warning")
    assert failed["exception"] == "ValueError"
    assert "lithium" not in done.stderr


def test_configuring_twice_is_harmless() -> None:
    before = structlog.get_config(), logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.configure()
        logs.configure()
        assert logging.getLogger("vecu").level == logging.INFO
    finally:
        structlog.configure(**before[0])
        logging.getLogger().handlers[:] = before[1]
        logging.getLogger().setLevel(before[2])


def test_a_refused_request_is_named_by_its_route(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The path itself may be a link that opens something."""
    assert client.get("/nulle-part/un-secret/").status_code == 404
    assert "un-secret" not in caplog.text
    logger = logging.getLogger("django.request")
    heard = (logger.disabled, logger.manager.disable, logger.getEffectiveLevel(), logger.propagate)
    assert "an address that does not exist" in caplog.text, heard
