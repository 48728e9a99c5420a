"""Words of the people area."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    NETWORK = "network", _("National network")
    REGION = "region", _("Regional office")
    COMMITTEE = "committee", _("Local committee")
    HOSPITAL = "hospital", _("Hospital")
    ASSOCIATION = "association", _("Patient association")
    FACULTY = "faculty", _("Faculty or school")
    CARERS = "carers", _("Carers’ group")


class Role(TextChoices):
    """What a person is in an organisation. PUBLIC and SYSTEM are never stored."""

    PUBLIC = "public", _("Visitor")
    BENEFICIARY = "beneficiary", _("Person who asks for a peer")
    PEER = "peer", _("Patient partner")
    COORDINATOR = "coordinator", _("Coordinator")
    PSYCHOLOGIST = "psychologist", _("Referring psychologist")
    HEAD_OFFICE = "head_office", _("Head office")
    DATA_OFFICER = "data_officer", _("Data protection officer")
    TRAINER = "trainer", _("Trainer")
    TRAINEE = "trainee", _("Person in training")
    TREASURER = "treasurer", _("Treasurer")
    SYSTEM = "system", _("Vécu itself")


STORED_ROLES = [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)]

# Those who work for the programme: they never work without a second factor.
STAFF_ROLES = frozenset(
    {
        Role.COORDINATOR,
        Role.PSYCHOLOGIST,
        Role.HEAD_OFFICE,
        Role.DATA_OFFICER,
        Role.TRAINER,
        Role.TREASURER,
    }
)


class ConsentPurpose(TextChoices):
    CONTACT = "contact", _("Being contacted and put in touch with a peer")
    KEEPING = "keeping", _("Keeping my answers while I am followed")
    EVALUATION = "evaluation", _("Being asked three questions at the end")
    PEER_FILE = "peer_file", _("Keeping my patient partner file")
    SHARED_EXPERIENCE = "shared_experience", _("Using what I lived through to propose me to someone")
    CHARTER = "charter", _("Charter of the patient partner")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality undertaking")


# What a patient partner signs before acting: the same ledger, with its exact words, version and mark.
UNDERTAKINGS = frozenset({ConsentPurpose.CHARTER, ConsentPurpose.CONFIDENTIALITY})


class ConsentChannel(TextChoices):
    ONLINE = "online", _("On screen, by the person")
    ORAL = "oral", _("Out loud, before a witness")
    PAPER = "paper", _("On paper, signed")


class StopReason(TextChoices):
    """Why everything about a person was stopped by one action."""

    DEATH = "death", _("The person has died")
    DISTRESS = "distress", _("The person is in distress")
    RELAPSE = "relapse", _("The illness is back or worse")
    OTHER = "other", _("Another reason, told by a person")


class Gender(TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Other")
