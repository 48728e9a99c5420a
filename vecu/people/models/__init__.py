"""People, the organisations they act in, and what they agreed to."""

from vecu.people.models.accounts import (
    AwaitedAddress,
    Invitation,
    OutsideAccount,
    Recovery,
    RefusedAddress,
    Throttle,
    User,
    UserManager,
)
from vecu.people.models.consents import Consent, ConsentText
from vecu.people.models.persons import DataCopy, DataCopyPiece, ErasureRequest, Membership, Person
from vecu.people.models.places import Organisation, Site

__all__ = [
    "AwaitedAddress",
    "Consent",
    "ConsentText",
    "DataCopy",
    "DataCopyPiece",
    "ErasureRequest",
    "Invitation",
    "Membership",
    "Organisation",
    "OutsideAccount",
    "Person",
    "Recovery",
    "RefusedAddress",
    "Site",
    "Throttle",
    "User",
    "UserManager",
]
