"""The verbs of the training area."""

from vecu.training.actions.attestations import find_by_code, issue_for_cohort, issue_to, renew, revoke
from vecu.training.actions.badges import export_badge, issuer_of, status_of
from vecu.training.actions.cohorts import (
    add_newcomer,
    add_trainee,
    change_standing,
    move_training,
    note_enrolled,
    open_cohort,
    receive_papers,
)
from vecu.training.actions.courses import create_course, edit_course, save_known_course
from vecu.training.actions.equivalences import ask_equivalence, decide, read_proof
from vecu.training.actions.erasing import erase_training
from vecu.training.actions.reminders import remind_of_endings, tell_of_ending
from vecu.training.actions.seats import ask_seats, keep_seats, release_seats

__all__ = [
    "add_newcomer",
    "add_trainee",
    "ask_equivalence",
    "ask_seats",
    "change_standing",
    "create_course",
    "decide",
    "edit_course",
    "erase_training",
    "export_badge",
    "find_by_code",
    "issue_for_cohort",
    "issue_to",
    "issuer_of",
    "keep_seats",
    "move_training",
    "note_enrolled",
    "open_cohort",
    "read_proof",
    "receive_papers",
    "release_seats",
    "remind_of_endings",
    "renew",
    "revoke",
    "save_known_course",
    "status_of",
    "tell_of_ending",
]
