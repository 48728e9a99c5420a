"""Words of the messaging area."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ThreadState(TextChoices):
    OPEN = "open", _("Exchange open")
    CLOSED = "closed", _("Exchange closed, can still be read")
    ERASED = "erased", _("Exchange erased")


class NoticeKind(TextChoices):
    """What a notice says once signed in. By mail all of them say the same neutral sentence."""

    MESSAGE = "message", _("A message awaits you")
    PROPOSAL = "proposal", _("Someone would like to talk with a peer: can you?")
    PROPOSAL_ANSWERED = "proposal_answered", _("A peer has answered")
    PAIR_OPENED = "pair_opened", _("Your peer is here")
    PAIR_CLOSED = "pair_closed", _("An exchange has ended")
    PAIR_STOPPED = "pair_stopped", _("An exchange has ended, and it is nobody’s fault")
    LOG_REMINDER = "log_reminder", _("How was your last talk?")
    REQUEST_RECEIVED = "request_received", _("A new request has arrived")
    EVALUATION = "evaluation", _("Three questions, if you wish")
    ALERT = "alert", _("Someone needs help now")
    TALK = "talk", _("A peer needs to talk")
    REPORT = "report", _("A message was reported")
    REPORT_ANSWERED = "report_answered", _("Your report has an answer")
    DATA_READ = "data_read", _("Someone has opened what you wrote")
    MANY_READINGS = "many_readings", _("Someone has opened many files today")
    MAIL_REFUSED = "mail_refused", _("Someone’s e-mail address no longer works")
    GATHERING = "gathering", _("You are enrolled in a gathering")
    GATHERING_PLACE = "gathering_place", _("A place is free: you are enrolled")
    GATHERING_MOVED = "gathering_moved", _("A gathering has moved: see its new date")
    GATHERING_CANCELLED = "gathering_cancelled", _("A gathering is cancelled")
    GATHERING_REMINDER = "gathering_reminder", _("A gathering is tomorrow")
    GATHERING_LEFT = "gathering_left", _("Someone can no longer come")
    ATTESTATION = "attestation", _("Your attestation is here")
    PROOF_ENDS = "proof_ends", _("Something you need here ends soon")
    PROOF_OVER = "proof_over", _("Something you need here has ended")
    EQUIVALENCE = "equivalence", _("A diploma awaits an answer")
    EQUIVALENCE_ANSWERED = "equivalence_answered", _("The diploma you sent has an answer")
    MISSION = "mission", _("Somebody would like you to come: can you?")
    MISSION_CHOSEN = "mission_chosen", _("You are expected: see the day and the place")
    MISSION_THANKED = "mission_thanked", _("Your answer has a reply: thank you")
    MISSION_RECEIVED = "mission_received", _("Peers are asked for")
    MISSION_ANSWERED = "mission_answered", _("A peer has said whether they can")
    CLAIM = "claim", _("Expenses await an answer")
    CLAIM_ANSWERED = "claim_answered", _("Your expenses have an answer")
    CLAIM_IN_DOUBT = "claim_in_doubt", _("Expenses hang on a presence that was corrected")
    TALK_ANSWERED = "talk_answered", _("Someone will call you: see when")
    CHANGE_ASKED = "change_asked", _("Someone would like another peer")
    CALL_ASKED = "call_asked", _("A call is to be set up")
    CALL_PLANNED = "call_planned", _("Your call has a day and an hour")
    APPLICATION = "application", _("Someone would like to help")
    INTERVIEW_NOTED = "interview_noted", _("An interview was noted: what do you decide?")
    INTERVIEW_HOUR = "interview_hour", _("Your interview hours have changed")
    TO_CONFIRM = "to_confirm", _("A decision awaits a second person")
    CONFIRMED = "confirmed", _("A decision is confirmed: the answer can be written")
    MISSION_LEFT = "mission_left", _("Someone you counted on can no longer come")
    PEER_LOAD = "peer_load", _("A peer is asked for more than they had said")
    PEER_RETURN = "peer_return", _("A peer would like to come back")
    RECOVERY_REFUSED = "recovery_refused", _("Someone refused that their sign-in be opened anew")
    ATTESTATION_OVER = "attestation_over", _("One of your attestations was withdrawn")
    AGREEMENT_ENDS = "agreement_ends", _("A convention ends soon, or has ended")
    THANKED = "thanked", _("A word of thanks for you")

    # No longer told: of notices that stand from before.
    INFORMATION = "information", _("Information")

    @property
    def verb(self) -> str:
        """What the button beside it opens."""
        return str(VERBS.get(self, _("Open what it is about")))


VERBS = {
    NoticeKind.MESSAGE: _("Read the message"),
    NoticeKind.PROPOSAL: _("See, and answer"),
    NoticeKind.PROPOSAL_ANSWERED: _("Open the request"),
    NoticeKind.PAIR_OPENED: _("Open our exchange"),
    NoticeKind.PAIR_CLOSED: _("Open the exchange"),
    NoticeKind.PAIR_STOPPED: _("Open the exchange"),
    NoticeKind.LOG_REMINDER: _("Log this talk"),
    NoticeKind.REQUEST_RECEIVED: _("Open the request"),
    NoticeKind.EVALUATION: _("See the questions"),
    NoticeKind.ALERT: _("Open the alert"),
    NoticeKind.TALK: _("Give a day and an hour"),
    NoticeKind.TALK_ANSWERED: _("See when"),
    NoticeKind.CHANGE_ASKED: _("Open the pair"),
    NoticeKind.CALL_ASKED: _("Open the pair"),
    NoticeKind.CALL_PLANNED: _("See when"),
    NoticeKind.APPLICATION: _("Open the application"),
    NoticeKind.INTERVIEW_NOTED: _("Open the application"),
    NoticeKind.INTERVIEW_HOUR: _("See my hours"),
    NoticeKind.TO_CONFIRM: _("Open the application"),
    NoticeKind.CONFIRMED: _("Open the application"),
    NoticeKind.MISSION_LEFT: _("Open the mission"),
    NoticeKind.PEER_LOAD: _("Open their file"),
    NoticeKind.PEER_RETURN: _("Open their file"),
    NoticeKind.AGREEMENT_ENDS: _("See what ends, and when"),
    NoticeKind.THANKED: _("Read this word"),
    NoticeKind.REPORT: _("Open the report"),
    NoticeKind.REPORT_ANSWERED: _("Read the answer"),
    NoticeKind.DATA_READ: _("See who, and why"),
    NoticeKind.MANY_READINGS: _("Look at the readings"),
    NoticeKind.MAIL_REFUSED: _("Correct the address"),
    NoticeKind.ATTESTATION: _("See my attestation"),
    NoticeKind.PROOF_ENDS: _("See what, and until when"),
    NoticeKind.PROOF_OVER: _("See what, and what to do"),
    NoticeKind.EQUIVALENCE: _("Look at it"),
    NoticeKind.EQUIVALENCE_ANSWERED: _("Read the answer"),
    NoticeKind.MISSION: _("See, and answer"),
    NoticeKind.MISSION_CHOSEN: _("See the dates and the place"),
    NoticeKind.MISSION_THANKED: _("Read the answer"),
    NoticeKind.MISSION_RECEIVED: _("Open the request"),
    NoticeKind.MISSION_ANSWERED: _("Open the request"),
    NoticeKind.CLAIM: _("Look at it"),
    NoticeKind.CLAIM_ANSWERED: _("Read the answer"),
    NoticeKind.CLAIM_IN_DOUBT: _("Look at it"),
    NoticeKind.GATHERING: _("See the dates and the place"),
    NoticeKind.GATHERING_PLACE: _("See the dates and the place"),
    NoticeKind.GATHERING_MOVED: _("See the dates and the place"),
    NoticeKind.GATHERING_CANCELLED: _("See the dates and the place"),
    NoticeKind.GATHERING_REMINDER: _("See the dates and the place"),
    NoticeKind.GATHERING_LEFT: _("See who comes"),
}


class Unwise(TextChoices):
    """What the writer is asked to look at again before sending. Seen in passing, never stored."""

    PHONE = "phone", _("A phone number")
    EMAIL = "email", _("An e-mail address")
    ADDRESS = "address", _("A postal address")
    LINK = "link", _("A link")
    MEDICINE = "medicine", _("The name of a medicine")
    DOSE = "dose", _("A dose")
    MONEY = "money", _("Money")
    ELSEWHERE = "elsewhere", _("Another way to talk, outside Vécu")
    LONG_AGO = "long_ago", _("You have not written for a while")


class WhyReported(TextChoices):
    """What a participant says of the line they report; safeguarding knows the same values."""

    HARASSMENT = "harassment", _("It is hurtful or insistent")
    SEXUAL = "sexual", _("It is sexual")
    MONEY = "money", _("It asks for money or sells something")
    MEDICAL = "medical", _("It is advice on a treatment")
    IDENTITY = "identity", _("This person is not who they say they are")
    OTHER = "other", _("Something else")
