"""Hours and expenses of the demo: the official scale, then the committee's own since January; Hélène's claims, one to
decide, one paid, one left as a gift; Marc's, one to mend, one to pay; a session paid by the hospital."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from PIL import Image, ImageDraw

from vecu.peers.models import Peer
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.portal.seed.people import World, acting
from vecu.recognition import actions
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import ActivityKind, Status
from vecu.recognition.models import Activity, Claim

DAY = timedelta(days=1)
TO_TRAINING = Costs(km=64, vehicle="car_5", journey="Saint-Aubin – Valmont, aller et retour", tolls_cents=780)
TO_GROUP = Costs(km=38, vehicle="car_5", journey="Saint-Aubin – Les Tilleuls, aller et retour")
BY_TRAIN = Costs(tickets_cents=2360)


def make(world: World) -> None:
    actions.take_official_scale(world.committee.organisation, actor=_claire(world), accepts_gifts=True)
    helene, marc = world.committee.peers[:2]
    waiting, paid, given, *_others = _last(helene, ActivityKind.SUPERVISION)
    _time(helene, waiting)
    _send(helene, waiting, TO_TRAINING, receipts=1)
    _pay(world, _send(helene, paid, BY_TRAIN, receipts=1))
    actions.approve(_send(helene, given, TO_GROUP, is_gift=True), actor=_claire(world))
    to_mend, to_pay, *_rest = _last(marc, ActivityKind.SUPERVISION)
    actions.approve(_send(marc, to_pay, TO_GROUP), actor=_claire(world))
    claim = _send(marc, to_mend, BY_TRAIN, receipts=1)
    words = "La photo du billet est floue : on ne lit pas le prix. Reprenez-la, puis renvoyez."
    actions.refuse(claim, actor=_claire(world), answer=words)
    talks = Activity.objects.held().filter(organisation=world.committee.organisation, kind=ActivityKind.CONTACT)
    session = talks.order_by("-happened_on", "pk")[0]
    priced = {"status": Status.PAID_SESSION, "payer": "CHU de Valmont", "hourly_cents": 3600}
    actions.set_status(session, actor=_claire(world), **priced)
    _own_rate(world)


def _claire(world: World) -> Actor:
    place = world.committee
    return acting(place.coordinator, place.organisation, Role.COORDINATOR)


def _actor(peer: Peer) -> Actor:
    return acting(peer.person, peer.organisation, Role.PEER)


def _last(peer: Peer, kind: ActivityKind) -> list[Activity]:
    """What they did of this kind, the last first."""
    rows = Activity.objects.held().filter(person=peer.person_id, kind=kind)
    return list(rows.order_by("-happened_on", "pk")[:6])


def _time(peer: Peer, activity: Activity) -> None:
    actions.declare_time(activity, actor=_actor(peer), preparation=20, travel=50)


def _send(peer: Peer, activity: Activity, costs: Costs, *, receipts: int = 0, is_gift: bool = False) -> Claim:
    files = [_ticket(costs) for _number in range(receipts)]
    claim = actions.start_claim(activity, actor=_actor(peer), costs=costs, receipts=files)
    return actions.send_claim(claim, actor=_actor(peer), is_gift=is_gift, has_waived=is_gift)


def _pay(world: World, claim: Claim) -> None:
    actions.approve(claim, actor=_claire(world))
    actions.pay(claim, actor=_claire(world), paid_on=timezone.localdate())


def _own_rate(world: World) -> None:
    """The board pays less than the official scale from next month on: both stand, each from its day."""
    told = {"source": "Décision du bureau : un tarif pour tout véhicule", "rates": {"any": [(0, Decimal("0.450"))]}}
    first = (timezone.localdate(world.now).replace(day=1) + 32 * DAY).replace(day=1)
    organisation = world.committee.organisation
    actions.add_scale(organisation, actor=_claire(world), starts_on=first, accepts_gifts=True, **told)


def _ticket(costs: Costs) -> io.BytesIO:
    """A photo of a receipt, drawn."""
    image = Image.new("RGB", (620, 900), "#fbf7f0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((40, 40, 580, 860), outline="#8c7789", width=3)
    pen.text((80, 90), "TICKET", fill="#2b1a29", font_size=54)
    cents = costs.tolls_cents or costs.tickets_cents
    pen.text((80, 420), f"TOTAL {cents // 100},{cents % 100:02d} EUR", fill="#2b1a29", font_size=44)
    out = io.BytesIO()
    image.save(out, "JPEG")
    out.seek(0)
    return out
