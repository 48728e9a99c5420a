"""The optional compiled kernel: the same cold solve, for those who built it and ask for it.

`python kernel/build.py` compiles it next to this module; `solve(..., engine="compiled")` uses it.
The plain engine stays the default and gives the same matching to the unit.
"""

from __future__ import annotations

from collections.abc import Collection
from ctypes import CDLL, c_int, c_int32, c_int64
from pathlib import Path

import numpy as np
from numpy.ctypeslib import ndpointer

from vecu.accompaniment.matching.ledger import NOBODY
from vecu.accompaniment.matching.network import Network
from vecu.accompaniment.matching.table import SCALE, CandidateTable

LIBRARY = Path(__file__).with_name("_kernel.so")
_LONGS = ndpointer(np.int64, flags="C_CONTIGUOUS")
_INTS = ndpointer(np.int32, flags="C_CONTIGUOUS")
_ARGUMENTS: list = [
    c_int32, c_int32, _LONGS, _INTS, _LONGS, _LONGS, _INTS, _LONGS, c_int64, c_int32, _INTS, _LONGS, _LONGS,
]  # fmt: skip


def is_built() -> bool:
    """Whether the compiled kernel is there."""
    return LIBRARY.exists()


def _library() -> CDLL:
    if not is_built():
        raise RuntimeError("the compiled kernel is not built: run python kernel/build.py")
    library = CDLL(str(LIBRARY))
    library.vecu_solve.argtypes = _ARGUMENTS
    library.vecu_solve.restype = c_int
    return library


def solve_cold(network: Network, out: Collection[int] = ()) -> None:
    """Like `cold.solve_cold`; RuntimeError when not built, MemoryError when it lacks memory."""
    table = network.table
    order = local_order(table, out)
    price = np.zeros(len(table.peer_ids) + 1, np.int64)
    edge = np.full(len(table.need_ids) + 1, NOBODY, np.int64)
    locked = np.array(network.locked, np.int64)
    failed = _library().vecu_solve(
        len(table.need_ids),
        len(table.peer_ids),
        np.ascontiguousarray(table.start, np.int64),
        np.ascontiguousarray(table.peer, np.int32),
        network.scaled,
        table.waiting.astype(np.int64) * SCALE,
        (table.capacity - locked).astype(np.int32),
        table.load.astype(np.int64) + locked,
        network.fair_load,
        len(order),
        order,
        price,
        edge,
    )
    if failed:
        raise MemoryError("the compiled kernel ran out of memory")
    _take_over(network, out, price, edge)


def local_order(table: CandidateTable, out: Collection[int]) -> np.ndarray:
    """The needs by their first peer, so that neighbours follow each other and stay in cache."""
    asking = np.diff(table.start) > 0
    asking[list(out)] = False
    needs = np.nonzero(asking)[0]
    return needs[np.argsort(table.peer[table.start[needs]], kind="stable")].astype(np.int32)


def _take_over(network: Network, out: Collection[int], price: np.ndarray, edge: np.ndarray) -> None:
    """Write the kernel's matching and prices into the network."""
    network.price = price[:-1].tolist()
    network.alive = [need not in out for need in range(len(network.mate))]
    matched = np.nonzero(edge[:-1] >= 0)[0]
    peers, costs = network.table.peer[edge[matched]].tolist(), network.scaled[edge[matched]].tolist()
    for need, peer, cost in zip(matched.tolist(), peers, costs, strict=True):
        network.mate[need] = peer
        network.held[need] = cost
        network.members[peer].append(need)
    for peer in range(len(network.price)):
        network.refresh(peer)
