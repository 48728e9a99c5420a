"""Words of recruiting: from « I would like to help » to a letter in hand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vecu.peers.enums import Profile

# Said to someone who has never heard of any of this.
PROFILE_WORDS = {
    Profile.COMPANION: _("Listen to someone who goes through what you went through, one to one."),
    Profile.WITNESS: _("Tell students in health what you lived through, for twenty minutes, never alone."),
    Profile.EDUCATOR: _("Prepare and lead sessions for patients, together with carers."),
    Profile.STANDARDISED: _("Play a patient, so that students learn to announce and to listen."),
    Profile.VOICE: _("Record your story, cut it and keep it yours: you may withdraw it at any time."),
}


class ApplicationState(TextChoices):
    """`decided` means that the answer is known and its letter not yet sent: nobody ends without one."""

    RECEIVED = "received", pgettext_lazy("application", "Received")
    TO_MEET = "to_meet", _("To meet")
    INTERVIEWED = "interviewed", _("Met, to be decided")
    DECIDED = "decided", _("Decided, letter to send")
    ACCEPTED = "accepted", pgettext_lazy("application", "Accepted")
    DEFERRED = "deferred", _("Later, a day to talk again")
    REDIRECTED = "redirected", _("Directed to another role")
    DECLINED = "declined", _("Not retained")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")

    @classmethod
    def standing(cls) -> tuple["ApplicationState", ...]:
        """An answer is owed."""
        return (cls.RECEIVED, cls.TO_MEET, cls.INTERVIEWED, cls.DECIDED)

    @classmethod
    def ended(cls) -> tuple["ApplicationState", ...]:
        return (cls.ACCEPTED, cls.REDIRECTED, cls.DECLINED, cls.WITHDRAWN)


class Outcome(TextChoices):
    """What is answered. Each has its letter."""

    ACCEPTED = "accepted", _("Yes: training and charter come next")
    DEFERRED = "deferred", _("Later: we talk again on a day")
    REDIRECTED = "redirected", _("Another role would suit better")
    DECLINED = "declined", _("Not retained")


class Reason(TextChoices):
    """Why, in words that judge nobody and say nothing of health."""

    HINDSIGHT = "hindsight", _("More time is needed since what was lived")
    CONDITION = "condition", _("A condition of this role is not met yet")
    AVAILABILITY = "availability", _("Times or places do not match what is needed")
    CONFLICT = "conflict", _("A link of interest with the place")
    OTHER_ROLE = "other_role", _("Another role suits better what they wish")
    ENOUGH = "enough", _("Enough people for this role at the moment")
    NOT_NOW = "not_now", _("Not the right moment")
    OWN_CHOICE = "own_choice", _("Their own choice")


class Hindsight(TextChoices):
    """How long since the end of treatment, or since the illness is stable; said by the person, in classes."""

    UNDER_6_MONTHS = "under_6_months", _("Less than 6 months")
    MONTHS_6_12 = "months_6_12", _("6 to 12 months")
    YEARS_1_2 = "years_1_2", _("1 to 2 years")
    YEARS_2_5 = "years_2_5", _("2 to 5 years")
    OVER_5_YEARS = "over_5_years", _("More than 5 years")


class ConditionKind(TextChoices):
    """What a role asks for. None refuses by itself: a person looks at each application."""

    ADULT = "adult", _("To be 18 or over")
    HINDSIGHT = "hindsight", _("Enough time since what was lived")
    MEMBERSHIP = "membership", _("To belong to the association, or accept to join it")
    AVAILABILITY = "availability", _("To be free at least half a day a month")
    NO_CONFLICT = "no_conflict", _("No work in the unit, no tie with a firm")
    CHARTER = "charter", _("To accept the charter")


class InterviewOutcome(TextChoices):
    """A code and a date: all that others see of a psychologist's interview."""

    FAVOURABLE = "favourable", _("Favourable")
    AGAIN = "again", _("To be seen again")
    NOT_NOW = "not_now", _("Not now")


class MeetingWay(TextChoices):
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")
    IN_PERSON = "in_person", _("Face to face")


class CampaignState(TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "Being prepared")
    OPEN = "open", pgettext_lazy("campaign", "Open")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")


class LetterWay(TextChoices):
    """How a letter leaves: on the page of the application, announced by mail; or told and posted by a person."""

    MAIL = "mail", _("Announced by e-mail, read on the page of the application")
    BY_HAND = "by_hand", _("Printed and posted, or read on the phone")
