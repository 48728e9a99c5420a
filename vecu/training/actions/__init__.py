"""The verbs of the training area."""

from vecu.training.actions.assessments import assess, assess_self, open_moments, set_criteria
from vecu.training.actions.attestations import find_by_code, issue_for_cohort, issue_to, renew, revoke
from vecu.training.actions.badges import export_badge, issuer_of, status_of
from vecu.training.actions.cohorts import (
    add_newcomer,
    add_trainee,
    change_standing,
    note_enrolled,
    open_cohort,
    receive_papers,
)
from vecu.training.actions.courses import create_course, edit_course, save_known_course
from vecu.training.actions.engagements import ask_to_return, find_engagement, thank, what_was_given
from vecu.training.actions.equivalences import ask_equivalence, decide, read_proof
from vecu.training.actions.erasing import erase_training
from vecu.training.actions.followings import change_note, erase_note, see_page, write_note
from vecu.training.actions.joining import move_training
from vecu.training.actions.modules import PageGiven, add_page, edit_page, move_page, remove_page, set_online_minutes
from vecu.training.actions.reminders import remind_of_endings, tell_of_ending
from vecu.training.actions.reviews import (
    OPEN_FOR,
    close_review,
    erase_reviews,
    erase_words,
    is_open,
    may_close,
    read_results,
    review_course,
)
from vecu.training.actions.seats import ask_seats, keep_seats, release_seats

__all__ = [
    "OPEN_FOR",
    "PageGiven",
    "add_newcomer",
    "add_page",
    "add_trainee",
    "ask_equivalence",
    "ask_seats",
    "ask_to_return",
    "assess",
    "assess_self",
    "change_note",
    "change_standing",
    "close_review",
    "create_course",
    "decide",
    "edit_course",
    "edit_page",
    "erase_note",
    "erase_reviews",
    "erase_training",
    "erase_words",
    "export_badge",
    "find_by_code",
    "find_engagement",
    "is_open",
    "issue_for_cohort",
    "issue_to",
    "issuer_of",
    "keep_seats",
    "may_close",
    "move_page",
    "move_training",
    "note_enrolled",
    "open_cohort",
    "open_moments",
    "read_proof",
    "read_results",
    "receive_papers",
    "release_seats",
    "remind_of_endings",
    "remove_page",
    "renew",
    "review_course",
    "revoke",
    "save_known_course",
    "see_page",
    "set_criteria",
    "set_online_minutes",
    "status_of",
    "tell_of_ending",
    "thank",
    "what_was_given",
    "write_note",
]
