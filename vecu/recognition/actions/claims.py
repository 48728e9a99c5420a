"""Asking for one's expenses, from the activity itself: kilometres, tolls, tickets, receipts; paid back, or left as a
gift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, moments, uploads, vault
from vecu.core.access import require
from vecu.core.errors import SHORTEST_REASON, Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.recognition import money, terms
from vecu.recognition.actions import rows
from vecu.recognition.enums import ClaimState, Vehicle
from vecu.recognition.events import ClaimSent, ClaimWithdrawn
from vecu.recognition.models import Activity, Claim, Rate, Receipt, Scale
from vecu.recognition.workflows import CLAIM

FURTHEST = 2000  # kilometres, there and back
DEAREST = 5_000_00
MOST_RECEIPTS = 12
TOLD = ("journey", "km", "vehicle", "scale", "mileage_cents", "tolls_cents", "tickets_cents", "other_cents")


@dataclass(frozen=True)
class Costs:
    """What somebody spent, as they say it: money in cents."""

    km: int = 0
    vehicle: str = ""
    journey: str = ""
    tolls_cents: int = 0
    tickets_cents: int = 0
    other_cents: int = 0


@transaction.atomic
def start_claim(activity: Activity, *, actor: Actor, costs: Costs, receipts: Sequence[IO[bytes]] = ()) -> Claim:
    """A claim for one activity of one's own, not sent yet. One at a time: the same journey is never paid twice."""
    require(actor, Can.CLAIM_EXPENSES, activity)
    rows.require_own(actor, activity.person_id)
    rows.refuse_missed(activity)
    _refuse_second(activity)
    claim = Claim(
        organisation_id=activity.organisation_id,
        person_id=activity.person_id,
        activity=activity,
        vault=vault.new_key("recognition.claim"),
        kind=activity.kind,
        happened_on=activity.happened_on,
    )
    _tell(claim, costs)
    rows.checked(claim)
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        raise _second() from error
    journal.write(actor, "claim.start", claim, subject=claim.person_id)
    _keep(claim, receipts)
    return claim


@transaction.atomic
def edit_claim(claim: Claim, *, actor: Actor, costs: Costs, receipts: Sequence[IO[bytes]] = ()) -> Claim:
    """Changed by its author as long as it is not sent, or once it was sent back to be mended."""
    held = _own(claim, actor)
    _tell(held, costs)
    rows.checked(held)
    held.save(update_fields=[*TOLD, "total_cents", "updated_at"])
    _keep(held, receipts)
    journal.write(actor, "claim.edit", held, subject=held.person_id)
    return held


@transaction.atomic
def add_receipt(claim: Claim, *, actor: Actor, file: IO[bytes]) -> Receipt:
    """A photo or a PDF, recognised by its content, written anew without what it says of its author, and sealed."""
    [receipt] = _keep(_own(claim, actor), [file])
    return receipt


@transaction.atomic
def remove_receipt(receipt: Receipt, *, actor: Actor) -> None:
    """Taken out by whoever added it, before it is sent."""
    _own(receipt.claim, actor)
    receipt.delete()


@transaction.atomic
def read_receipt(receipt: Receipt, *, actor: Actor, reason: str = "") -> bytes:
    """The file, for its author, or for whoever decides or keeps the accounts; its author sees who opened it. Once they
    are erased it is kept for whoever checks the accounts: it is opened for a check, which the journal names."""
    is_own = receipt.claim.person_id == actor.person_id
    require(actor, Can.CLAIM_EXPENSES if is_own else Can.KEEP_ACCOUNTS, receipt)
    if receipt.claim.person.erased_at is not None and len(reason.strip()) < SHORTEST_REASON:
        raise Refused(
            "no_reason",
            _("This person asked to be erased. Say for which check of the accounts you open it: the journal keeps it."),
        )
    if not is_own:
        journal.read(actor, "receipt.read", receipt, subject=receipt.claim.person_id, reason=reason.strip())
    return bytes(receipt.file)


@transaction.atomic
def send_claim(
    claim: Claim, *, actor: Actor, is_gift: bool = False, has_waived: bool = False, now: datetime | None = None
) -> Claim:
    """Sent to whoever decides, reckoned by the scale in force on the day of the activity. What is not kilometres is
    proved by a receipt. Left as a gift, the exact declaration is read and ticked, and kept as it was read."""
    held = _own(claim, actor)
    rows.refuse_missed(held.activity)
    _tell(held, costs_of(held))
    _refuse_unproved(held)
    person = Person.objects.get(pk=held.person_id)
    name = f"{person.given_name} {person.family_name}".strip()
    if is_gift:
        refuse_gift(held)
        if not has_waived:
            raise Refused("not_declared", _("Read the declaration, then tick it: without it there is no gift."))
    reckoned = {field: getattr(held, field) for field in ("scale", "mileage_cents", "total_cents")}
    CLAIM.apply(
        held,
        "send",
        actor=actor,
        **reckoned,
        number=held.number or rows.take_number(held.organisation_id),
        claimant=name,
        is_gift=is_gift,
        waiver=terms.waiver_of(name) if is_gift else "",
        sent_at=now or timezone.now(),
        decided_at=None,
        decided_by=None,
    )
    publish(ClaimSent(held.pk, held.person_id, held.organisation_id))
    return held


@transaction.atomic
def withdraw_claim(claim: Claim, *, actor: Actor) -> Claim:
    """Taken back by its author until it is accepted: from then on the money may have left, and only whoever decides
    cancels it. What was paid stays written in the accounts."""
    require(actor, Can.CLAIM_EXPENSES, claim)
    rows.require_own(actor, claim.person_id)
    held = rows.locked(claim)
    if held.state == ClaimState.APPROVED:
        raise Refused(
            "accepted",
            _("This claim is accepted: the money may have left already. Call your coordinator, who can cancel it."),
        )
    if held.state in (ClaimState.PAID, ClaimState.GIVEN):
        raise Refused(
            "in_the_accounts",
            _(
                "This claim is already in the accounts: it can no longer be taken back. Call your coordinator, who can cancel it."
            ),
        )
    CLAIM.apply(held, "withdraw", actor=actor)
    publish(ClaimWithdrawn(held.pk, held.person_id, held.organisation_id))
    return held


def costs_of(claim: Claim) -> Costs:
    """What was told, to be reckoned or typed again."""
    return Costs(claim.km, claim.vehicle, str(claim.journey), claim.tolls_cents, claim.tickets_cents, claim.other_cents)


def refuse_gift(claim: Claim) -> None:
    """A gift needs an organisation that takes them, and a volunteer."""
    scale = Scale.objects.in_force(claim.organisation_id, claim.happened_on).first()
    if scale is None or not scale.accepts_gifts:
        raise Refused("no_gifts", _("Your organisation takes no gift of expenses. Ask to be paid back instead."))
    if not rows.is_volunteered(claim):
        raise Refused("not_volunteer", _("Only what you do as a volunteer can be left as a gift."))


def _own(claim: Claim, actor: Actor) -> Claim:
    """One's own, held, and still open to changes."""
    require(actor, Can.CLAIM_EXPENSES, claim)
    rows.require_own(actor, claim.person_id)
    held = rows.locked(claim)
    rows.refuse_fixed(held)
    return held


def _tell(claim: Claim, costs: Costs) -> None:
    """What was spent, with the kilometres reckoned by the scale of that day."""
    _refuse_strange(costs)
    claim.km, claim.journey = costs.km, costs.journey.strip()
    claim.tolls_cents, claim.tickets_cents = costs.tolls_cents, costs.tickets_cents
    claim.other_cents = costs.other_cents
    claim.vehicle, claim.scale, claim.mileage_cents = "", None, 0
    if costs.km:
        _reckon(claim, costs.vehicle)
    claim.total_cents = claim.mileage_cents + claim.tolls_cents + claim.tickets_cents + claim.other_cents


def _reckon(claim: Claim, vehicle: str) -> None:
    if not claim.journey:
        raise Refused("no_journey", _("Say from where to where you drove: the accounts need it."))
    scale = Scale.objects.in_force(claim.organisation_id, claim.happened_on).first()
    if scale is None:
        raise Refused(
            "no_scale",
            _(
                "Your organisation has not yet said what it pays per kilometre on %(day)s. Leave the kilometres out, or call your coordinator."
            )
            % {"day": moments.say_date(claim.happened_on)},
        )
    steps = steps_of(scale, vehicle)
    if not steps:
        raise Refused("no_vehicle", _("Say with which vehicle: it is written on the vehicle’s papers, at P.6."))
    already = Claim.objects.km_of(claim.person_id, claim.organisation_id, vehicle, claim.happened_on.year, but=claim.pk)
    claim.vehicle, claim.scale = vehicle, scale
    claim.mileage_cents = money.mileage_cents(claim.km, already, steps)


def steps_of(scale: Scale, vehicle: str) -> list[tuple[int, object]]:
    """Of that vehicle; nothing when the scale does not know it."""
    if vehicle not in Vehicle.values:
        return []
    return list(Rate.objects.filter(scale=scale, vehicle=vehicle).values_list("from_km", "per_km"))


def _refuse_strange(costs: Costs) -> None:
    if not 0 <= costs.km <= FURTHEST:
        raise Refused(
            "strange_km", _("Check the kilometres: there and back, between 0 and 2,000. Longer journeys go by train.")
        )
    for cents in (costs.tolls_cents, costs.tickets_cents, costs.other_cents):
        if not 0 <= cents <= DEAREST:
            raise Refused("strange_amount", _("Check the amounts: each is between 0 and 5,000 euros."))


def _refuse_unproved(claim: Claim) -> None:
    if not claim.total_cents:
        raise Refused("nothing", _("There is nothing to pay back: write kilometres or an amount first."))
    if claim.total_cents > claim.mileage_cents and not claim.receipts.exists():
        raise Refused("no_receipt", _("Add the receipt of what you paid: a photo taken with the phone is enough."))


def _refuse_second(activity: Activity) -> None:
    if Claim.objects.standing().filter(activity=activity).exists():
        raise _second()


def _second() -> Refused:
    return Refused("already", _("You already asked for the expenses of this activity: find that claim in your list."))


def _keep(claim: Claim, files: Sequence[IO[bytes]]) -> list[Receipt]:
    if files and Receipt.objects.filter(claim=claim).count() + len(files) > MOST_RECEIPTS:
        raise Refused("too_many", _("Twelve receipts at most for one activity. Put several on one photo."))
    kept = []
    for file in files:
        receipt = Receipt(organisation_id=claim.organisation_id, claim=claim, file=uploads.rewrite(file))
        receipt.save(force_insert=True)
        kept.append(receipt)
    return kept


def is_own_open(claim: Claim, person_id: UUID | None) -> bool:
    """Whether this person may still change it: what pages ask."""
    return claim.person_id == person_id and CLAIM.allows(claim, "send")
