"""Conventions with other structures: with whom, where, who answers for them, from when to when, and the signed paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vecu.core import journal, uploads, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.peers.actions import rows
from vecu.peers.models import Convention, SiteAgreement
from vecu.people.actor import Actor
from vecu.people.models import Membership, Organisation, Person, Site
from vecu.people.policy import Can


@transaction.atomic
def record_convention(
    organisation: Organisation,
    *,
    actor: Actor,
    partner: str,
    sites: Iterable[Site],
    starts_on: date,
    ends_on: date | None = None,
    referent: Person | None = None,
    partner_referent: str = "",
    file: IO[bytes] | None = None,
    replaces: Convention | None = None,
) -> Convention:
    """Write down a convention; at each of its sites people may act from its first day to its last. A renewal is a new
    one that `replaces` the old, which keeps its dates and its paper."""
    require(actor, Can.RECORD_CLEARANCE, organisation)
    places = _places(organisation, sites)
    for day in filter(None, (starts_on, ends_on)):
        rows.reasonable_day(day, _("Convention"))
    _refuse_stranger(organisation, referent)
    if replaces is not None:
        require(actor, Can.RECORD_CLEARANCE, replaces)
        if replaces.renewals.exists():
            raise Refused("already_renewed", _("This convention was already renewed: renew the newest one."))
    convention = Convention(
        organisation=organisation,
        vault=vault.new_key("peers.convention"),
        partner=partner.strip(),
        referent=referent,
        partner_referent=partner_referent.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        file=uploads.rewrite(file) if file is not None else None,
        replaces=replaces,
    )
    rows.checked(convention)
    convention.save(force_insert=True)
    _agree(convention, places)
    journal.write(actor, "convention.renew" if replaces else "convention.record", convention)
    return convention


@transaction.atomic
def attach_file(convention: Convention, *, actor: Actor, file: IO[bytes]) -> Convention:
    """The signed paper, recognised by its content and written anew; it takes the place of the one before."""
    require(actor, Can.RECORD_CLEARANCE, convention)
    rows.update(convention, file=uploads.rewrite(file))
    journal.write(actor, "convention.attach", convention)
    return convention


@transaction.atomic
def read_file(convention: Convention, *, actor: Actor) -> bytes:
    """The signed paper; whoever opened it is written down."""
    require(actor, Can.RECORD_CLEARANCE, convention)
    if not convention.file:
        raise Refused("no_file", _("No paper was joined to this convention yet."))
    journal.write(actor, "convention.read", convention)
    return bytes(convention.file)


@transaction.atomic
def remove_convention(convention: Convention, *, actor: Actor) -> None:
    """Take back one entered by mistake: its sites and its paper go with it."""
    require(actor, Can.RECORD_CLEARANCE, convention)
    journal.write(actor, "convention.remove", convention)
    erase_conventions(Convention.objects.filter(pk=convention.pk))


@transaction.atomic
def erase_conventions(conventions: QuerySet[Any]) -> None:
    """The key of each goes first: its paper is gone from every copy."""
    for convention in conventions.defer("file"):
        vault.destroy(convention.vault_id)
        convention.delete()


def _agree(convention: Convention, sites: list[Site]) -> None:
    """It holds at these sites. Dates written there before it had a paper become its own."""
    since, until = convention.starts_on, convention.ends_on
    for site in sites:
        bare = SiteAgreement.objects.filter(site=site, convention=None, starts_on=since, ends_on=until)
        if not bare.update(convention=convention):
            here = convention.organisation_id
            SiteAgreement.objects.create(
                organisation_id=here, convention=convention, site=site, starts_on=since, ends_on=until
            )


def _places(organisation: Organisation, sites: Iterable[Site]) -> list[Site]:
    found = list(dict.fromkeys(sites))
    if not found:
        raise Refused("no_site", _("Choose at least one site where it holds."))
    for site in found:
        rows.refuse_other_place(organisation.pk, site)
    return found


def _refuse_stranger(organisation: Organisation, referent: Person | None) -> None:
    """The referent here is somebody who has a role here today."""
    if referent is None:
        return
    if not Membership.objects.current().filter(person=referent, organisation=organisation).exists():
        raise Refused("stranger", _("The referent here must have a role in your organisation."))
