"""The doors of the demo: whom one may enter as, and what each one shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vecu.people.models import User


@dataclass(frozen=True)
class Door:
    email: str
    name: str
    what: str | Promise


@dataclass(frozen=True)
class Group:
    title: str | Promise
    doors: tuple[Door, ...]


GROUPS = (
    Group(
        _("Comité de Loire-Valmont"),
        (
            Door(
                "claire.morel@courrier.example",
                "Claire",
                _("coordinator: what waits this morning, requests, peers, figures"),
            ),
            Door(
                "helene.dubreuil@courrier.example", "Hélène", _("patient partner: a proposal to answer, a talk to log")
            ),
            Door(
                "marc.ollivier@courrier.example", "Marc", _("patient partner who follows as many people as he accepts")
            ),
            Door("nadia.benali@courrier.example", "Nadia", _("she asked to talk with someone who has lived it")),
            Door("jean-paul.rivet@courrier.example", "Jean-Paul", _("in touch with Hélène: his exchange")),
            Door(
                "solene.kerboul@courrier.example",
                "Solène",
                _("referring psychologist: alerts, reports, calls for help"),
            ),
            Door("agnes.tessier@courrier.example", "Agnès", _("second coordinator: confirms what Claire decided")),
            Door(
                "sabine.leroux@courrier.example", "Sabine", _("trainer: a cohort in progress, hours and attestations")
            ),
            Door("delphine.aubry@courrier.example", "Delphine", _("data-protection officer: the journal of readings")),
            Door("odile.marchand@courrier.example", "Odile", _("treasurer: expenses to pay, and the accounts")),
        ),
    ),
    Group(
        _("CHU de Valmont"),
        (Door("ines.carrel@courrier.example", "Inès", _("coordinator of the patient-education unit")),),
    ),
    Group(
        _("Hôpital de Bréhal"),
        (
            Door("youssef.hamdi@courrier.example", "Youssef", _("coordinator of a smaller hospital, alone")),
            Door("aicha.lamri@courrier.example", "Aïcha", _("patient partner")),
        ),
    ),
    Group(
        _("Réseau Valmont"),
        (Door("bertrand.lenoir@courrier.example", "Bertrand", _("head office: counts only, no name")),),
    ),
)


def doors() -> tuple[Group, ...]:
    return GROUPS


def user_of(email: str) -> User | None:
    """The account behind a door; nobody else can be entered as."""
    if email not in {door.email for group in GROUPS for door in group.doors}:
        return None
    return User.objects.filter(email=email).first()
