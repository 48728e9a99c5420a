"""The forty threats of the model: what proves that each is held, or which part of the product brings it.

`make docs` writes docs/reference/threats.md from the rows of `known`. A test looks that every test named here is there, and that no
row is without one unless what it threatens does not exist yet.
"""

from __future__ import annotations

from pathlib import Path

from tests.threats.known import THREATS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "threats.md"


def page() -> str:
    lines = [
        "<!-- Written by `make docs` from tests/threats/known.py. Do not edit. -->",
        "",
        "# Threats and what proves that they are held",
        "",
        "The forty rows of the threat model. A test looks that every test named here is there.",
        "",
        "| # | threat | proved by | still to come |",
        "|---|---|---|---|",
    ]
    for threat in THREATS:
        tests = "<br>".join(f"`{test}`" for test in threat.tests)
        lines.append(f"| {threat.number} | {threat.what} | {tests} | {threat.later} |")
    return "\n".join(lines) + "\n"
