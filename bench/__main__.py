"""Every benchmark, as a table and in var/bench.json. `python -m bench [name…]` runs only those named."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

PARTS = ("matching", "pages", "live", "burst")
OUT = Path(__file__).resolve().parent.parent / "var" / "bench.json"


def machine() -> str:
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}"


def table(rows: list[dict[str, Any]]) -> str:
    lines = ["| row | value | unit | against | ratio |", "|---|---|---|---|---|"]
    for row in rows:
        value = f"{row['value']:.4g}" if isinstance(row["value"], float) else str(row["value"])
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g}"
        lines.append(f"| `{row['name']}` | {value} | {row['unit']} | {row['against']} | {ratio} |")
    return "\n".join(lines)


def main(names: list[str]) -> None:
    rows: list[dict[str, Any]] = []
    kept = json.loads(OUT.read_text(encoding="utf-8")) if names and OUT.exists() else []
    for name in names or PARTS:
        print(f"== {name}", file=sys.stderr, flush=True)
        part = importlib.import_module(f"bench.{name}")
        rows += part.rows()
    fresh = {row["name"] for row in rows}
    rows = [row for row in kept if row["name"] not in fresh] + rows
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{machine()}\n\n{table(rows)}\n\nAlso in var/bench.json.")


if __name__ == "__main__":
    main(sys.argv[1:])
