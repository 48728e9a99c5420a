"""What the pages of matching and of pairs show: rows put into words once, in a fixed number of queries."""

from vecu.accompaniment.context.board import (
    BoardPage,
    PeerColumn,
    board_page,
    columns,
    peer_names,
)
from vecu.accompaniment.context.needs import say_group, unmet_needs
from vecu.accompaniment.context.pairs import (
    LIST_COLUMNS,
    evaluation_rows,
    pair_names,
    pair_rows,
    proposal_card,
)
from vecu.accompaniment.context.plans import plan_rows
from vecu.accompaniment.context.waiting import queue, what_is_lived, who

__all__ = [
    "LIST_COLUMNS",
    "BoardPage",
    "PeerColumn",
    "board_page",
    "columns",
    "evaluation_rows",
    "pair_names",
    "pair_rows",
    "peer_names",
    "plan_rows",
    "proposal_card",
    "queue",
    "say_group",
    "unmet_needs",
    "what_is_lived",
    "who",
]
