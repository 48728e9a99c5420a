"""Compile the optional matching kernel with the system's C compiler: `python kernel/build.py`.

Nothing needs it: the plain engine is the default and gives the same matching.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent / "vecu" / "accompaniment" / "matching" / "_kernel.so"


def build(target: Path = LIBRARY) -> Path:
    """Compile matching.c into `target`; CalledProcessError or FileNotFoundError when it cannot."""
    compiler = os.environ.get("CC", "cc")
    command = [compiler, "-O3", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"]
    part = target.with_suffix(".part")  # replaced at once, so that a running process keeps its own
    subprocess.run([*command, str(part), str(HERE / "matching.c")], check=True)  # noqa: S603
    return part.replace(target)


if __name__ == "__main__":
    print(build())
