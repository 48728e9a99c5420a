"""The optional compiled kernel: the same cold solve, for those who built it and ask for it.

`python kernel/build.py` compiles it next to this module; `solve(..., engine="compiled")` uses it.
The plain engine stays the default and gives the same matching to the unit.
"""

from __future__ import annotations

from collections.abc import Collection

from vecu.accompaniment.matching.network import Network


def solve_cold(network: Network, out: Collection[int] = ()) -> None:
    """Like `cold.solve_cold`; RuntimeError when the kernel was not built."""
    raise RuntimeError("the compiled kernel is not built: run python kernel/build.py")
