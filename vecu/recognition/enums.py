"""Words of hours and expenses. None of them says anything of anybody's health: accountants read them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityKind(TextChoices):
    """What was done. The first five are the kinds of gatherings, with the same values."""

    TRAINING = "training", _("Training")
    SUPERVISION = "supervision", _("Supervision")
    PRACTICE = "practice", _("Practice analysis")
    INTERVIEW = "interview", _("Interview")
    MEETING = "meeting", _("Meeting")
    CONTACT = "contact", _("Time with someone")


SUPERVISED = (ActivityKind.SUPERVISION, ActivityKind.PRACTICE)


class Status(TextChoices):
    """As what somebody was there: said of each activity, never of a person."""

    VOLUNTEER = "volunteer", _("Volunteer")
    PAID_SESSION = "paid_session", _("Paid for the session")
    EMPLOYEE = "employee", _("Employee")


class Vehicle(TextChoices):
    ANY = "any", _("Any vehicle")
    CAR_3 = "car_3", _("Car, 3 fiscal horsepower or less")
    CAR_4 = "car_4", _("Car, 4 fiscal horsepower")
    CAR_5 = "car_5", _("Car, 5 fiscal horsepower")
    CAR_6 = "car_6", _("Car, 6 fiscal horsepower")
    CAR_7 = "car_7", _("Car, 7 fiscal horsepower or more")
    MOTO_2 = "moto_2", _("Motorcycle, 1 or 2 fiscal horsepower")
    MOTO_5 = "moto_5", _("Motorcycle, 3 to 5 fiscal horsepower")
    MOTO_6 = "moto_6", _("Motorcycle, more than 5 fiscal horsepower")
    MOPED = "moped", _("Moped, 50 cm³ or less")


class ClaimState(TextChoices):
    DRAFT = "draft", _("Not sent yet")
    SENT = "sent", _("Being looked at")
    REFUSED = "refused", _("To mend")
    APPROVED = "approved", _("Accepted, to be paid")
    PAID = "paid", _("Paid")
    GIVEN = "given", _("Left as a gift")
    WITHDRAWN = "withdrawn", _("Taken back")
    CANCELLED = "cancelled", _("Cancelled after the accounts")


# In the accounts: neither changed nor erased before their time.
SETTLED = (ClaimState.PAID, ClaimState.GIVEN, ClaimState.CANCELLED)
# What whoever keeps the accounts sees.
IN_ACCOUNTS = (ClaimState.APPROVED, *SETTLED)
# No longer stands in the way of another claim for the same activity.
ENDED = (ClaimState.WITHDRAWN, ClaimState.CANCELLED)
OPEN_TO_CHANGES = (ClaimState.DRAFT, ClaimState.REFUSED)
