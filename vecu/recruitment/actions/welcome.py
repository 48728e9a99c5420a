"""What a retained application says, as the areas below want it: a person, and a patient partner's file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from vecu.peers import languages
from vecu.peers.enums import PeerKind
from vecu.people.models import Organisation
from vecu.recruitment.enums import InterviewOutcome
from vecu.recruitment.models import Application, Campaign, Interview


@dataclass(frozen=True)
class Welcome:
    """Identity, offer and experience, opened for the moment in which the file is made."""

    organisation: Organisation
    email: str
    has_shared_mailbox: bool
    language: str
    person: dict[str, Any]
    peer: dict[str, Any]
    lived: list[str] = field(default_factory=list)
    campaign: Campaign | None = None
    met_on: date | None = None


def welcome_of(application_id: UUID) -> Welcome:
    """Everything told that serves from now on; nothing of what was written for the interview."""
    found = Application.objects.select_related("organisation", "campaign").get(pk=application_id)
    you, lived, offer, contact = (found.told(step) for step in ("you", "lived", "offer", "contact"))
    departement, spoken = offer.get("departement", ""), offer.get("language") or languages.USUAL
    return Welcome(
        organisation=found.organisation,
        email=contact.get("email", ""),
        has_shared_mailbox=bool(contact.get("has_shared_mailbox")),
        language=found.language,
        person={
            "given_name": contact["given_name"],
            "family_name": contact.get("family_name", ""),
            "email": contact.get("email", ""),
            "phone": contact.get("phone", ""),
            "departement": departement,
            "birth_year": contact.get("birth_year"),
            "languages": list(dict.fromkeys([languages.USUAL, spoken])),
        },
        peer={
            "kind": you.get("kind", PeerKind.PATIENT),
            "relation": you.get("relation", ""),
            "profiles": [found.profile],
            "channels": offer.get("channels", []),
            "slots": offer.get("slots", []),
            "territories": [departement] if departement else [],
        },
        lived=lived.get("conditions", []),
        campaign=found.campaign,
        met_on=_met_on(application_id),
    )


def _met_on(application_id: UUID) -> date | None:
    """The day of the last interview which said yes."""
    said_yes = Interview.objects.filter(application=application_id, outcome=InterviewOutcome.FAVOURABLE)
    return said_yes.order_by("-held_on").values_list("held_on", flat=True).first()
