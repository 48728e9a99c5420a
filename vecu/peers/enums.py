"""Words of the peers area."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PeerKind(TextChoices):
    """Whose experience it is: matching never mixes them (a relative talks with a relative)."""

    PATIENT = "patient", _("Patient or former patient")
    RELATIVE = "relative", _("Relative")


class Profile(TextChoices):
    """What someone is ready to give. One person may hold several; persons and profiles are counted apart."""

    COMPANION = "companion", _("Talks one to one")
    WITNESS = "witness", _("Testifies before students")
    EDUCATOR = "educator", _("Co-leads education sessions")
    STANDARDISED = "standardised", _("Plays the patient in ECOS stations")
    VOICE = "voice", _("Records their story")


class Channel(TextChoices):
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")
    WRITING = "writing", _("In writing, here")
    IN_PERSON = "in_person", _("Face to face")


class Slot(TextChoices):
    """Half-days of a usual week."""

    MON_AM = "mon_am", _("Monday morning")
    MON_PM = "mon_pm", _("Monday afternoon")
    MON_EV = "mon_ev", _("Monday evening")
    TUE_AM = "tue_am", _("Tuesday morning")
    TUE_PM = "tue_pm", _("Tuesday afternoon")
    TUE_EV = "tue_ev", _("Tuesday evening")
    WED_AM = "wed_am", _("Wednesday morning")
    WED_PM = "wed_pm", _("Wednesday afternoon")
    WED_EV = "wed_ev", _("Wednesday evening")
    THU_AM = "thu_am", _("Thursday morning")
    THU_PM = "thu_pm", _("Thursday afternoon")
    THU_EV = "thu_ev", _("Thursday evening")
    FRI_AM = "fri_am", _("Friday morning")
    FRI_PM = "fri_pm", _("Friday afternoon")
    FRI_EV = "fri_ev", _("Friday evening")
    SAT_AM = "sat_am", _("Saturday morning")
    SAT_PM = "sat_pm", _("Saturday afternoon")
    SUN_AM = "sun_am", _("Sunday morning")
    SUN_PM = "sun_pm", _("Sunday afternoon")


class Relation(TextChoices):
    """Who the relative is to the person who is ill."""

    SPOUSE = "spouse", _("Spouse or partner")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Son or daughter")
    SIBLING = "sibling", _("Brother or sister")
    FRIEND = "friend", _("Friend or neighbour")


class TermKind(TextChoices):
    ILLNESS = "illness", _("Illness")
    TREATMENT = "treatment", _("Treatment or after-effect")
    SITUATION = "situation", _("Life situation")


class ClearanceKind(TextChoices):
    """What must be in order before someone is proposed. Conventions belong to a site, see SiteAgreement."""

    INTERVIEW = "interview", _("Interview")
    CHARTER = "charter", _("Charter")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    TRAINING = "training", _("Training")
    INSURANCE = "insurance", _("Insurance")
    SUPERVISION = "supervision", _("Supervision and practice groups")


# Written down by a coordinator or signed, and asked of everyone unless an organisation says otherwise. The rest is
# asked only where an organisation says so: an interview, written down or brought by an application that was accepted;
# presence in groups, counted from the agenda.
ENTERED = (ClearanceKind.CHARTER, ClearanceKind.CONFIDENTIALITY, ClearanceKind.TRAINING, ClearanceKind.INSURANCE)


class Unit(TextChoices):
    """In what presence in groups is counted."""

    SESSIONS = "sessions", pgettext_lazy("groups", "sessions")
    HOURS = "hours", pgettext_lazy("groups", "hours")


class ExemptionReason(TextChoices):
    """Why somebody need not bring a proof that others bring. Never anything about their health."""

    ELSEWHERE = "elsewhere", _("Already in order in another structure")
    EQUIVALENT = "equivalent", _("Something equal was accepted")
    NOT_CONCERNED = "not_concerned", _("Not concerned by what they do here")


class Activity(TextChoices):
    """Kinds of activity for which limits are set apart."""

    ACCOMPANIMENT = "accompaniment", _("Talking one to one")
    TESTIMONY = "testimony", _("Testifying before students")
    OSCE = "osce", _("Playing the patient in a station")
    RECORDING = "recording", _("Recording my story")
    MEETING = "meeting", _("Committees, studies and groups")


# Limits read by whoever leads a gathering in which somebody may be asked to speak of what they lived.
READ_WHERE_ONE_SPEAKS = (Activity.TESTIMONY, Activity.MEETING)


class LoadKind(TextChoices):
    """What weighs on a peer. How much, and for how long, is data (`data/load.csv`)."""

    PAIR = "pair", _("Somebody followed")
    HARD = "hard", _("A hard contact")
    GATHERING = "gathering", _("A gathering")
    MISSION = "mission", _("A committee, a study, a meeting")
    TESTIMONY = "testimony", _("A testimony")
    STATION = "station", _("A station played")
    RECORDING = "recording", _("A recording")


class AgeClass(TextChoices):
    """Ten-year classes, coarse enough to count needs without pointing at anyone."""

    UNDER_18 = "under_18", _("under 18")
    FROM_18 = "18_29", _("18 to 29")
    FROM_30 = "30_39", _("30 to 39")
    FROM_40 = "40_59", _("40 to 59")
    FROM_60 = "60_74", _("60 to 74")
    FROM_75 = "75_more", _("75 or more")

    @classmethod
    def of(cls, birth_year: int | None, today: date, *, is_minor: bool = False) -> "AgeClass | None":
        """The class of someone born that year; without a year, only that somebody is under age is known, or nothing."""
        if birth_year is None:
            return cls.UNDER_18 if is_minor else None
        limits = ((18, cls.UNDER_18), (30, cls.FROM_18), (40, cls.FROM_30), (60, cls.FROM_40), (75, cls.FROM_60))
        return next((one for limit, one in limits if today.year - birth_year < limit), cls.FROM_75)
