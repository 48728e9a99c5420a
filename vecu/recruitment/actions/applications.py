"""An application: how it arrives, how the person follows and stops it, when it is deleted."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import dates, journal, receipts, vault
from vecu.core.access import require
from vecu.core.crypto import blind_index
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.core.prepared import Asked, PreparedRows
from vecu.peers.models import Peer
from vecu.people.actions import throttles
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recruitment import conditions
from vecu.recruitment.actions import campaigns, notices, recruitments, slots
from vecu.recruitment.enums import ApplicationState, Reason
from vecu.recruitment.events import ApplicationReceived, ApplicationWithdrawn
from vecu.recruitment.models import Application, Campaign, InterviewSlot, Recruitment
from vecu.recruitment.workflows import APPLICATION

RECEIPT_PURPOSE, LINK_PURPOSE = "recruitment.receipt", "recruitment.link"
OWN_STEP = "words"
MOST_MONTHS = 12
WITHDRAWN_MONTHS = 1

FOLLOWED = PreparedRows(
    Application, lambda: Application.objects.filter(pk=Asked("pk", UUIDField())), "organisation__recruitment"
)


@transaction.atomic
def receive_application(
    recruitment: Recruitment,
    *,
    actor: Actor,
    profile: str,
    answers: dict[str, Any],
    language: str = "fr",
    campaign: Campaign | None = None,
    now: datetime | None = None,
) -> tuple[Application, str]:
    """An application arrives: numbered, with a day by which it is answered, and a code for the person to follow it.

    Whatever conditions are not met are noted for a human; none refuses it.
    """
    require(actor, Can.APPLY, recruitment)
    now = now or timezone.now()
    if not recruitment.is_open or profile not in recruitment.profiles:
        raise Refused("closed", _("This team does not look for this role any more. Choose another one, or call us."))
    code, token = receipts.new_code(), secrets.token_urlsafe(24)
    application = _new(recruitment, profile, answers, now)
    application.language, application.campaign = language, campaign
    application.receipt_index = blind_index(code, RECEIPT_PURPOSE)
    application.link_index = blind_index(token, LINK_PURPOSE)
    application.answers = {**application.answers, "link": {"token": token}}
    application.save(force_insert=True)
    campaigns.count_applied(campaign)
    journal.write(actor, "application.receive", application)
    notices.acknowledge(application)
    publish(ApplicationReceived(application.pk, application.organisation_id))
    return application, code


def _new(recruitment: Recruitment, profile: str, answers: dict[str, Any], now: datetime) -> Application:
    """Everything told but the applicant's own words under one key, these under another."""
    asked = recruitments.conditions_of(recruitment.organisation, profile)
    application = Application(
        organisation=recruitment.organisation,
        number=_next_number(recruitment.organisation_id),
        profile=profile,
        vault=vault.new_key("recruitment.application"),
        own_vault=vault.new_key("recruitment.own_words"),
        unmet=conditions.unmet(asked, answers),
        agreed_at=now,
        received_at=now,
        moved_at=now,
        answer_by=answer_day(recruitment, now),
        expires_on=dates.add_months(timezone.localdate(now), MOST_MONTHS),
    )
    application.given_name = answers["contact"]["given_name"]
    application.answers = {step: given for step, given in answers.items() if step != OWN_STEP}
    application.own_words = dict(answers.get(OWN_STEP) or {})
    return application


@transaction.atomic
def withdraw_application(application: Application, *, actor: Actor, now: datetime | None = None) -> Application:
    """The person stops, by themselves and without a reason: their hour is free again, and all is deleted in a month."""
    require(actor, Can.APPLY)
    now = now or timezone.now()
    slot = InterviewSlot.objects.booked(application.pk).first()
    APPLICATION.apply(
        application,
        "withdraw",
        actor=actor,
        moved_at=now,
        answer_by=None,
        why=Reason.OWN_CHOICE,
        expires_on=dates.add_months(timezone.localdate(now), WITHDRAWN_MONTHS),
    )
    host = slot.host_id if slot is not None else None
    if slot is not None:
        slots.free_slot(slot, now)
    publish(ApplicationWithdrawn(application.pk, application.organisation_id, host))
    return application


@transaction.atomic
def erase_application(application: Application, *, actor: Actor) -> None:
    """Delete an application whole, with everything hanging on it; each key is destroyed, so that no copy opens.

    The person asks for it themselves once it has ended, or its time is over.
    """
    require(actor, Can.APPLY)
    if application.state in ApplicationState.standing():
        raise Refused("standing", _("Stop your application first: then it can be erased at once."))
    _erase(application, actor)


def erase_all(applications: QuerySet[Application], actor: Actor) -> None:
    """Those whose time is over."""
    for application in applications:
        with transaction.atomic():
            _erase(application, actor)


def _erase(application: Application, actor: Actor) -> None:
    keys = [application.vault_id, application.own_vault_id]
    for interview in application.interviews.select_related("guide", "note"):
        keys += [
            part.vault_id for part in (getattr(interview, "guide", None), getattr(interview, "note", None)) if part
        ]
    journal.write(actor, "application.erase", application)
    application.delete()
    for key in keys:
        vault.destroy(key)


# -- following without an account


def find_by_receipt(typed: str, *, network: str, now: datetime | None = None) -> Application | None:
    """The application of this code. Wrong codes are counted for the network they come from, and slowed down."""
    door = throttles.Door(address=f"application|{throttles.network_of(network)}")
    throttles.check_guess(door, now)
    digits, found = receipts.digits_of(typed), None
    if digits:
        found = Application.objects.filter(receipt_index=blind_index(digits, RECEIPT_PURPOSE)).first()
    if found is None:
        throttles.count_wrong_guess(door, now)
    return found


def find_by_link(token: str) -> Application | None:
    """The application of this link, too long to be guessed."""
    return Application.objects.filter(link_index=blind_index(token, LINK_PURPOSE)).first()


def followed(application_id: str | None) -> Application | None:
    """The application this browser opened with its code or link a moment ago."""
    try:
        key = UUID(application_id or "")
    except ValueError:
        return None
    return FOLLOWED.first(pk=key)


def holder(application: Application) -> Actor:
    """Whoever holds the code or the link acts as the applicant, for this application only."""
    return Actor(organisation_id=application.organisation_id, roles=frozenset({Role.PUBLIC}))


# -- days


def on_its_way(application: Application, now: datetime) -> dict[str, Any]:
    """The fields of every move by which an application goes on: an answer is owed again, and a year runs again."""
    return {
        "moved_at": now,
        "answer_by": answer_day(recruitment_of(application), now),
        "expires_on": dates.add_months(timezone.localdate(now), MOST_MONTHS),
    }


def answer_day(recruitment: Recruitment, now: datetime) -> datetime:
    """By when the next answer is owed."""
    return now + timedelta(days=recruitment.answer_days)


def kept_until(recruitment: Recruitment, now: datetime) -> date:
    """The day after which an answered application is deleted."""
    return dates.add_months(timezone.localdate(now), min(recruitment.keep_months, MOST_MONTHS))


def recruitment_of(application: Application) -> Recruitment:
    """How the team of this application recruits, as it is today."""
    return Recruitment.objects.select_related("organisation").get(organisation_id=application.organisation_id)


@transaction.atomic
def link_person(application_id: UUID, person_id: UUID) -> None:
    """Whoever was retained is a person of Vécu from now on: their application is theirs."""
    Application.objects.filter(pk=application_id).update(person_id=person_id, updated_at=timezone.now())


@transaction.atomic
def move_applications(from_person_id: UUID, to_person_id: UUID) -> None:
    """Someone recognised a file as theirs. That of somebody retained holds what they give, which cannot be joined by a
    click: those who coordinate sort it out with the person."""
    found = Application.objects.filter(person_id=from_person_id)
    # A patient partner may also have been imported or entered by hand, without any application.
    is_peer = Peer.objects.filter(person=from_person_id).exists()
    if is_peer or found.filter(state=ApplicationState.ACCEPTED).exists():
        raise Refused(
            "retained", _("Your patient partner file is open with the team. Call us: we put it in your space.")
        )
    found.update(person_id=to_person_id, updated_at=timezone.now())


def _next_number(organisation_id: UUID) -> int:
    """Numbers follow one another in an organisation; its row is locked so that two senders never get the same."""
    list(Organisation.objects.select_for_update().filter(pk=organisation_id).values_list("pk"))
    last = Application.objects.filter(organisation_id=organisation_id).order_by("-number").first()
    return last.number + 1 if last is not None else 1
