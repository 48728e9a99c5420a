"""Who is on duty, what to do in a crisis, and every alert, report and call for help with its owner and clock."""

from vecu.safeguarding.models.alerts import Alert, AlertClock, AlertReview
from vecu.safeguarding.models.duties import CrisisPath, DutyHours, DutyShift
from vecu.safeguarding.models.reports import Report, ReportReading
from vecu.safeguarding.models.sealed import SealedContact, SealedOpening
from vecu.safeguarding.models.talks import TalkRequest

__all__ = [
    "Alert",
    "AlertClock",
    "AlertReview",
    "CrisisPath",
    "DutyHours",
    "DutyShift",
    "Report",
    "ReportReading",
    "SealedContact",
    "SealedOpening",
    "TalkRequest",
]
