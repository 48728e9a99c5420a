"""Structured logs that cannot say too much.

Bodies of requests are never logged. A key that may hold what somebody wrote or who they are is replaced by a
marker before rendering, wherever the log line comes from.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

SENSITIVE = frozenset(
    {
        *("body", "text", "message_text", "content", "note", "notes", "comment", "data", "post", "form", "payload"),
        *("password", "token", "code", "secret", "cookie", "cookies", "authorization", "session", "key", "email"),
        *("mail", "address", "phone", "name", "first_name", "last_name", "birth_on", "illness", "reason", "subject"),
    }
)
HIDDEN = "[hidden]"

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _request_id.get()


def set_request_id(value: str) -> None:
    _request_id.set(value)


def hide_sensitive(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of sensitive keys, at any depth."""
    return {key: HIDDEN if key.lower() in SENSITIVE else _hidden(value) for key, value in event.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: HIDDEN if str(key).lower() in SENSITIVE else _hidden(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(item) for item in value]
    return value


def add_request_id(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if current_request_id():
        event["request_id"] = current_request_id()
    return event


def brief_exception(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The class and the lines of an exception, without its message, which may quote what a person typed."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if found and found[0] is not None:
        lines = []
        trace = found[2]
        while trace is not None:
            lines.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["exception"] = found[0].__name__
        event["at"] = lines[-8:]
    return event


class HideAddresses(logging.Filter):
    """Django writes the path of a refused request; a path may be a link that opens something. Its route says enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match is not None else "an address that does not exist"
            record.args = tuple(route if str(value).startswith("/") else value for value in record.args)
        return True


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_request_id,
    brief_exception,
    hide_sensitive,
]


def configure(options: dict[str, Any] | None = None) -> None:
    """Django calls this with `settings.LOGGING`: lines for people on a terminal, JSON elsewhere."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False) if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": SHARED,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "filters": {"routes": {"()": HideAddresses}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                "vecu": {"level": "INFO"},
                "django": {"level": "INFO"},
                # "GET /…" lines carry addresses; the server in front keeps its own log.
                "django.server": {"level": "WARNING"},
                "django.db.backends": {"level": "WARNING"},
                "django.request": {"filters": ["routes"]},
                "django.security.csrf": {"filters": ["routes"]},
            },
            **(options or {}),
        }
    )
