"""Words for what the matching engine says: each code becomes a sentence in the reader's language.

The engine gives codes and facts; no score, no percentage and no cost is ever shown. What was not told stays
neutral and is said as such.
"""

from vecu.accompaniment.reasons.points import Words, point_label, say, say_recruited, untold
from vecu.accompaniment.reasons.rules import rule_label, say_block, say_blocks, say_waiting, waiting_params
from vecu.accompaniment.reasons.words import label, waits_to_be_called

__all__ = [
    "Words",
    "label",
    "point_label",
    "rule_label",
    "say",
    "say_block",
    "say_blocks",
    "say_recruited",
    "say_waiting",
    "untold",
    "waiting_params",
    "waits_to_be_called",
]
