"""« J’ai besoin de parler »: a peer asks, the psychologist says when, the peer sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import Scope, require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.safeguarding.events import TalkAsked, TalkPromised
from vecu.safeguarding.models import TalkRequest
from vecu.safeguarding.workflows import TALK


@transaction.atomic
def ask_to_talk(
    *, actor: Actor, person_id: UUID, organisation_id: UUID, words: str = "", now: datetime | None = None
) -> TalkRequest:
    """One standing request a person: pressing again gives the same one back. For oneself, where one takes part."""
    require(actor, Can.ASK_TO_TALK)
    is_own = (person_id, organisation_id) == (actor.person_id, actor.organisation_id)
    if not is_own and actor.scope(Can.ASK_TO_TALK) < Scope.ALL:
        raise Denied("a talk is asked for oneself")
    standing = TalkRequest.objects.filter(person_id=person_id, organisation_id=organisation_id).waiting().first()
    if standing is not None:
        return standing
    talk = TalkRequest.objects.create(
        organisation_id=organisation_id,
        vault=vault.new_key("talk"),
        person_id=person_id,
        asked_at=now or timezone.now(),
        words=words,
    )
    journal.write(actor, "talk.ask", talk)
    publish(TalkAsked(talk.pk, organisation_id, person_id))
    return talk


@transaction.atomic
def promise_call(talk: TalkRequest, *, actor: Actor, call_at: datetime, now: datetime | None = None) -> None:
    """Say who calls and when; the peer sees it at once."""
    require(actor, Can.ANSWER_TALK, talk)
    if call_at < (now or timezone.now()):
        raise Refused("past", _("This moment is past. Choose one to come."))
    TALK.apply(talk, "promise", actor=actor, answered_by_id=actor.person_id, call_at=call_at)
    publish(TalkPromised(talk.pk, talk.organisation_id, talk.person_id))


@transaction.atomic
def finish_talk(talk: TalkRequest, *, actor: Actor, now: datetime | None = None) -> None:
    """The call took place. Only that is kept: what was said stays between the two."""
    require(actor, Can.ANSWER_TALK, talk)
    vault.destroy(talk.vault_id)
    TALK.apply(talk, "finish", actor=actor, answered_by_id=actor.person_id, done_at=now or timezone.now())


@transaction.atomic
def withdraw_talk(talk: TalkRequest, *, actor: Actor, now: datetime | None = None) -> None:
    """The peer no longer needs it. No reason is asked."""
    require(actor, Can.ASK_TO_TALK)
    if talk.person_id != actor.person_id:
        raise Refused("not_yours", _("Only the person who asked can take it back."))
    vault.destroy(talk.vault_id)
    TALK.apply(talk, "withdraw", actor=actor, done_at=now or timezone.now())
