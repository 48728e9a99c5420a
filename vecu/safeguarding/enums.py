"""Words of the safeguarding area."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vecu.people.enums import Role

ON_DUTY_ROLES = (Role.COORDINATOR, Role.PSYCHOLOGIST)


class AlertKind(TextChoices):
    HELP_NOW = "help_now", _("Someone asks for help now")
    WORRY = "worry", _("Someone is worried about a person")
    VIOLENCE = "violence", _("Violence or a child in danger")
    MEDICAL_ADVICE = "medical_advice", _("Medical advice was given")
    BREACH = "breach", _("Confidentiality was broken")
    INTRUSIVE = "intrusive", _("Contact that intrudes")
    BEREAVEMENT = "bereavement", _("Someone has died")
    RELAPSE = "relapse", _("A peer is unwell")
    COMPLAINT = "complaint", _("A complaint")
    NO_SIGN = "no_sign", _("No sign after a visit or a call")


class AlertState(TextChoices):
    OPEN = "open", _("Nobody has taken it yet")
    TAKEN = "taken", _("In hand")
    CLOSED = "closed", pgettext_lazy("alert", "Closed")


class AlertOutcome(TextChoices):
    """Why a human closed an alert."""

    PERSON_SAFE = "person_safe", _("The person is safe and spoken to")
    EMERGENCY_CALLED = "emergency_called", _("Emergency services were called")
    HANDED_OVER = "handed_over", _("Handed over to the care team, with agreement")
    NOT_REACHED = "not_reached", _("The person could not be reached; the next step is written")
    MISTAKE = "mistake", _("Opened by mistake")
    OTHER = "other", _("Something else, written in the note")


class ReviewKind(TextChoices):
    """When an alert is looked at again, and what for."""

    DAY = "day", _("The day after")
    WEEK = "week", _("A week later")
    DEBRIEF = "debrief", _("With the peer who gave the alert")
    ALONE = "alone", _("A sealed contact opened by one person alone")


class OpeningState(TextChoices):
    """A sealed contact: asked by one, agreed by another, or opened at once by one alone."""

    ASKED = "asked", _("Waits for a second person")
    OPENED = "opened", pgettext_lazy("opening", "Opened")
    REFUSED = "refused", pgettext_lazy("opening", "Refused")


class Danger(TextChoices):
    """The first of the two questions of « Je m’inquiète »."""

    YES = "yes", _("Yes, now")
    UNSURE = "unsure", _("I do not know")
    NO = "no", _("No")


class ReportReason(TextChoices):
    HARASSMENT = "harassment", _("Hurtful or insistent")
    SEXUAL = "sexual", _("Sexual")
    MONEY = "money", _("Asks for money or sells something")
    MEDICAL = "medical", _("Advice on a treatment")
    IDENTITY = "identity", _("Pretends to be someone else")
    OTHER = "other", _("Something else")


class ReportState(TextChoices):
    RECEIVED = "received", _("Received")
    TAKEN = "taken", _("Being looked at")
    ANSWERED = "answered", _("Answered")


class ReportOutcome(TextChoices):
    REMINDER = "reminder", _("The rules were recalled to the person")
    EXCHANGE_CLOSED = "exchange_closed", _("The exchange was closed")
    MEMBER_SUSPENDED = "member_suspended", _("The person can no longer exchange here")
    NOTHING_FOUND = "nothing_found", _("Nothing against the rules was found")


class TalkState(TextChoices):
    """« J’ai besoin de parler »: a peer asks for a call back."""

    ASKED = "asked", _("Asked")
    PROMISED = "promised", _("A call is planned")
    DONE = "done", _("Talked")
    WITHDRAWN = "withdrawn", _("No longer needed")
