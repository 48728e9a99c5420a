"""The verbs of the people area."""

from vecu.people.actions.addresses import note_refused_address, note_working_address
from vecu.people.actions.archives import ask_copy, drop_copy, make_copy, take_copy
from vecu.people.actions.arrivals import create_people
from vecu.people.actions.consents import (
    current_text,
    give_consent,
    has_consent,
    publish_text,
    publish_texts,
    record_consent,
    withdraw_consent,
)
from vecu.people.actions.erasing import ask_erasure, cancel_erasure, erase_person
from vecu.people.actions.invitations import (
    accept_invitation,
    find_invitation,
    has_account,
    invite,
    withdraw_invitation,
)
from vecu.people.actions.memberships import end_role, give_role, require_here
from vecu.people.actions.openings import (
    accept_instead,
    ask_opening,
    await_address,
    disown_file,
    join_file,
    knows_file,
    offer_account,
    open_offered,
    waiting_for,
)
from vecu.people.actions.organisations import (
    change_organisation,
    change_site,
    create_organisation,
    create_site,
    has_started,
    start_instance,
)
from vecu.people.actions.outside_accounts import (
    link_outside_account,
    open_with,
    unlink_outside_account,
)
from vecu.people.actions.persons import (
    Identity,
    change_identity,
    create_person,
    found_by_name,
    open_account,
    read_identity,
    set_account,
)
from vecu.people.actions.recoveries import ask_recovery, cancel_recovery, change_address
from vecu.people.actions.refusals import lift_refusal, remember_refusal, was_refused
from vecu.people.actions.stops import may_leave, resume_person, stop_person
from vecu.people.actions.suspensions import suspend_member
from vecu.people.actions.watching import watch_openings

__all__ = [
    "Identity",
    "accept_instead",
    "accept_invitation",
    "ask_copy",
    "ask_erasure",
    "ask_opening",
    "ask_recovery",
    "await_address",
    "cancel_erasure",
    "cancel_recovery",
    "change_address",
    "change_identity",
    "change_organisation",
    "change_site",
    "create_organisation",
    "create_people",
    "create_person",
    "create_site",
    "current_text",
    "disown_file",
    "drop_copy",
    "end_role",
    "erase_person",
    "find_invitation",
    "found_by_name",
    "give_consent",
    "give_role",
    "has_account",
    "has_consent",
    "has_started",
    "invite",
    "join_file",
    "knows_file",
    "lift_refusal",
    "link_outside_account",
    "make_copy",
    "may_leave",
    "note_refused_address",
    "note_working_address",
    "offer_account",
    "open_account",
    "open_offered",
    "open_with",
    "publish_text",
    "publish_texts",
    "read_identity",
    "record_consent",
    "remember_refusal",
    "require_here",
    "resume_person",
    "set_account",
    "start_instance",
    "stop_person",
    "suspend_member",
    "take_copy",
    "unlink_outside_account",
    "waiting_for",
    "was_refused",
    "watch_openings",
    "withdraw_consent",
    "withdraw_invitation",
]
