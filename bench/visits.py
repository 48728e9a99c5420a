"""Visits to the pages measured, as the people who make them."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.visitor import Answer, Visitor
from config.wsgi import application
from vecu.accompaniment.models import Pair, Programme, SupportRequest
from vecu.core import vault
from vecu.core.access import visible
from vecu.peers.models import Peer
from vecu.peers.readiness import readiness_of
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.middleware import DEMO_KEY
from vecu.people.models import Person, Site, User
from vecu.recruitment.models import Application
from vecu.safeguarding.actions import alerts
from vecu.safeguarding.enums import AlertState
from vecu.safeguarding.models import Alert

HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Visits:
    """Signed-in clients and the addresses they open."""

    def __init__(self) -> None:
        self.site = application
        self.claire = self._enter("claire.morel@courrier.example")
        self.jean_paul = self._enter("jean-paul.rivet@courrier.example")
        self.pair = Pair.objects.select_related("thread").get(
            beneficiary__user__email="jean-paul.rivet@courrier.example"
        )
        self.thread = self.pair.thread
        self.organisation_id = self.pair.organisation_id
        self.waiting = SupportRequest.objects.filter(organisation_id=self.organisation_id).to_match().oldest_first()[0]
        self.programme = Programme.objects.get(organisation_id=self.organisation_id)
        self._take_alerts()

    def _take_alerts(self) -> None:
        """What was raised in the night is taken: until then Claire's first screen leads to it."""
        claire = Person.objects.get(user__email="claire.morel@courrier.example")
        actor = Actor(None, claire.pk, self.organisation_id, frozenset({Role.COORDINATOR}), is_signed_in=True)
        for alert in visible(Alert, actor).filter(state=AlertState.OPEN):
            alerts.take_alert(alert, actor=actor)

    def _enter(self, email: str) -> Visitor:
        """Signed in as the demo's one-click entry does it: a session in the database, its key in a cookie."""
        user = User.objects.get(email=email)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[DEMO_KEY] = True
        session.save()
        return Visitor(self.site, {settings.SESSION_COOKIE_NAME: session.session_key})

    def count(self) -> str:
        here = self.organisation_id
        return (
            f"{Peer.objects.filter(organisation_id=here).count()} peers, "
            f"{SupportRequest.objects.filter(organisation_id=here).count()} requests, "
            f"{Application.objects.filter(organisation_id=here).count()} applications, "
            f"{Site.objects.filter(organisation_id=here).count()} sites, "
            f"{self.thread.messages.count()} messages in the thread"
        )

    def pages(self) -> dict[str, Callable[[], Any]]:
        def opener(visitor: Visitor, address: str) -> Callable[[], Answer]:
            def open_page() -> Answer:
                vault.forget()  # as whoever comes back after a while: the keys of names are opened again
                answer = visitor.get(address)
                if answer.status != 200:
                    raise RuntimeError(f"{address}: {answer.status}")
                return answer

            return open_page

        look = opener(self.claire, reverse("board_request", args=[self.waiting.pk]))

        def look_after_a_change() -> Answer:
            """What is kept of peers is read again for the one who was written about."""
            Peer.objects.filter(pk=self.pair.peer_id).update(updated_at=timezone.now())
            return look()

        return {
            "today": opener(self.claire, reverse("today")),
            "requests": opener(self.claire, reverse("request_list")),
            "applications": opener(self.claire, reverse("application_list")),
            "people": opener(self.claire, reverse("peer_list")),
            "board": look,
            "board_changed": look_after_a_change,
            "thread": opener(self.jean_paul, reverse("exchange", args=[self.pair.pk])),
        }

    def readiness(self) -> None:
        """Who may be proposed where, today: each peer of the organisation at each of its sites."""
        here = self.organisation_id
        readiness_of(Peer.objects.filter(organisation_id=here), Site.objects.filter(organisation_id=here))

    @staticmethod
    def queries(page: Callable[[], Any]) -> int:
        page()
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    def whole_request(self) -> None:
        """Four questions, the last look, the receipt: each page opened, then sent."""
        visitor = Visitor(self.site)
        answers: dict[str, dict[str, Any]] = {
            "ask_who": {"role": "patient", "age_group": "adult"},
            "ask_story": {
                "condition_code": "sep",
                "matters": ["travail", "fatigue"],
                "own_words": "Je travaille encore.",
            },
            "ask_wishes": {"channels": ["phone"], "departement": "44"},
            "ask_contact": {
                "given_name": "Nora",
                "phone": "01 99 00 77 77",
                "agrees_contact": "on",
                "agrees_keeping": "on",
            },
            "ask_review": {},
        }
        for name, data in answers.items():
            address = reverse(name, args=[self.programme.pk])
            shown = visitor.get(address)
            hidden = {key.decode(): value.decode() for key, value in HIDDEN.findall(shown.body)}
            sent = visitor.post(address, {**hidden, **data})
            if sent.status not in (302, 303):
                raise RuntimeError(f"{name}: {sent.status}")
        if visitor.get(reverse("ask_done")).status != 200:
            raise RuntimeError("no receipt")
