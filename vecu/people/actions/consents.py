"""The ledger of consents: who agreed to which exact words, how, and when they took it back."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import CharField, F, Q, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.core.prepared import Asked, PreparedRows
from vecu.people.actions import memberships
from vecu.people.actor import Actor
from vecu.people.enums import ConsentChannel, ConsentPurpose
from vecu.people.events import ConsentGiven, ConsentWithdrawn
from vecu.people.models import Consent, ConsentText, Organisation, Person
from vecu.people.policy import Can

TEXTS = Path(__file__).resolve().parent.parent / "texts"

# The words for a purpose, an organisation's own before everyone's, the newest first.
IN_FORCE = PreparedRows(
    ConsentText,
    lambda: ConsentText.objects.filter(
        Q(organisation_id=Asked("organisation_id", UUIDField())) | Q(organisation=None),
        purpose=Asked("purpose", CharField()),
    ).order_by(F("organisation_id").asc(nulls_last=True), "-version")[:1],
)

# What someone agreed to here, for a purpose, and has not taken back.
STANDING = PreparedRows(
    Consent,
    lambda: Consent.objects.standing().filter(
        person_id=Asked("person_id", UUIDField()),
        organisation_id=Asked("organisation_id", UUIDField()),
        text__purpose=Asked("purpose", CharField()),
    ),
)


@transaction.atomic
def publish_texts(now: datetime | None = None) -> list[ConsentText]:
    """Publish the words shipped with Vécu; a text unchanged since its last version is left alone."""
    made = []
    for purpose in ConsentPurpose:
        (title_fr, body_fr), (title_en, body_en) = (_shipped(purpose, language) for language in ("fr", "en"))
        text = _publish(None, purpose, title_fr, body_fr, title_en, body_en, now)
        if text is not None:
            made.append(text)
    return made


@transaction.atomic
def publish_text(
    organisation: Organisation,
    purpose: ConsentPurpose,
    *,
    actor: Actor,
    title_fr: str,
    body_fr: str,
    title_en: str,
    body_en: str,
    now: datetime | None = None,
) -> ConsentText:
    """An organisation's own words for a purpose: a new version; those already agreed to keep theirs."""
    require(actor, Can.MANAGE_ORGANISATION, organisation)
    text = _publish(organisation, purpose, title_fr, body_fr, title_en, body_en, now)
    if text is None:
        raise Refused("same_words", _("These are the words already in force: nothing was changed."))
    journal.write(actor, "consent_text.publish", text)
    return text


def current_text(purpose: ConsentPurpose, organisation: Organisation | None = None) -> ConsentText:
    """The words in force for a purpose: the organisation's own, else everyone's."""
    found = IN_FORCE.first(purpose=purpose, organisation_id=organisation.pk if organisation is not None else None)
    if found is None:
        publish_texts()
        return ConsentText.objects.filter(purpose=purpose, organisation=None).order_by("-version").get()
    return found


@transaction.atomic
def give_consent(
    person: Person,
    purpose: ConsentPurpose,
    *,
    actor: Actor,
    organisation: Organisation,
    language: str = "fr",
    now: datetime | None = None,
) -> Consent:
    """Someone signed in agrees, on screen, to the words in force."""
    require(actor, Can.GIVE_CONSENT)
    if actor.person_id != person.pk:
        raise Denied("consent is given by the person themselves")
    return _give(person, purpose, organisation, ConsentChannel.ONLINE, actor, language, now)


@transaction.atomic
def record_consent(
    person: Person,
    purpose: ConsentPurpose,
    *,
    actor: Actor,
    organisation: Organisation,
    channel: ConsentChannel,
    language: str = "fr",
    now: datetime | None = None,
) -> Consent:
    """Write down a consent given out loud, on paper, or on screen by someone without an account."""
    require(actor, Can.RECORD_CONSENT, person)
    memberships.require_here(actor, Can.RECORD_CONSENT, organisation)
    return _give(person, purpose, organisation, channel, actor, language, now)


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: Actor, now: datetime | None = None) -> Consent:
    """Take it back, without a reason. What follows is in the wiring; what was already done stays lawful."""
    require(actor, Can.GIVE_CONSENT if actor.person_id == consent.person_id else Can.RECORD_CONSENT, consent)
    now = now or timezone.now()
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=now, updated_at=now):
        raise Refused("already_withdrawn", _("This consent was already withdrawn."))
    consent.withdrawn_at = now
    journal.write(actor, "consent.withdraw", consent, subject=consent.person_id)
    publish(ConsentWithdrawn(consent.person_id, consent.organisation_id, consent.text.purpose, now))
    return consent


def has_consent(person: Person, purpose: ConsentPurpose, organisation: Organisation) -> bool:
    """Agreed, and not taken back."""
    return Consent.objects.standing().filter(person=person, organisation=organisation, text__purpose=purpose).exists()


def _give(
    person: Person,
    purpose: ConsentPurpose,
    organisation: Organisation,
    channel: ConsentChannel,
    actor: Actor,
    language: str,
    now: datetime | None,
) -> Consent:
    text = current_text(purpose, organisation)
    standing = STANDING.all(person_id=person.pk, organisation_id=organisation.pk, purpose=purpose)
    same = next((consent for consent in standing if consent.text_id == text.pk), None)
    if same is not None:
        return same
    now = now or timezone.now()
    if standing:  # replaced by the new words, so never two at once
        older = Consent.objects.standing().filter(person=person, organisation=organisation, text__purpose=purpose)
        older.update(withdrawn_at=now, updated_at=now)
    consent = Consent.objects.create(
        person=person,
        organisation=organisation,
        text=text,
        language=language,
        channel=channel,
        given_at=now,
        recorded_by_id=actor.person_id if actor.person_id != person.pk else None,
    )
    journal.write(actor, "consent.give", consent, subject=person)
    publish(ConsentGiven(consent.pk, person.pk, organisation.pk, purpose, now))
    return consent


def _publish(
    organisation: Organisation | None,
    purpose: ConsentPurpose,
    title_fr: str,
    body_fr: str,
    title_en: str,
    body_en: str,
    now: datetime | None,
) -> ConsentText | None:
    parts = [part.strip().replace("\r\n", "\n") for part in (title_fr, body_fr, title_en, body_en)]
    mark = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    same = ConsentText.objects.filter(Q(organisation=organisation), purpose=purpose)
    last = same.order_by("-version").first()
    if last is not None and last.sha256 == mark:
        return None
    return ConsentText.objects.create(
        organisation=organisation,
        purpose=purpose,
        version=last.version + 1 if last else 1,
        title_fr=parts[0],
        body_fr=parts[1],
        title_en=parts[2],
        body_en=parts[3],
        sha256=mark,
        published_at=now or timezone.now(),
    )


def _shipped(purpose: ConsentPurpose, language: str) -> tuple[str, str]:
    """Title on the first line, then the words."""
    title, _sep, body = (TEXTS / f"{purpose.value}.{language}.txt").read_text(encoding="utf-8").partition("\n")
    return title.strip(), body.strip()
