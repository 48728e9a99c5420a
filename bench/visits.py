"""Visits to the pages measured, as the people who make them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from vecu.accompaniment.models import Pair, Programme, SupportRequest
from vecu.people.middleware import DEMO_KEY
from vecu.people.models import User
from vecu.peers.models import Peer

HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Visits:
    """Signed-in clients and the addresses they open."""

    def __init__(self) -> None:
        self.claire = self._enter("claire.morel@courrier.example")
        self.jean_paul = self._enter("jean-paul.rivet@courrier.example")
        self.pair = Pair.objects.select_related("thread").get(beneficiary__user__email="jean-paul.rivet@courrier.example")
        self.thread = self.pair.thread
        self.organisation_id = self.pair.organisation_id
        self.waiting = SupportRequest.objects.filter(organisation_id=self.organisation_id).to_match().oldest_first()[0]
        self.programme = Programme.objects.get(organisation_id=self.organisation_id)

    @staticmethod
    def _enter(email: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(email=email))
        session = client.session
        session[DEMO_KEY] = True
        session["signed_in_at"] = session["seen_at"] = int(timezone.now().timestamp())
        session.save()
        return client

    def count(self) -> str:
        here = self.organisation_id
        return (
            f"{Peer.objects.filter(organisation_id=here).count()} peers, "
            f"{SupportRequest.objects.filter(organisation_id=here).count()} requests, "
            f"{self.thread.messages.count()} messages in the thread"
        )

    def pages(self) -> dict[str, Callable[[], Any]]:
        def opener(client: Client, address: str) -> Callable[[], Any]:
            def open_page() -> Any:
                response = client.get(address)
                if response.status_code != 200:
                    raise RuntimeError(f"{address}: {response.status_code}")
                return response

            return open_page

        return {
            "today": opener(self.claire, reverse("today")),
            "requests": opener(self.claire, reverse("request_list")),
            "people": opener(self.claire, reverse("peer_list")),
            "board": opener(self.claire, reverse("board_request", args=[self.waiting.pk])),
            "thread": opener(self.jean_paul, reverse("exchange", args=[self.pair.pk])),
        }

    @staticmethod
    def queries(page: Callable[[], Any]) -> int:
        page()
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    def whole_request(self) -> None:
        """Four questions, the last look, the receipt: each page opened, then sent."""
        client = Client()
        answers: dict[str, dict[str, Any]] = {
            "ask_who": {"role": "patient", "age_group": "adult"},
            "ask_story": {"condition_code": "sep", "matters": ["travail", "fatigue"], "own_words": "Je travaille encore."},
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
            shown = client.get(address)
            hidden = {key.decode(): value.decode() for key, value in HIDDEN.findall(shown.content)}
            sent = client.post(address, {**hidden, **data})
            if sent.status_code not in (302, 303):
                raise RuntimeError(f"{name}: {sent.status_code}")
        if client.get(reverse("ask_done")).status_code != 200:
            raise RuntimeError("no receipt")
