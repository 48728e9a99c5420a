"""Files of others are the ones we think they are, with their licence beside them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "vecu" / "core" / "static"
FILES = tomllib.loads((STATIC / "vendor" / "VENDOR.toml").read_text())["file"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file["path"]).name)
def test_file_is_the_one_declared(file: dict[str, str]) -> None:
    content = (ROOT / file["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert (ROOT / file["licence_file"]).stat().st_size > 200
    assert file["name"] and file["version"] and file["licence"] and file["source"].startswith("https://")


def test_nothing_is_vendored_without_being_declared() -> None:
    declared = {file["path"] for file in FILES}
    found = [*STATIC.joinpath("vendor").glob("*.js"), *STATIC.joinpath("core", "fonts").glob("*.woff2")]
    found += ROOT.joinpath("tests", "e2e", "vendor").glob("*.js")
    assert {str(path.relative_to(ROOT)) for path in found} <= declared


def test_every_listed_icon_is_in_the_sprite() -> None:
    names = (STATIC / "core" / "icons.txt").read_text().split()
    sprite = (STATIC / "core" / "icons.svg").read_text()
    assert names == sorted(set(names))
    assert sprite.count("<symbol ") == len(names)
    assert all(f'<symbol id="{name}"' in sprite for name in names)


def test_every_listed_icon_is_used() -> None:
    """The sprite is sent to everyone: no symbol in it that no page draws."""
    names = (STATIC / "core" / "icons.txt").read_text().split()
    sources = [path for kind in ("py", "html", "js") for path in (ROOT / "vecu").rglob(f"*.{kind}")]
    written = "".join(path.read_text(encoding="utf-8") for path in sources if "tests" not in path.parts)
    assert [name for name in names if not re.search(rf"""["']{name}["']""", written)] == []


def test_script_stays_small() -> None:
    assert len((STATIC / "core" / "vecu.js").read_text().splitlines()) < 150


def test_both_ways_to_dark_give_the_same_colours() -> None:
    css = (STATIC / "core" / "css" / "tokens.css").read_text()
    by_system = css.split(':root:not([data-theme="light"]) {')[1].split("}")[0].split()
    by_reader = css.split(':root[data-theme="dark"] {')[1].split("}")[0].split()
    assert by_system == by_reader
    assert len(by_system) > 40
