"""Independent answers to compare with: OR-Tools' min-cost flow, brute force, and the proof by prices."""

from __future__ import annotations

from itertools import product

import numpy as np
from ortools.graph.python import min_cost_flow

from vecu.accompaniment.matching.ledger import BEYOND, NOBODY
from vecu.accompaniment.matching.network import Network
from vecu.accompaniment.matching.table import CandidateTable


def flow_objective(table: CandidateTable, fair_load: int) -> int:
    """The optimal primary objective by min-cost flow: peers with capacity, one unit arc per place."""
    flow = min_cost_flow.SimpleMinCostFlow()
    needs, peers = len(table.need_ids), len(table.peer_ids)
    sink = needs + peers
    flow.add_arcs_with_capacity_and_unit_cost(
        table.owners(), needs + table.peer, np.ones(len(table.peer), np.int64), table.cost
    )
    everybody = np.arange(needs)
    flow.add_arcs_with_capacity_and_unit_cost(everybody, np.full(needs, sink), np.ones(needs, np.int64), table.waiting)
    for peer in range(peers):
        for k in range(1, int(table.capacity[peer]) + 1):
            price = fair_load * (int(table.load[peer]) + k)
            flow.add_arc_with_capacity_and_unit_cost(needs + peer, sink, 1, price)
    flow.set_nodes_supplies(everybody, np.ones(needs, np.int64))
    flow.set_node_supply(sink, -needs)
    assert flow.solve() == flow.OPTIMAL
    return flow.optimal_cost()


def brute_objective(table: CandidateTable, fair_load: int) -> int:
    """The optimal primary objective by trying every assignment; for a handful of needs."""
    choices = []
    for need in range(len(table.need_ids)):
        low, high = table.start[need], table.start[need + 1]
        edges = zip(table.peer[low:high].tolist(), table.cost[low:high].tolist(), strict=True)
        choices.append([(NOBODY, int(table.waiting[need])), *edges])
    best = None
    for chosen in product(*choices):
        used: dict[int, int] = {}
        total = sum(cost for _, cost in chosen)
        for peer, _ in chosen:
            if peer != NOBODY:
                used[peer] = used.get(peer, 0) + 1
                total += fair_load * (int(table.load[peer]) + used[peer])
        if all(count <= table.capacity[peer] for peer, count in used.items()):
            best = total if best is None else min(best, total)
    return best


def assert_prices_prove_it(network: Network) -> None:
    """The two rules of `network` hold everywhere, so that matching and prices are both optimal."""
    for need, alive in enumerate(network.alive):
        if not alive:
            continue
        reach = [cost + network.price[peer] for cost, peer in network.row(need)]
        assert network.value(need) == min([network.waiting[need], *reach])
    for peer, price in enumerate(network.price):
        taken = network.taken(peer)
        assert taken <= network.capacity[peer]
        last = network._slot(peer, taken) if network.members[peer] else 0
        following = network.next_slot[peer]
        assert last <= price <= following
        assert following == (BEYOND if taken == network.capacity[peer] else network._slot(peer, taken + 1))
