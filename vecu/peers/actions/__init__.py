"""The verbs of the peers area."""

from vecu.peers.actions.availability import (
    add_absence,
    come_back,
    end_pauses_over,
    is_paused,
    pause,
    remove_absence,
    set_availability,
)
from vecu.peers.actions.clearances import (
    end_signed,
    keep_signed,
    record_agreement,
    record_clearance,
    remove_agreement,
    remove_clearance,
)
from vecu.peers.actions.conventions import (
    attach_file,
    erase_conventions,
    read_file,
    record_convention,
    remove_convention,
)
from vecu.peers.actions.engagement import (
    add_new_peer,
    add_peer,
    edit_peer,
    end_engagement,
    erase_peer,
    reopen_engagement,
)
from vecu.peers.actions.experiences import remove_experience, set_experience, years_since
from vecu.peers.actions.groups import count_sessions
from vecu.peers.actions.imports import confirm_import, erase_drafts, give_up_import, purge_imports, read_import
from vecu.peers.actions.limits import limits_in_force, save_limits, version_in_force
from vecu.peers.actions.load import drop_load, note_load, pass_load
from vecu.peers.actions.places import free_place, note_pair, raise_limit, take_place
from vecu.peers.actions.recruited import note_recruited
from vecu.peers.actions.requirements import rules_of, set_requirements
from vecu.peers.actions.welcome import add_with_experience, offer_with_languages

__all__ = [
    "add_absence",
    "add_new_peer",
    "add_peer",
    "add_with_experience",
    "attach_file",
    "come_back",
    "confirm_import",
    "count_sessions",
    "drop_load",
    "edit_peer",
    "end_engagement",
    "end_pauses_over",
    "end_signed",
    "erase_conventions",
    "erase_drafts",
    "erase_peer",
    "free_place",
    "give_up_import",
    "is_paused",
    "keep_signed",
    "limits_in_force",
    "note_load",
    "note_pair",
    "note_recruited",
    "offer_with_languages",
    "pass_load",
    "pause",
    "purge_imports",
    "raise_limit",
    "read_file",
    "read_import",
    "record_agreement",
    "record_clearance",
    "record_convention",
    "remove_absence",
    "remove_agreement",
    "remove_clearance",
    "remove_convention",
    "remove_experience",
    "reopen_engagement",
    "rules_of",
    "save_limits",
    "set_availability",
    "set_experience",
    "set_requirements",
    "take_place",
    "version_in_force",
    "years_since",
]
