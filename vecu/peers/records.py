"""Since when, until when and ready to do what somebody was engaged."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from vecu.core import moments
from vecu.peers.context import listed
from vecu.peers.enums import Profile
from vecu.peers.models import Peer
from vecu.people.models import Person
from vecu.people.records import Chapter, Record, register


@register
def engagement(person: Person, organisation_id: UUID | None) -> list[Record]:
    peers = Peer.objects.filter(person=person).select_related("organisation").order_by("started_on")
    if organisation_id is not None:
        peers = peers.filter(organisation=organisation_id)
    return [_record(peer) for peer in peers]


def _record(peer: Peer) -> Record:
    since = {"place": peer.organisation.name, "since": moments.say_date(peer.started_on)}
    if peer.ended_on is not None:
        words = _("%(place)s, from %(since)s to %(until)s") % {**since, "until": moments.say_date(peer.ended_on)}
    else:
        words = _("%(place)s, since %(since)s") % since
    given = listed(Profile(code).label for code in peer.profiles)
    return Record(Chapter.ENGAGEMENT, f"engagement-{peer.pk}", words, given)
