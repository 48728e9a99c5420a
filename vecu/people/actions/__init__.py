"""The verbs of the people area."""

from vecu.people.actions.addresses import note_refused_address, note_working_address
from vecu.people.actions.archives import export_data
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
from vecu.people.actions.memberships import end_role, give_role
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
from vecu.people.actions.stops import may_leave, resume_person, stop_person
from vecu.people.actions.suspensions import suspend_member
from vecu.people.actions.watching import watch_openings

__all__ = [
    "Identity",
    "accept_invitation",
    "ask_erasure",
    "cancel_erasure",
    "change_identity",
    "change_organisation",
    "change_site",
    "create_organisation",
    "create_people",
    "create_person",
    "create_site",
    "current_text",
    "end_role",
    "erase_person",
    "export_data",
    "find_invitation",
    "found_by_name",
    "give_consent",
    "give_role",
    "has_account",
    "has_consent",
    "has_started",
    "invite",
    "link_outside_account",
    "may_leave",
    "note_refused_address",
    "note_working_address",
    "open_account",
    "open_with",
    "publish_text",
    "publish_texts",
    "read_identity",
    "record_consent",
    "resume_person",
    "set_account",
    "start_instance",
    "stop_person",
    "suspend_member",
    "unlink_outside_account",
    "watch_openings",
    "withdraw_consent",
    "withdraw_invitation",
]
