"""Verbs that touch the person and the peer at once: opening a file, saying what one gives."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.peers import languages as known
from vecu.peers.actions import availability, engagement, experiences, rows
from vecu.peers.models import Peer
from vecu.people import actions as people_actions
from vecu.people.actor import Actor
from vecu.people.models import Organisation


@transaction.atomic
def add_with_experience(
    *, actor: Actor, organisation: Organisation, person: dict[str, Any], lived: dict[str, Any], **offer: Any
) -> Peer:
    """Someone new with one experience: nothing is kept when any of it is refused."""
    peer = engagement.add_new_peer(actor=actor, organisation=organisation, person=person, **offer)
    experiences.set_experience(peer, actor=actor, **lived)
    return peer


@transaction.atomic
def offer_with_languages(peer: Peer, *, actor: Actor, languages: list[str], **offered: Any) -> Peer:
    """What they give, in which languages and, if said with it, where they are treated: all of it, or nothing
    when one part is refused."""
    told = {name: offered.pop(name) for name in engagement.PROFILE_FIELDS & offered.keys()}
    if any(getattr(peer, name) != value for name, value in told.items()):
        engagement.edit_peer(peer, actor=actor, **told)
    availability.set_availability(peer, actor=actor, **offered)
    spoken = rows.codes_in(languages, [code for code, _label in known.choices()], _("Languages"))
    if spoken != peer.person.languages:
        people_actions.change_identity(peer.person, actor=actor, languages=spoken)
    return peer
