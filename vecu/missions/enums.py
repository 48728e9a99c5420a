"""Words of missions: what wards, faculties and researchers ask peers for. None says anything of anybody's health."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vecu.peers.enums import Activity, LoadKind, Profile


class Purpose(TextChoices):
    TEACHING = "teaching", _("Teaching")
    TESTIMONY = "testimony", _("A testimony")
    COMMITTEE = "committee", _("A committee or a working group")
    RESEARCH = "research", _("A study")


# What each purpose is for those who answer: the limits that hold, what must be in order, what it weighs.
ACTIVITY = {
    Purpose.TEACHING: Activity.TESTIMONY,
    Purpose.TESTIMONY: Activity.TESTIMONY,
    Purpose.COMMITTEE: Activity.MEETING,
    Purpose.RESEARCH: Activity.MEETING,
}
PROFILE = {
    Purpose.TEACHING: Profile.WITNESS,
    Purpose.TESTIMONY: Profile.WITNESS,
    Purpose.COMMITTEE: Profile.COMPANION,
    Purpose.RESEARCH: Profile.COMPANION,
}
WEIGHT = {
    Purpose.TEACHING: LoadKind.TESTIMONY,
    Purpose.TESTIMONY: LoadKind.TESTIMONY,
    Purpose.COMMITTEE: LoadKind.MISSION,
    Purpose.RESEARCH: LoadKind.MISSION,
}


class Pay(TextChoices):
    VOLUNTEER = "volunteer", _("Not paid, expenses are")
    PAID = "paid", _("With pay")
    UNSAID = "unsaid", _("Not said yet")


class MissionState(TextChoices):
    RECEIVED = "received", pgettext_lazy("mission", "Received")
    ASKING = "asking", pgettext_lazy("mission", "Peers are asked")
    SETTLED = "settled", pgettext_lazy("mission", "Settled")
    CLOSED = "closed", pgettext_lazy("mission", "Nobody was found")
    CANCELLED = "cancelled", pgettext_lazy("mission", "No longer needed")
    PASSED = "passed", pgettext_lazy("mission", "Its day has passed")


class AnswerState(TextChoices):
    ASKED = "asked", pgettext_lazy("answer", "Asked")
    YES = "yes", pgettext_lazy("answer", "Can come")
    NO = "no", pgettext_lazy("answer", "Not this time")
    CHOSEN = "chosen", pgettext_lazy("answer", "Chosen")
    THANKED = "thanked", pgettext_lazy("answer", "Thanked for answering")
    OVER = "over", pgettext_lazy("answer", "Ended without an answer")
    WITHDRAWN = "withdrawn", pgettext_lazy("answer", "No longer available")
