"""The verbs of hours and expenses."""

from vecu.recognition.actions.activities import declare_time, move_activities, note_activity, set_status
from vecu.recognition.actions.claims import (
    add_receipt,
    edit_claim,
    read_receipt,
    remove_receipt,
    send_claim,
    start_claim,
    withdraw_claim,
)
from vecu.recognition.actions.decisions import approve, cancel, pay, refuse
from vecu.recognition.actions.erasing import erase_claims, erase_recognition
from vecu.recognition.actions.scales import add_scale, export_accounts, remove_scale, take_official_scale

__all__ = [
    "add_receipt",
    "add_scale",
    "approve",
    "cancel",
    "declare_time",
    "edit_claim",
    "erase_claims",
    "erase_recognition",
    "export_accounts",
    "move_activities",
    "note_activity",
    "pay",
    "read_receipt",
    "refuse",
    "remove_receipt",
    "remove_scale",
    "send_claim",
    "set_status",
    "start_claim",
    "take_official_scale",
    "withdraw_claim",
]
