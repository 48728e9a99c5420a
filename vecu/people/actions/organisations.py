"""Organisations and their places."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import Scope, require
from vecu.core.errors import Denied, Refused
from vecu.people.actions import invitations
from vecu.people.actor import Actor, system
from vecu.people.enums import OrganisationKind, Role
from vecu.people.models import Organisation, Site
from vecu.people.policy import Can

DEEPEST = 4  # national, region, committee, branch: what `OrganisationQuerySet.within` reads
CHANGEABLE = ("name", "phone", "email", "peer_label", "peer_label_en")


@transaction.atomic
def create_organisation(
    *,
    actor: Actor,
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None = None,
    coordinator_email: str = "",
    **details: Any,
) -> Organisation:
    """A new organisation below one's own, handed over to its first coordinator by an invitation."""
    require(actor, Can.CREATE_ORGANISATION)
    if actor.scope(Can.CREATE_ORGANISATION) < Scope.ALL:
        if parent is None:
            raise Denied("an organisation at the top of the tree")
        require(actor, Can.CREATE_ORGANISATION, parent)
    if parent is not None and _depth(parent) >= DEEPEST:
        raise Refused("too_deep", _("The tree has four levels at most: choose an organisation higher up."))
    organisation = Organisation(name=name.strip(), kind=kind, parent=parent, **details)
    organisation.save(force_insert=True)
    journal.write(actor, "organisation.create", organisation)
    if coordinator_email:
        invitations.send(coordinator_email, Role.COORDINATOR, organisation, actor=actor)
    return organisation


@transaction.atomic
def change_organisation(organisation: Organisation, *, actor: Actor, **fields: Any) -> Organisation:
    """Correct what everyone sees of an organisation."""
    require(actor, Can.MANAGE_ORGANISATION, organisation)
    if unknown := set(fields) - set(CHANGEABLE):
        raise TypeError(f"change_organisation has no {unknown}")
    for name, value in fields.items():
        setattr(organisation, name, value.strip())
    organisation.save(update_fields=[*fields, "updated_at"])
    journal.write(actor, "organisation.change", organisation)
    return organisation


@transaction.atomic
def create_site(organisation: Organisation, *, actor: Actor, name: str, town: str, departement: str) -> Site:
    """A place where the organisation is present."""
    require(actor, Can.MANAGE_ORGANISATION, organisation)
    site = Site(organisation=organisation, name=name.strip(), town=town.strip(), departement=departement)
    try:
        site.full_clean(exclude=["organisation"])
    except ValidationError as error:
        raise Refused("site_incomplete", " ".join(error.messages)) from error
    site.save(force_insert=True)
    journal.write(actor, "site.create", site)
    return site


@transaction.atomic
def change_site(site: Site, *, actor: Actor, **fields: Any) -> Site:
    """Correct a place, or close it: it stays where it was used and is proposed no more."""
    require(actor, Can.MANAGE_ORGANISATION, site)
    if unknown := set(fields) - {"name", "town", "departement", "is_open"}:
        raise TypeError(f"change_site has no {unknown}")
    for name, value in fields.items():
        setattr(site, name, value.strip() if isinstance(value, str) else value)
    site.save(update_fields=[*fields, "updated_at"])
    journal.write(actor, "site.change", site)
    return site


def has_started() -> bool:
    """This instance has an organisation already."""
    return Organisation.objects.exists()


@transaction.atomic
def start_instance(*, name: str, kind: OrganisationKind, coordinator_email: str) -> str:
    """The first organisation of an instance; returns the secret of its coordinator's invitation, to be shown once."""
    if has_started():
        raise Refused("already_started", _("This instance already has an organisation."))
    organisation = create_organisation(actor=system(), name=name, kind=kind)
    _invitation, token = invitations.prepare(coordinator_email, Role.COORDINATOR, organisation, actor=system())
    return token


def _depth(organisation: Organisation) -> int:
    depth, above = 1, organisation.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth
