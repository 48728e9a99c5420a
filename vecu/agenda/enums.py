"""Words of the agenda area. None of them says anything of anybody's health: they may stand in a calendar."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GatheringKind(TextChoices):
    TRAINING = "training", _("Training")
    SUPERVISION = "supervision", _("Supervision")
    PRACTICE = "practice", _("Practice analysis")
    INTERVIEW = "interview", _("Interview")
    MEETING = "meeting", _("Meeting")


class GatheringState(TextChoices):
    PLANNED = "planned", _("Planned")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Over")


class EnrolmentState(TextChoices):
    WAITING = "waiting", _("On the waiting list")
    ENROLLED = "enrolled", _("Enrolled")
    WITHDRAWN = "withdrawn", _("No longer coming")


class Presence(TextChoices):
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
    EXCUSED = "excused", _("Excused")
