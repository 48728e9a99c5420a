"""Dated proofs: charter, confidentiality, training, insurance of a peer; convention with a site."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.peers.actions import requirements, rows
from vecu.peers.enums import ClearanceKind
from vecu.peers.models import Clearance, Peer, SiteAgreement
from vecu.people.actor import Actor
from vecu.people.models import Site
from vecu.people.policy import Can


@transaction.atomic
def record_clearance(
    peer: Peer,
    *,
    actor: Actor,
    kind: str,
    obtained_on: date,
    expires_on: date | None = None,
    exemption: str = "",
) -> Clearance:
    """Write down that one requirement is met, from a day, perhaps to a day, or that this person is exempted from it.
    Renewing adds a line. Without a last day, it holds as long as the organisation says for this kind of proof."""
    require(actor, Can.RECORD_CLEARANCE, peer)
    rows.refuse_ended(peer)
    if kind == ClearanceKind.SUPERVISION and not exemption:
        raise Refused(
            "counted", _("Presence in groups is counted from the agenda. Note it there, or choose an exemption.")
        )
    expires_on = expires_on or requirements.last_day(peer, kind, obtained_on)
    for day in filter(None, (obtained_on, expires_on)):
        rows.reasonable_day(day, _("Since"))
    same = Clearance.objects.filter(peer=peer, kind=kind, obtained_on=obtained_on, expires_on=expires_on)
    if same.exists():
        raise Refused("twice", _("This is already written down, with the same dates."))
    clearance = Clearance(
        organisation_id=peer.organisation_id,
        peer=peer,
        kind=kind,
        obtained_on=obtained_on,
        expires_on=expires_on,
        exemption=exemption,
    )
    rows.checked(clearance)
    clearance.save()
    verb = "clearance.exempt" if exemption else "clearance.record"
    journal.write(actor, verb, clearance, reason=exemption, subject=peer.person_id)
    return clearance


@transaction.atomic
def remove_clearance(clearance: Clearance, *, actor: Actor) -> None:
    """Take back a line entered by mistake; the journal keeps that it was there."""
    require(actor, Can.RECORD_CLEARANCE, clearance)
    if clearance.is_counted:
        raise Refused("counted", _("Presence in groups is counted from the agenda: correct it there."))
    journal.write(actor, "clearance.remove", clearance, subject=clearance.peer.person_id)
    clearance.delete()


@transaction.atomic
def keep_signed(peer: Peer, *, actor: Actor, kind: str, consent_id: UUID, on: date) -> Clearance:
    """The peer read and signed the words on screen: it counts from that day, with the line of the ledger as proof."""
    require(actor, Can.RECORD_CLEARANCE, peer)
    clearance = Clearance(
        organisation_id=peer.organisation_id,
        peer=peer,
        kind=kind,
        obtained_on=on,
        expires_on=requirements.last_day(peer, kind, on),
        consent_id=consent_id,
    )
    rows.checked(clearance)
    clearance.save()
    journal.write(actor, "clearance.sign", clearance, subject=peer.person_id)
    return clearance


@transaction.atomic
def end_signed(peer: Peer, *, actor: Actor, kind: str, on: date) -> None:
    """Taken back: however it was proved, it no longer counts from that day. What held before stays written."""
    require(actor, Can.RECORD_CLEARANCE, peer)
    standing = Clearance.objects.filter(peer=peer, kind=kind).in_force(on)
    standing.filter(obtained_on=on).delete()
    standing.update(expires_on=on - timedelta(days=1))
    journal.write(actor, "clearance.take_back", peer, reason=kind, subject=peer.person_id)


@transaction.atomic
def record_agreement(site: Site, *, actor: Actor, starts_on: date, ends_on: date | None = None) -> SiteAgreement:
    """Write down the convention that lets the organisation's patient partners act at a site."""
    require(actor, Can.RECORD_CLEARANCE)
    require(actor, Can.SEE_ORGANISATION, site)
    for day in filter(None, (starts_on, ends_on)):
        rows.reasonable_day(day, _("Convention"))
    if SiteAgreement.objects.filter(site=site, starts_on=starts_on, ends_on=ends_on).exists():
        raise Refused("twice", _("This is already written down, with the same dates."))
    agreement = SiteAgreement(organisation_id=site.organisation_id, site=site, starts_on=starts_on, ends_on=ends_on)
    rows.checked(agreement)
    agreement.save()
    journal.write(actor, "agreement.record", agreement)
    return agreement


@transaction.atomic
def remove_agreement(agreement: SiteAgreement, *, actor: Actor) -> None:
    """Take back a convention entered by mistake."""
    require(actor, Can.RECORD_CLEARANCE)
    require(actor, Can.SEE_ORGANISATION, agreement)
    journal.write(actor, "agreement.remove", agreement)
    agreement.delete()
