"""What a coordinator does with a request, from the first call to its end; and what the person may do alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import UUIDField
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import closing, needs, programmes, requests
from vecu.accompaniment.actions.requests import NEEDED_CONSENTS
from vecu.accompaniment.enums import CallOutcome, RequestClosing, RequestState
from vecu.accompaniment.events import RequestClosed, RequestOpened
from vecu.accompaniment.models import CallAttempt, SupportRequest, UnmetNeed
from vecu.accompaniment.workflows.requests import REQUEST
from vecu.core import jobs, journal, mail, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.core.prepared import Asked, PreparedRows
from vecu.people import actions as people_actions
from vecu.people.actor import Actor
from vecu.people.enums import ConsentChannel, ConsentPurpose
from vecu.people.models import Consent, Organisation, Person
from vecu.people.policy import Can
from vecu.safeguarding.actions import sealed

LONGEST_WAIT = timedelta(days=366)
# Ends that come from elsewhere: from a pair, or from the action that stops everything.
NOT_CHOSEN = frozenset({RequestClosing.PAIR_ENDED, RequestClosing.STOPPED})


@transaction.atomic
def log_call(
    request: SupportRequest, *, actor: Actor, outcome: CallOutcome, now: datetime | None = None
) -> CallAttempt:
    """A call was made: when, by whom, and whether somebody answered. Never what was said.

    The first call answered is also told to the ward that asked, once; nothing else is ever told there.
    """
    require(actor, Can.TRIAGE_REQUEST, request)
    if request.state == RequestState.CLOSED:
        raise Refused("closed", _("This request has ended. Take it up again before calling."))
    call = CallAttempt(
        organisation_id=request.organisation_id,
        request=request,
        by_id=actor.person_id,
        called_at=now or timezone.now(),
        outcome=outcome,
    )
    call.save(force_insert=True)
    journal.write(actor, f"request.call.{outcome}", request, subject=request.person_id)
    if outcome == CallOutcome.REACHED:
        tell_ward(request, "contact_made", now=now)
    return call


@transaction.atomic
def open_request(
    request: SupportRequest,
    *,
    actor: Actor,
    channel: ConsentChannel,
    may_ask_at_end: bool = False,
    now: datetime | None = None,
) -> SupportRequest:
    """The person agrees, a peer is looked for. Without an agreement in the ledger nothing opens.

    ONLINE stands for the agreement the person gave on screen; ORAL and PAPER are recorded now, with whoever
    records them as the witness.
    """
    require(actor, Can.TRIAGE_REQUEST, request)
    if request.person is None:
        raise Refused("nobody", _("Nobody is attached to this request any more: it cannot be opened."))
    organisation = request.programme.organisation
    if channel != ConsentChannel.ONLINE:
        for purpose in NEEDED_CONSENTS:
            people_actions.record_consent(
                request.person, purpose, actor=actor, organisation=organisation, channel=channel, now=now
            )
    consent = standing_consent(request)
    if consent is None:
        raise Refused(
            "no_consent",
            _("No agreement is recorded for this person. Read them the text, then record how they agreed."),
        )
    now = now or timezone.now()
    REQUEST.apply(
        request, "open", actor=actor, opened_at=now, consent=consent, owner_id=request.owner_id or actor.person_id
    )
    if may_ask_at_end:
        _agree_to_questions(request.person, organisation, actor, channel, now)
    publish(RequestOpened(request.pk, request.organisation_id))
    return request


def _agree_to_questions(
    person: Person, organisation: Organisation, actor: Actor, channel: ConsentChannel, now: datetime
) -> None:
    """The three questions at the end are asked only of those who said yes; said during the call, it is out loud."""
    if people_actions.has_consent(person, ConsentPurpose.EVALUATION, organisation):
        return
    how = ConsentChannel.ORAL if channel == ConsentChannel.ONLINE else channel
    people_actions.record_consent(
        person, ConsentPurpose.EVALUATION, actor=actor, organisation=organisation, channel=how, now=now
    )


# Looked at before anything is done about a request: written once.
STANDING = PreparedRows(
    Consent,
    lambda: (
        Consent.objects.standing()
        .filter(
            person_id=Asked("person_id", UUIDField()),
            organisation_id=Asked("organisation_id", UUIDField()),
            text__purpose__in=NEEDED_CONSENTS,
        )
        .order_by("-given_at")
    ),
    *("text", "recorded_by"),
)


def standing_consent(request: SupportRequest) -> Consent | None:
    """The agreement to be contacted and put in touch, if it was given and not taken back, nor the agreement to keep
    what was told: without either, nothing opens."""
    found = _standing(request)
    return found.get(ConsentPurpose.CONTACT) if found.keys() >= set(NEEDED_CONSENTS) else None


def _standing(request: SupportRequest) -> dict[str, Consent]:
    """The latest agreement that stands for each needed purpose."""
    rows = STANDING.all(person_id=request.person_id, organisation_id=request.organisation_id)
    return {row.text.purpose: row for row in reversed(rows)}


@transaction.atomic
def wait_request(
    request: SupportRequest,
    *,
    actor: Actor,
    ring_back_on: date,
    alternatives: Iterable[str] = (),
    now: datetime | None = None,
) -> SupportRequest:
    """No peer for now: someone owns the wait, a day to ring back is set, something else is offered meanwhile.

    The need is noted at the same time: what is missing becomes what is recruited.
    """
    require(actor, Can.TRIAGE_REQUEST, request)
    today = timezone.localdate(now)
    if not today < ring_back_on <= today + LONGEST_WAIT:
        raise Refused("ring_back_day", _("Choose a day to ring back after today, within a year."))
    REQUEST.apply(
        request,
        "wait",
        actor=actor,
        owner_id=actor.person_id,
        ring_back_on=ring_back_on,
        alternatives=list(alternatives),
    )
    needs.note_need(request, actor=actor, now=today)
    return request


@transaction.atomic
def resume_request(request: SupportRequest, *, actor: Actor) -> SupportRequest:
    """Look for a peer again."""
    require(actor, Can.TRIAGE_REQUEST, request)
    REQUEST.apply(request, "resume", actor=actor, ring_back_on=None)
    return request


@transaction.atomic
def close_request(
    request: SupportRequest, *, actor: Actor, reason: RequestClosing, now: datetime | None = None
) -> SupportRequest:
    """End a request with its reason: what was needed was something else, or nobody was found."""
    require(actor, Can.TRIAGE_REQUEST, request)
    if reason in NOT_CHOSEN:
        raise Refused("not_chosen", _("Choose another reason: this one is written by Vécu itself."))
    if request.state in (RequestState.PROPOSED, RequestState.PAIRED):
        raise Refused(
            "in_hands",
            _("A peer is involved. Take the proposal back, or end the exchange: the request will follow."),
        )
    if reason == RequestClosing.NO_PEER:
        needs.note_need(request, actor=actor, now=timezone.localdate(now))
    REQUEST.apply(request, "close", actor=actor, **requests.ending(request, reason, now))
    _tell_closed(request)
    return request


@transaction.atomic
def withdraw_request(request: SupportRequest, *, actor: Actor, now: datetime | None = None) -> SupportRequest:
    """The person changes their mind, in one step and without a reason, at whatever stage: the agreement is taken
    back, and with it what was asked of a peer or begun with one."""
    require(actor, Can.ASK_FOR_PEER if actor.person_id == request.person_id else Can.TRIAGE_REQUEST, request)
    if request.state == RequestState.CLOSED:
        raise Refused("stale", _("This request has already ended: you have nothing more to do."))
    now = now or timezone.now()
    consent = _standing(request).get(ConsentPurpose.CONTACT)
    if consent is not None:
        people_actions.withdraw_consent(consent, actor=actor, now=now)
    if request.person_id is not None:
        # The same as what follows a consent taken back elsewhere; nothing happens twice.
        closing.follow_withdrawn_consent(request.person_id, request.organisation_id, ConsentPurpose.CONTACT, now)
    request.refresh_from_db()
    journal.write(actor, "request.withdrawn", request, subject=request.person_id)
    return request


@transaction.atomic
def reopen_request(request: SupportRequest, *, actor: Actor, now: datetime | None = None) -> SupportRequest:
    """Someone comes back: they are called again, and their agreement is asked again if it was taken back."""
    require(actor, Can.TRIAGE_REQUEST, request)
    if request.erased_at is not None or request.person is None:
        raise Refused("erased", _("This request was erased at the end of its time. Enter a new one."))
    if request.person.is_stopped:
        raise Refused("stopped", _("Everything is stopped for this person. Let things start again first."))
    call_by = programmes.call_before(request.programme, now or timezone.now(), request.fixed_on)
    REQUEST.apply(
        request, "reopen", actor=actor, call_by=call_by, closed_at=None, closing="", expires_on=None, ring_back_on=None
    )
    return request


def _tell_closed(request: SupportRequest) -> None:
    publish(RequestClosed(request.pk, request.organisation_id, str(request.closing)))


# -- the two messages of a ward


def tell_ward(request: SupportRequest, what: str, *, now: datetime | None = None) -> None:
    """« Received », then « contact made »: once each, to the ward's own address, and nothing else ever."""
    door = request.door
    if door is None or not door.reply_to or door.reply_refused_at is not None:
        return
    if what == "contact_made":
        first = SupportRequest.objects.filter(pk=request.pk, ward_told_at=None)
        if not first.update(ward_told_at=now or timezone.now()):
            return
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = _letter(what)
    mail.post(door.reply_to, subject, text, about=request.person_id, key=f"ward:{what}:{request.pk}")


def _letter(what: str) -> tuple[str, str]:
    """Neither a name, nor a place, nor a word of health: the ward knows what it asked."""
    if what == "received":
        return _("Your request was received"), _(
            "Hello,\n\nThe request you sent was received. We take it from here.\n"
            "You will get one more message once we have been in contact, and nothing else.\n\nThank you."
        )
    return _("Contact made"), _(
        "Hello,\n\nContact was made after the request you sent.\nYou have nothing more to do.\n\nThank you."
    )


# -- the end of its time


@jobs.periodic("accompaniment.erase_requests", at=time(3, 50))
def erase_expired(now: datetime) -> None:
    """After the date stated at its end, a request is only a line to count: its key is destroyed, the rest emptied."""
    today = timezone.localdate(now)
    due = SupportRequest.objects.filter(state=RequestState.CLOSED, expires_on__lte=today, erased_at=None)
    for request in due.iterator():
        erase_request(request, now=now)


@transaction.atomic
def erase_request(request: SupportRequest, *, now: datetime | None = None) -> None:
    """Destroy what was told and cut the ties; source, dates and reason stay, to be counted."""
    vault.destroy(request.vault_id)
    _forget_sealed(request)
    UnmetNeed.objects.filter(request=request).update(request=None)
    CallAttempt.objects.filter(request=request).update(by=None)
    SupportRequest.objects.filter(pk=request.pk).update(
        person=None,
        owner=None,
        consent=None,
        call_parts=[],
        departement="",
        birth_year=None,
        languages=[],
        fixed_on=None,
        receipt_index="",
        alternatives=[],
        erased_at=now or timezone.now(),
    )
    journal.write(None, "request.erase", request)


def _forget_sealed(request: SupportRequest) -> None:
    """Without an account, what was sealed beside a request goes with the last one: nobody could erase it."""
    person = request.person
    if person is None or person.user_id is not None:
        return
    if not SupportRequest.objects.filter(person=person, erased_at=None).exclude(pk=request.pk).exists():
        sealed.forget_contact(person.pk)
