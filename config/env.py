"""The one place that reads the environment.

Each variable is declared once, with its type, default and meaning; `problems` collects everything that is
missing or wrong so that a start-up says all of it in one error. `docs/reference/environment.md` is generated
from `DECLARED`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class WrongEnvironment(Exception):
    """Raised at start-up with every missing or malformed variable, one a line."""


@dataclass(frozen=True)
class Variable:
    name: str
    kind: str
    default: str | None
    meaning: str


USUAL_PORTS = {"http": 80, "https": 443}
DECLARED: dict[str, Variable] = {}
problems: list[str] = []


def _raw(name: str) -> str | None:
    """The variable itself, or the content of the file named by `<name>_FILE` (for secrets)."""
    if name in os.environ:
        return os.environ[name]
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"{name}_FILE: cannot read {path} ({error.strerror})")
        return None


def _read(name: str, kind: str, default: Any, meaning: str, parse: Callable[[str], Any]) -> Any:
    DECLARED[name] = Variable(name, kind, None if default is None else str(default), meaning)
    value = _raw(name)
    if value is None or value == "":
        return default
    try:
        return parse(value)
    except ValueError:
        problems.append(f"{name}: {value!r} is not a {kind}")
        return default


def _boolean(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(value)


def text(name: str, default: str | None, meaning: str) -> Any:
    return _read(name, "text", default, meaning, str)


def number(name: str, default: int, meaning: str) -> int:
    return int(_read(name, "whole number", default, meaning, int))


def boolean(name: str, default: bool, meaning: str) -> bool:
    return bool(_read(name, "yes or no", default, meaning, _boolean))


def words(name: str, default: str, meaning: str) -> list[str]:
    return [word for word in str(_read(name, "list, separated by commas", default, meaning, str)).split(",") if word]


def address(name: str, default: str, meaning: str) -> str:
    """Where the instance is reached, as people type it: no port when it is the usual one, no stroke at the end."""

    def parse(value: str) -> str:
        parts = urlsplit(value.strip())
        if parts.scheme not in USUAL_PORTS or not parts.hostname:
            raise ValueError(value)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        is_usual = parts.port in (None, USUAL_PORTS[parts.scheme])
        return f"{parts.scheme}://{host}{'' if is_usual else f':{parts.port}'}{parts.path.rstrip('/')}"

    return str(_read(name, "address (https://…)", default, meaning, parse))


def networks(name: str, default: str, meaning: str) -> list[IPv4Network | IPv6Network]:
    """Addresses or networks (10.0.0.0/8), separated by commas; « none » is an empty list."""

    def parse(value: str) -> list[IPv4Network | IPv6Network]:
        return [ip_network(word.strip()) for word in value.split(",") if word.strip() not in ("", "none")]

    found = _read(name, "list of addresses or networks, or none", default, meaning, parse)
    return parse(found) if isinstance(found, str) else list(found)


def required(name: str, meaning: str) -> str:
    """A variable without which the instance must not start."""
    value = _read(name, "text, required", None, meaning, str)
    if value is None:
        problems.append(f"{name} is missing: {meaning}")
        return ""
    return str(value)


def refuse_if_wrong() -> None:
    """Raise one error that names everything to mend; called at the end of a settings module."""
    if problems:
        raise WrongEnvironment("The environment is not right:\n" + "\n".join(f"  - {line}" for line in problems))
