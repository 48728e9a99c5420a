"""Matching: who could accompany whom, the best assignment, and the words for it.

Pure Python and NumPy: no Django, no database. Ten lines of use::

    from vecu.accompaniment import matching as m

    lived = (m.Experience("ms", "illness", 2015), m.Experience("work", "situation"))
    helene = m.PeerOffer("helene", capacity=2, load=1, experiences=lived)
    nadia = m.Need("nadia", conditions=frozenset({"ms"}), concerns=frozenset({"work"}))
    listed = m.shortlist(nadia, [helene, marc])          # .best: three Explanations
    for reason in listed.best[0].reasons:
        print(reason.point, reason.verdict, reason.code, reason.params)
    plan = m.Assignment([nadia, lucas], [helene, marc])  # optimal, and stays so
    plan.lock("nadia", "helene")                         # -> what moved
    plan.peer_of("lucas") or plan.why_waiting("lucas")   # a peer id, or Waiting(code, params)
"""

from vecu.accompaniment.matching.crowd import Crowd
from vecu.accompaniment.matching.explain import Explanation, PeerPrice, Reason, Waiting, explain
from vecu.accompaniment.matching.instance import Experience, Need, PeerOffer, Reference
from vecu.accompaniment.matching.rules import HARD_RULES, Block, blocks
from vecu.accompaniment.matching.shortlist import (
    Shortlist,
    shortlist,
)
from vecu.accompaniment.matching.solver import Assignment, Moved, Solution, solve
from vecu.accompaniment.matching.table import CandidateTable, Row
from vecu.accompaniment.matching.weights import POINTS, Settings, Weights

__all__ = [
    "HARD_RULES",
    "POINTS",
    "Assignment",
    "Block",
    "CandidateTable",
    "Crowd",
    "Experience",
    "Explanation",
    "Moved",
    "Need",
    "PeerOffer",
    "PeerPrice",
    "Reason",
    "Reference",
    "Row",
    "Settings",
    "Shortlist",
    "Solution",
    "Waiting",
    "Weights",
    "blocks",
    "explain",
    "shortlist",
    "solve",
]
