"""One-to-one support: programmes, requests, proposals, pairs and what follows them."""

from vecu.accompaniment.models.pairs import Contact, Evaluation, FollowUp, Pair
from vecu.accompaniment.models.programmes import Programme, WardDoor
from vecu.accompaniment.models.proposals import Plan, PlanLine, Proposal
from vecu.accompaniment.models.requests import CallAttempt, RequestDraft, SupportRequest, UnmetNeed

__all__ = [
    "CallAttempt",
    "Contact",
    "Evaluation",
    "FollowUp",
    "Pair",
    "Plan",
    "PlanLine",
    "Programme",
    "Proposal",
    "RequestDraft",
    "SupportRequest",
    "UnmetNeed",
    "WardDoor",
]
