"""Words of the peers area."""

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

    CHARTER = "charter", _("Charter")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    TRAINING = "training", _("Training")
    INSURANCE = "insurance", _("Insurance")
    SUPERVISION = "supervision", _("Supervision and practice groups")


# Written down by a coordinator or signed, and asked of everyone unless an organisation says otherwise. Presence in
# groups is counted from the agenda, and asked only where an organisation says how much.
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
