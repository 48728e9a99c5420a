"""Words of the training area."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Qualification(TextChoices):
    """What a course gives the right to do."""

    EDUCATION = "education", _("Co-leading patient education (40 hours)")
    EDUCATION_LEAD = "education_lead", _("Coordinating a patient education programme")
    PEER = "peer", _("Being a patient partner")
    LISTENING = "listening", _("Listening")
    REFRESHER = "refresher", _("Refresher")
    NONE = "none", _("None by itself")


# The one course whose length the law sets (arrêté of 2 August 2010 as amended, article 2).
LEGAL_MINUTES = {Qualification.EDUCATION: 40 * 60}


class Standing(TextChoices):
    """As what someone follows a course: each has its own paperwork, all sign the same list."""

    PATIENT = "patient", _("Patient")
    RELATIVE = "relative", _("Relative")
    PROFESSIONAL = "professional", _("Professional")


class Paper(TextChoices):
    """What the organiser must have received from a trainee; never anything about health."""

    REGISTRATION = "registration", _("Registration form, signed")
    RULES = "rules", _("House rules, signed")
    EXPENSES = "expenses", _("Bank details, for travel")
    EMPLOYER = "employer", _("Training agreement with the employer")
    MISSION = "mission", _("Mission order")
    FUNDING = "funding", _("Agreement of whoever pays")


PAPERS = {
    Standing.PATIENT: (Paper.REGISTRATION, Paper.RULES, Paper.EXPENSES),
    Standing.RELATIVE: (Paper.REGISTRATION, Paper.RULES, Paper.EXPENSES),
    Standing.PROFESSIONAL: (Paper.REGISTRATION, Paper.RULES, Paper.EMPLOYER, Paper.MISSION, Paper.FUNDING),
}


class KnownKind(TextChoices):
    UNIVERSITY = "university", _("University diploma")
    ASSOCIATION = "association", _("Association")
    HOSPITAL = "hospital", _("Hospital")
    OTHER = "other", _("Other organiser")


class AttestationState(TextChoices):
    VALID = "valid", _("Issued")
    REVOKED = "revoked", _("Withdrawn")


class RevocationReason(TextChoices):
    """Why an attestation no longer holds. Neutral: nothing of the person, and the public page shows none of it."""

    MISTAKE = "mistake", _("Issued by mistake")
    IDENTITY = "identity", _("The name or the date is wrong")
    HOURS = "hours", _("The hours are not confirmed")
    PROOF = "proof", _("The proof is no longer recognised")
    ASKED = "asked", _("Asked for by its holder")
    OTHER = "other", _("Another reason, told by a person")


class EquivalenceState(TextChoices):
    ASKED = "asked", _("To be looked at")
    ACCEPTED = "accepted", _("Recognised")
    REFUSED = "refused", _("Not accepted")
    REVOKED = "revoked", _("No longer accepted")
    DOUBLE = "double", _("Sent twice")  # from two files that are one person


class PageKind(TextChoices):
    """What one page of a module online asks of whoever follows it."""

    TEXT = "text", _("Something to read")
    SOUND = "sound", _("Something to listen to")
    QUESTION = "question", _("A question")
    REFLECTION = "reflection", _("A moment for oneself")


class Moment(TextChoices):
    """When someone looks at where they stand."""

    BEFORE = "before", _("At the beginning")
    AFTER = "after", _("At the end")


class Level(TextChoices):
    """Where someone stands on one thing, in words: never a number, never an average."""

    NOT_YET = "not_yet", _("Not yet")
    WITH_HELP = "with_help", _("With help")
    ALONE = "alone", _("On my own")
    CAN_SHOW = "can_show", _("I can show others")


class Question(TextChoices):
    """What those who followed a course are asked of it."""

    WELCOME = "welcome", _("I felt welcome, with what I lived through")
    USEFUL = "useful", _("What I learnt is useful to me")
    PACE = "pace", _("The pace and the breaks suited me")
    TOGETHER = "together", _("Patients and professionals spoke as equals")


class Agreement(TextChoices):
    YES = "yes", _("Yes, fully")
    RATHER = "rather", _("Rather yes")
    LITTLE = "little", _("Not much")
    NO = "no", _("No")
