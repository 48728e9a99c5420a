"""The charter and the confidentiality undertaking: read, then signed on screen, by the person themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show
from vecu.peers.models import Peer
from vecu.people import actions
from vecu.people.context import here
from vecu.people.enums import UNDERTAKINGS, ConsentPurpose
from vecu.people.policy import Can


@gate(Can.SET_LIMITS)
def undertaking_sign(request: Any, kind: str) -> HttpResponse:
    """The words in force, with their version and mark; one press signs them. The proof follows by the wiring."""
    if kind not in UNDERTAKINGS:
        raise Http404
    peer = get_visible(
        Peer,
        request.actor,
        Can.SET_LIMITS,
        person_id=request.actor.person_id,
        organisation_id=request.actor.organisation_id,
    )
    purpose, organisation = ConsentPurpose(kind), here(request.actor)
    if request.method == "POST":
        language = (get_language() or "fr")[:2]
        actions.give_consent(peer.person, purpose, actor=request.actor, organisation=organisation, language=language)
        messages.success(request, _("Signed. Thank you."))
        return redirect(request, "my_peer")
    text = actions.current_text(purpose, organisation)
    return show(request, "peers/undertaking_sign.html", text=text, person=peer.person)
