"""A request: how it arrives, how it is completed, and how the person follows it with a receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import programmes
from vecu.accompaniment.enums import RELATION_SITUATIONS, RequestClosing, RequestRole, RequestSource, RequestState
from vecu.accompaniment.events import RequestReceived
from vecu.accompaniment.models import Pair, Programme, SupportRequest, WardDoor
from vecu.core import dates, journal, receipts, vault
from vecu.core.access import require
from vecu.core.crypto import blind_index
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.core.prepared import Asked, Prepared, PreparedRows
from vecu.people import actions as people_actions
from vecu.people.actions import throttles
from vecu.people.actor import Actor, system
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role
from vecu.people.models import Consent, ConsentText, Organisation, Person
from vecu.people.policy import Can

RECEIPT_PURPOSE = "accompaniment.receipt"
# Both are needed before anyone may be called and anything kept.
NEEDED_CONSENTS = (ConsentPurpose.CONTACT, ConsentPurpose.KEEPING)

HERE = Asked("organisation_id", UUIDField())
LOCKED = Prepared(lambda: Organisation.objects.select_for_update().filter(pk=HERE).values_list("pk"))
LAST = Prepared(
    lambda: SupportRequest.objects.filter(organisation_id=HERE).order_by("-number").values_list("number")[:1]
)
FOLLOWED = PreparedRows(
    SupportRequest,
    lambda: SupportRequest.objects.filter(pk=Asked("pk", UUIDField()), erased_at=None).exclude(receipt_index=""),
    *("programme__organisation", "person"),
)

# What completing a request writes, and what others may have written meanwhile.
CHANGED = (
    *("role", "relation", "needs", "wishes", "own_words", "to_know", "call_parts", "fixed_on"),
    *("call_by", "departement", "birth_year", "languages", "site"),
)
MOVING = ("state", "call_by", "fixed_on", "erased_at", "needs", "wishes", "languages")

# Nothing came of it and nobody else was involved: there is no reason to keep it a year.
SHORT_KEEPING_MONTHS = 1
SHORT_CLOSINGS = frozenset({RequestClosing.WITHDRAWN, RequestClosing.DUPLICATE, RequestClosing.NOT_REACHED})


@dataclass(frozen=True)
class Asker:
    """How to reach the person: goes to their own file, under their own key."""

    given_name: str
    phone: str = ""
    email: str = ""
    has_shared_mailbox: bool = False
    town: str = ""
    departement: str = ""
    birth_year: int | None = None
    languages: tuple[str, ...] = ("fr",)
    language: str = "fr"


@dataclass(frozen=True)
class Told:
    """What was said, as codes of the maintained list and short own words. Everything may be missing."""

    role: str = RequestRole.PATIENT
    relation: str = ""
    needs: dict[str, Any] = field(default_factory=dict)
    wishes: dict[str, Any] = field(default_factory=dict)
    own_words: str = ""
    to_know: str = ""
    call_parts: tuple[str, ...] = ()
    fixed_on: date | None = None
    site_id: UUID | str | None = None


@transaction.atomic
def receive_request(
    programme: Programme,
    *,
    actor: Actor,
    source: RequestSource,
    asker: Asker,
    told: Told,
    door: WardDoor | None = None,
    vault_id: UUID | None = None,
    has_agreed: bool = False,
    now: datetime | None = None,
) -> tuple[SupportRequest, str]:
    """A request arrives: numbered, dated by the programme's clock, with a receipt code. A programme that is closed
    takes none, by whatever way.

    With `has_agreed`, the person agreed on screen to the words in force. A request of a ward or by phone waits for
    the person's own agreement, recorded by the coordinator.
    """
    require(actor, Can.ENTER_REQUEST if source == RequestSource.PHONE else Can.ASK_FOR_PEER, programme)
    if not programme.is_open:
        raise Refused("programme_closed", _("This programme takes no new request for now. Nothing was recorded."))
    now = now or timezone.now()
    person = _person(programme, actor, asker, source)
    code = receipts.new_code()
    request = _new_request(programme, person, asker, told, now)
    request.source, request.door = source, door
    request.site_id = told.site_id or (door.site_id if door else None)
    request.vault_id = vault_id or vault.new_key("accompaniment.request").pk
    request.receipt_index = receipt_index(code)
    request.save(force_insert=True)
    journal.write(actor, f"request.receive.{source}", request, subject=person)
    if has_agreed:
        _agree(request, person, asker.language, now)
    publish(RequestReceived(request.pk, request.organisation_id))
    return request, code


def _new_request(programme: Programme, person: Person, asker: Asker, told: Told, now: datetime) -> SupportRequest:
    return SupportRequest(
        organisation_id=programme.organisation_id,
        programme=programme,
        number=_next_number(programme.organisation_id),
        role=told.role,
        relation=told.relation,
        person=person,
        needs=told.needs,
        wishes=told.wishes,
        own_words=told.own_words,
        to_know=told.to_know,
        call_parts=list(told.call_parts),
        departement=asker.departement,
        birth_year=asker.birth_year,
        languages=list(asker.languages),
        fixed_on=told.fixed_on,
        received_at=now,
        call_by=programmes.call_before(programme, now, told.fixed_on),
    )


@transaction.atomic
def change_request(
    request: SupportRequest, *, actor: Actor, asker: Asker, told: Told, now: datetime | None = None
) -> SupportRequest:
    """Complete a request with what the person says on the phone, at whatever stage before its end."""
    require(actor, Can.TRIAGE_REQUEST, request)
    # Read again under the write lock: someone may have been paired, or peers excluded, while the page was open.
    request.refresh_from_db(fields=MOVING, from_queryset=SupportRequest.objects.select_for_update())
    _refuse_ended(request)
    _keep_unasked(request, told)
    _call_sooner(request, told, now or timezone.now())
    request.role, request.relation = told.role, told.relation
    request.needs, request.wishes = told.needs, told.wishes
    request.own_words, request.to_know = told.own_words, told.to_know
    request.call_parts, request.fixed_on = list(told.call_parts), told.fixed_on
    request.departement, request.birth_year = asker.departement, asker.birth_year
    request.languages, request.site_id = _with(asker.languages, request.languages[1:]), told.site_id or None
    request.save(update_fields=[*CHANGED, "updated_at"])
    if request.person is not None:
        people_actions.change_identity(
            request.person,
            actor=actor,
            given_name=asker.given_name,
            phone=asker.phone,
            contact_email=asker.email,
            town=asker.town,
            departement=asker.departement,
            birth_year=asker.birth_year,
            languages=request.languages,
        )
    journal.write(actor, "request.change", request, subject=request.person_id)
    return request


def _refuse_ended(request: SupportRequest) -> None:
    if request.erased_at is not None:
        raise Refused("erased", _("This request was erased at the end of its time. Enter a new one."))
    if request.state == RequestState.CLOSED:
        raise Refused("closed", _("This request has ended. Take it up again before changing it."))


def _call_sooner(request: SupportRequest, told: Told, now: datetime) -> None:
    """A day that does not move is learnt before the first call: it is made by then. A promise is never put off."""
    if request.state == RequestState.RECEIVED and told.fixed_on not in (None, request.fixed_on):
        request.call_by = programmes.call_before_day(request.call_by, told.fixed_on, now)


def _keep_unasked(request: SupportRequest, told: Told) -> None:
    """What the form does not ask stays: the guardian's agreement, peers excluded by the person, a second illness,
    situations that do not come from who the relative is."""
    told.needs["conditions"] = _with(told.needs.get("conditions", []), request.told.get("conditions", [])[1:])
    others = [code for code in request.told.get("situations", []) if code not in RELATION_SITUATIONS.values()]
    told.needs["situations"] = _with(told.needs.get("situations", []), others)
    for name in ("age_group", "guardian", "age_at_diagnosis"):
        if name in request.told:
            told.needs.setdefault(name, request.told[name])
    if "excluded_peers" in request.wished:
        told.wishes.setdefault("excluded_peers", request.wished["excluded_peers"])


def ending(request: SupportRequest, closing: RequestClosing, now: datetime | None = None) -> dict[str, Any]:
    """The fields written with every end: when, why, and the day everything is erased but the counts."""
    now = now or timezone.now()
    is_short = closing in SHORT_CLOSINGS and not Pair.objects.filter(request=request).exists()
    months = SHORT_KEEPING_MONTHS if is_short else request.programme.keep_months
    return {
        "closed_at": now,
        "closing": closing,
        "expires_on": dates.add_months(timezone.localdate(now), months),
        "ring_back_on": None,
    }


def _with(chosen: Iterable[str], kept: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*chosen, *kept)))


# -- who asks


def _person(programme: Programme, actor: Actor, asker: Asker, source: RequestSource) -> Person:
    """The person signed in who asks for themselves, else someone new. Nobody has shown yet that they read the
    address: it opens nothing, and is treated the same whether an account has it or not. Its owner confirms it, and
    says whether this file is theirs, when they come (`people.actions.openings`)."""
    if source == RequestSource.ONLINE and actor.person_id is not None:
        return _known_person(programme, actor.person_id, asker)
    by = system(programme.organisation_id) if source != RequestSource.PHONE else actor
    person = people_actions.create_person(
        actor=by,
        organisation=programme.organisation,
        given_name=asker.given_name,
        email=asker.email,
        role=Role.BENEFICIARY,
        phone=asker.phone,
        town=asker.town,
        departement=asker.departement,
        birth_year=asker.birth_year,
        languages=list(asker.languages),
    )
    if source == RequestSource.ONLINE and asker.email:
        people_actions.await_address(
            person,
            actor=by,
            organisation=programme.organisation,
            email=asker.email,
            language=asker.language,
            has_shared_mailbox=asker.has_shared_mailbox,
        )
    return person


def _known_person(programme: Programme, person_id: UUID, asker: Asker) -> Person:
    """Someone signed in asks, here for the first time perhaps; the phone given now replaces the older one."""
    person, here = Person.objects.get(pk=person_id), system(programme.organisation_id)
    people_actions.give_role(person, Role.BENEFICIARY, actor=here, organisation=programme.organisation)
    if asker.phone:
        people_actions.change_identity(person, actor=here, phone=asker.phone)
    return person


def consent_texts(organisation: Organisation) -> list[ConsentText]:
    """The exact words agreed to with a request, in force today: the organisation's own, else everyone's."""
    return [people_actions.current_text(purpose, organisation) for purpose in NEEDED_CONSENTS]


def questions_text(organisation: Organisation) -> ConsentText:
    """The exact words by which someone accepts three questions at the end."""
    return people_actions.current_text(ConsentPurpose.EVALUATION, organisation)


def _agree(request: SupportRequest, person: Person, language: str, now: datetime) -> None:
    """The person ticked the words in force, on screen; the ledger keeps which."""
    given = [
        people_actions.record_consent(
            person,
            purpose,
            actor=system(request.organisation_id),
            organisation=request.programme.organisation,
            channel=ConsentChannel.ONLINE,
            language=language,
            now=now,
        )
        for purpose in NEEDED_CONSENTS
    ]
    request.consent = given[0]
    request.save(update_fields=["consent", "updated_at"])


def _next_number(organisation_id: UUID) -> int:
    """Numbers follow one another in an organisation; its row is locked so that two senders never get the same."""
    LOCKED.rows(organisation_id=organisation_id)
    rows = LAST.rows(organisation_id=organisation_id)
    return rows[0][0] + 1 if rows else 1


# -- receipts


def receipt_index(code: str) -> str:
    """The mark by which a request is found again from its code."""
    return blind_index(code, RECEIPT_PURPOSE)


def find_by_receipt(typed: str, *, network: str, now: datetime | None = None) -> SupportRequest | None:
    """The request of this code. Wrong codes are counted for the network they come from, and slowed down."""
    door = throttles.Door(address=f"receipt|{throttles.network_of(network)}")
    throttles.check_guess(door, now)
    digits, found = receipts.digits_of(typed), None
    if digits:
        found = SupportRequest.objects.filter(receipt_index=receipt_index(digits), erased_at=None).first()
    if found is None:
        throttles.count_wrong_guess(door, now)
        return None
    journal.read(holder(found), "request.follow", found, subject=found.person_id)
    return found


def followed(request_id: str | None) -> SupportRequest | None:
    """The request this browser opened with its receipt a moment ago."""
    try:
        key = UUID(request_id or "")
    except ValueError:
        return None
    return FOLLOWED.first(pk=key)


def offer_opening(request: SupportRequest, *, network: str, now: datetime | None = None) -> None:
    """Whoever has just asked, or typed the code, has the link that opens their space sent to the address given."""
    if request.person is None:
        raise Refused("no_file", _("This request has ended, and nothing is left of what you told us."))
    door = throttles.Door(request.person.contact_email.lower(), network)
    people_actions.ask_opening(request.person, door=door, actor=holder(request), now=now)


@people_actions.accept_instead
def holds_receipt(person: Person, typed: str) -> bool:
    """The sixteen digits of a request of this file prove it as well as its phone number."""
    digits = receipts.digits_of(typed)
    if not digits:
        return False
    return SupportRequest.objects.filter(person=person, receipt_index=receipt_index(digits), erased_at=None).exists()


def move_requests(from_person_id: UUID, to_person_id: UUID) -> None:
    """Someone recognised as theirs what they asked without signing in. Too late once a peer is in touch: the exchange
    belongs to the other file, and those who coordinate sort it out with the person."""
    found = SupportRequest.objects.filter(person=from_person_id)
    if Pair.objects.filter(request__in=found).exists():
        raise Refused(
            "pair_begun", _("This request is already followed with a peer. Call us: we put it in your space.")
        )
    standing = Consent.objects.standing().filter(person=to_person_id)
    for request in found.select_related("consent"):
        if request.consent is not None:
            same = {"organisation": request.organisation_id, "text": request.consent.text_id}
            request.consent = standing.filter(**same).first() or request.consent
        request.person_id = to_person_id
        request.save(update_fields=["person", "consent", "updated_at"])


def holder(request: SupportRequest) -> Actor:
    """Whoever holds the receipt acts as the person, for this request only."""
    return Actor(
        person_id=request.person_id,
        organisation_id=request.organisation_id,
        roles=frozenset({Role.BENEFICIARY}),
        is_signed_in=True,
    )
