"""The verbs of the agenda area."""

from vecu.agenda.actions.attendance import record_list, record_presence, sign_presence
from vecu.agenda.actions.calendars import make_address, note_read, remove_address
from vecu.agenda.actions.enrolments import enrol, keep_for, keep_places, move_enrolments, withdraw, withdraw_everywhere
from vecu.agenda.actions.gatherings import cancel_gathering, edit_gathering, hold_gatherings_over, plan_gathering
from vecu.agenda.actions.half_days import add_half_day, move_half_day, remind_of, remove_half_day

__all__ = [
    "add_half_day",
    "cancel_gathering",
    "edit_gathering",
    "enrol",
    "hold_gatherings_over",
    "keep_for",
    "keep_places",
    "make_address",
    "move_enrolments",
    "move_half_day",
    "note_read",
    "plan_gathering",
    "record_list",
    "record_presence",
    "remind_of",
    "remove_address",
    "remove_half_day",
    "sign_presence",
    "withdraw",
    "withdraw_everywhere",
]
