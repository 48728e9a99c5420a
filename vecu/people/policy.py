"""Who may do what, and how far: the one table.

A data-protection officer can read it. There are no stored permissions and no ranks; a right is a line here, a
scope says how far it reaches: OWN (what concerns me), ASSIGNED (what was entrusted to me), ORGANISATION (the
organisation I act for), ALL. `docs/reference/access.md` is generated from it and compared with the running site.
"""

from __future__ import annotations

from enum import StrEnum

from vecu.core.access import Scope
from vecu.people.enums import Role

OWN, ASSIGNED, ORGANISATION, ALL = Scope.OWN, Scope.ASSIGNED, Scope.ORGANISATION, Scope.ALL


class Can(StrEnum):
    # people, places, consent
    SEE_OWN_DATA = "see_own_data"
    GIVE_CONSENT = "give_consent"
    RECORD_CONSENT = "record_consent"
    SEE_PEOPLE = "see_people"
    READ_IDENTITY = "read_identity"
    EDIT_PEOPLE = "edit_people"
    SEE_ORGANISATION = "see_organisation"
    MANAGE_ORGANISATION = "manage_organisation"
    CREATE_ORGANISATION = "create_organisation"
    MANAGE_MEMBERS = "manage_members"
    READ_JOURNAL = "read_journal"
    STOP_EVERYTHING = "stop_everything"
    # patient partners
    SEE_PEERS = "see_peers"
    EDIT_PEER = "edit_peer"
    IMPORT_PEERS = "import_peers"
    RECORD_CLEARANCE = "record_clearance"
    PAUSE_PEER = "pause_peer"
    SET_LIMITS = "set_limits"
    # exchanges
    SEE_THREAD = "see_thread"
    WRITE_MESSAGE = "write_message"
    SEE_NOTICES = "see_notices"
    # safeguarding
    MANAGE_DUTY = "manage_duty"
    RAISE_ALERT = "raise_alert"
    SEE_ALERTS = "see_alerts"
    HANDLE_ALERT = "handle_alert"
    REPORT_MESSAGE = "report_message"
    HANDLE_REPORT = "handle_report"
    ASK_TO_TALK = "ask_to_talk"
    ANSWER_TALK = "answer_talk"
    # accompaniment
    ASK_FOR_PEER = "ask_for_peer"
    ENTER_REQUEST = "enter_request"
    SEE_REQUESTS = "see_requests"
    SEE_NEEDS = "see_needs"
    TRIAGE_REQUEST = "triage_request"
    PROPOSE_PEER = "propose_peer"
    PLAN_MATCHES = "plan_matches"
    ANSWER_PROPOSAL = "answer_proposal"
    SEE_PAIRS = "see_pairs"
    LOG_CONTACT = "log_contact"
    FOLLOW_PAIR = "follow_pair"
    CLOSE_PAIR = "close_pair"
    ASK_CHANGE = "ask_change"
    EVALUATE = "evaluate"
    MANAGE_PROGRAMME = "manage_programme"
    # gatherings
    SEE_GATHERINGS = "see_gatherings"
    RUN_GATHERINGS = "run_gatherings"
    JOIN_GATHERINGS = "join_gatherings"
    # hours and expenses
    SEE_HOURS = "see_hours"
    CLAIM_EXPENSES = "claim_expenses"
    KEEP_ACCOUNTS = "keep_accounts"
    DECIDE_CLAIM = "decide_claim"
    MANAGE_SCALES = "manage_scales"
    # training
    SEE_TRAINING = "see_training"
    MANAGE_TRAINING = "manage_training"
    ISSUE_ATTESTATION = "issue_attestation"
    REVOKE_ATTESTATION = "revoke_attestation"
    ASK_EQUIVALENCE = "ask_equivalence"
    DECIDE_EQUIVALENCE = "decide_equivalence"
    SEE_EXPIRIES = "see_expiries"
    # applications
    APPLY = "apply"
    SEE_APPLICATIONS = "see_applications"
    DECIDE_APPLICATION = "decide_application"
    CONFIRM_DECISION = "confirm_decision"
    HOLD_INTERVIEW = "hold_interview"
    KEEP_INTERVIEW_NOTES = "keep_interview_notes"
    MANAGE_RECRUITMENT = "manage_recruitment"
    # missions
    ASK_MISSION = "ask_mission"
    MANAGE_MISSIONS = "manage_missions"
    ANSWER_MISSION = "answer_mission"
    # figures
    SEE_FIGURES = "see_figures"
    SEE_TODAY = "see_today"


# Everyone who has signed in, whatever their roles.
SIGNED_IN: dict[Can, Scope] = {
    Can.SEE_OWN_DATA: OWN,
    Can.GIVE_CONSENT: OWN,
    Can.SEE_NOTICES: OWN,
    Can.SEE_TODAY: OWN,
    Can.SEE_GATHERINGS: OWN,
    Can.JOIN_GATHERINGS: OWN,
    Can.SEE_TRAINING: OWN,
    Can.SEE_ORGANISATION: OWN,
}

RIGHTS: dict[Role, dict[Can, Scope]] = {
    Role.PUBLIC: {
        Can.ASK_FOR_PEER: OWN,
        Can.APPLY: OWN,
        Can.ASK_MISSION: OWN,
    },
    Role.BENEFICIARY: {
        Can.ASK_FOR_PEER: OWN,
        Can.SEE_THREAD: OWN,
        Can.WRITE_MESSAGE: OWN,
        Can.REPORT_MESSAGE: OWN,
        Can.RAISE_ALERT: OWN,
        Can.SEE_PAIRS: OWN,
        Can.ASK_CHANGE: OWN,
        Can.EVALUATE: OWN,
    },
    Role.PEER: {
        Can.SEE_PEERS: OWN,
        Can.EDIT_PEER: OWN,
        Can.PAUSE_PEER: OWN,
        Can.SET_LIMITS: OWN,
        Can.SEE_THREAD: OWN,
        Can.WRITE_MESSAGE: OWN,
        Can.REPORT_MESSAGE: OWN,
        Can.RAISE_ALERT: OWN,
        Can.ASK_TO_TALK: OWN,
        Can.ANSWER_PROPOSAL: OWN,
        Can.ANSWER_MISSION: OWN,
        Can.SEE_PAIRS: OWN,
        Can.LOG_CONTACT: OWN,
        Can.EVALUATE: OWN,
        Can.ASK_EQUIVALENCE: OWN,
        Can.SEE_HOURS: OWN,
        Can.CLAIM_EXPENSES: OWN,
    },
    Role.COORDINATOR: {
        Can.RECORD_CONSENT: ORGANISATION,
        Can.SEE_PEOPLE: ORGANISATION,
        Can.READ_IDENTITY: ORGANISATION,
        Can.EDIT_PEOPLE: ORGANISATION,
        Can.SEE_ORGANISATION: ORGANISATION,
        Can.MANAGE_ORGANISATION: ORGANISATION,
        Can.MANAGE_MEMBERS: ORGANISATION,
        Can.STOP_EVERYTHING: ORGANISATION,
        Can.SEE_PEERS: ORGANISATION,
        Can.EDIT_PEER: ORGANISATION,
        Can.IMPORT_PEERS: ORGANISATION,
        Can.RECORD_CLEARANCE: ORGANISATION,
        Can.PAUSE_PEER: ORGANISATION,
        Can.MANAGE_DUTY: ORGANISATION,
        Can.RAISE_ALERT: OWN,
        Can.SEE_ALERTS: ORGANISATION,
        Can.HANDLE_ALERT: ORGANISATION,
        Can.HANDLE_REPORT: ORGANISATION,
        Can.ENTER_REQUEST: ORGANISATION,
        Can.SEE_REQUESTS: ORGANISATION,
        Can.SEE_NEEDS: ORGANISATION,
        Can.TRIAGE_REQUEST: ORGANISATION,
        Can.PROPOSE_PEER: ORGANISATION,
        Can.PLAN_MATCHES: ORGANISATION,
        Can.SEE_PAIRS: ORGANISATION,
        Can.FOLLOW_PAIR: ORGANISATION,
        Can.CLOSE_PAIR: ORGANISATION,
        Can.MANAGE_PROGRAMME: ORGANISATION,
        Can.SEE_APPLICATIONS: ORGANISATION,
        Can.DECIDE_APPLICATION: ORGANISATION,
        Can.CONFIRM_DECISION: ORGANISATION,
        Can.HOLD_INTERVIEW: ORGANISATION,
        Can.KEEP_INTERVIEW_NOTES: OWN,
        Can.MANAGE_RECRUITMENT: ORGANISATION,
        Can.ASK_MISSION: ORGANISATION,
        Can.MANAGE_MISSIONS: ORGANISATION,
        Can.SEE_GATHERINGS: ORGANISATION,
        Can.RUN_GATHERINGS: ORGANISATION,
        Can.SEE_HOURS: ORGANISATION,
        Can.DECIDE_CLAIM: ORGANISATION,
        Can.KEEP_ACCOUNTS: ORGANISATION,
        Can.MANAGE_SCALES: ORGANISATION,
        Can.SEE_TRAINING: ORGANISATION,
        Can.MANAGE_TRAINING: ORGANISATION,
        Can.ISSUE_ATTESTATION: ORGANISATION,
        Can.REVOKE_ATTESTATION: ORGANISATION,
        Can.ASK_EQUIVALENCE: ORGANISATION,
        Can.DECIDE_EQUIVALENCE: ORGANISATION,
        Can.SEE_EXPIRIES: ORGANISATION,
        Can.SEE_FIGURES: ORGANISATION,
    },
    Role.PSYCHOLOGIST: {
        Can.SEE_PEERS: ORGANISATION,
        Can.RAISE_ALERT: OWN,
        Can.SEE_ALERTS: ORGANISATION,
        Can.HANDLE_ALERT: ORGANISATION,
        Can.HANDLE_REPORT: ORGANISATION,
        Can.ANSWER_TALK: ORGANISATION,
        Can.SEE_GATHERINGS: ORGANISATION,
        Can.RUN_GATHERINGS: ORGANISATION,
        Can.SEE_PAIRS: ORGANISATION,
        # Those whom they meet; their hours and guides are theirs. Where two decide, they may be the second.
        Can.SEE_APPLICATIONS: ASSIGNED,
        Can.CONFIRM_DECISION: ASSIGNED,
        Can.HOLD_INTERVIEW: OWN,
        Can.KEEP_INTERVIEW_NOTES: OWN,
        Can.SEE_ORGANISATION: ORGANISATION,
    },
    # Courses, those who follow them and their attestations: no lived experience, no request, no pair.
    Role.TRAINER: {
        Can.SEE_ORGANISATION: ORGANISATION,
        # Trainings of the organisation, and what they lead: no supervision, no interview of others.
        Can.SEE_GATHERINGS: ASSIGNED,
        Can.RUN_GATHERINGS: ASSIGNED,
        Can.SEE_TRAINING: ORGANISATION,
        Can.MANAGE_TRAINING: ORGANISATION,
        Can.ISSUE_ATTESTATION: ORGANISATION,
        # What is missing, to open seats: counts of groups large enough, never a request.
        Can.SEE_NEEDS: ORGANISATION,
    },
    # What they follow is their own: nearly all of it belongs to whoever has signed in.
    Role.TRAINEE: {
        Can.ASK_EQUIVALENCE: OWN,
        Can.SEE_HOURS: OWN,
        Can.CLAIM_EXPENSES: OWN,
    },
    # What was accepted, with its receipts: to pay it, and to export the year. Nobody else’s name, nothing else.
    Role.TREASURER: {
        Can.KEEP_ACCOUNTS: ASSIGNED,
    },
    # Counts only: no person, no request, no pair.
    Role.HEAD_OFFICE: {
        Can.SEE_ORGANISATION: ORGANISATION,
        Can.CREATE_ORGANISATION: ORGANISATION,
        Can.SEE_FIGURES: ORGANISATION,
    },
    Role.DATA_OFFICER: {
        Can.SEE_ORGANISATION: ORGANISATION,
        Can.READ_JOURNAL: ORGANISATION,
        Can.SEE_FIGURES: ORGANISATION,
    },
    Role.SYSTEM: dict.fromkeys(Can, ALL),
}


def scope_of(roles: frozenset[Role], can: Can, *, is_signed_in: bool) -> Scope:
    """The widest reach of `can` among these roles."""
    reach = [RIGHTS[role].get(can, Scope.NONE) for role in roles]
    if is_signed_in:
        reach.append(SIGNED_IN.get(can, Scope.NONE))
    return max(reach, default=Scope.NONE)
