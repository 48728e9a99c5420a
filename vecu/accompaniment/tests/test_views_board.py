"""The board and the plan, as pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import sign_in
from vecu.accompaniment.actions import plans
from vecu.accompaniment.models import PlanLine, Proposal
from vecu.accompaniment.tests.factories_pairs import World
from vecu.accompaniment.tests.test_views_pairs import as_, cold_get
from vecu.core.moments import say_date
from vecu.peers import actions as peer_actions
from vecu.peers.models import Peer
from vecu.safeguarding.models import CrisisPath

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def claire(client: Any, world: World) -> Any:
    return sign_in(client, world.cast.claire)


def tire(peer: Peer) -> str:
    """A hard contact two days ago; what the board then says of them."""
    on = timezone.localdate() - timedelta(days=2)
    peer_actions.note_load(peer.pk, organisation_id=peer.organisation_id, kind="hard", about=peer.pk, on=on)
    until = say_date(on + timedelta(days=7), year=False)
    return f"Se repose jusqu’au {until}, après un contact difficile"


class TestBoard:
    def test_it_works(self, claire: Any, world: World) -> None:
        assert claire.get(reverse("board")).status_code == 303
        page = claire.get(reverse("board_request", args=[world.request.pk]))
        text = page.content.decode()
        assert page.status_code == 200
        assert "Hélène D." in text and "Marc O." in text
        assert "%" not in text.split("<main")[1].split("</main")[0].replace("100%", "")

    def test_empty(self, claire: Any, world: World) -> None:
        world.propose()
        assert claire.get(reverse("board")).status_code == 200

    def test_others(self, claire: Any, world: World) -> None:
        for _n in range(4):
            world.new_peer()
        world.new_peer(ready=False)
        page = claire.get(reverse("board_others", args=[world.request.pk]))
        assert page.status_code == 200

    def test_propose_the_first(self, claire: Any, world: World) -> None:
        url = reverse("proposal_make", args=[world.request.pk, world.helene.pk])
        assert claire.post(url).status_code == 303
        assert Proposal.objects.get().peer == world.helene

    def test_a_peer_who_rests_is_said_and_asked_with_a_reason(self, claire: Any, world: World) -> None:
        page, board = reverse("board_request", args=[world.request.pk]), "Se repose"
        there = reverse("proposal_make", args=[world.request.pk, world.helene.pk])
        fresh = claire.get(page).text
        assert board not in fresh and f'action="{there}"' in fresh
        said = tire(world.helene)
        shown = claire.get(page).text
        assert shown.count(board) == 1 and said in shown.split('id="peer-' + str(world.helene.pk))[1].split("<dl>")[0]
        # One press would only be refused: the button leads to the place for the reason.
        assert f'action="{there}"' not in shown and f'href="{there}"' in shown
        assert 'name="load_reason"' in claire.get(there).text

    def test_the_others_who_rest_are_said_too(self, claire: Any, world: World) -> None:
        others = [world.new_peer() for _n in range(4)]
        for peer in others:
            said = tire(peer)
        assert said in claire.get(reverse("board_others", args=[world.request.pk])).text

    def test_another_asks_for_a_reason_and_keeps_what_was_typed(self, claire: Any, world: World) -> None:
        url = reverse("proposal_make", args=[world.request.pk, world.marc.pk])
        assert claire.get(url).status_code == 200
        assert claire.post(url).status_code == 422
        assert claire.post(url, {"choice_reason": "knows_them"}).status_code == 303

    def test_a_closed_gate_says_what_is_missing(self, claire: Any, world: World) -> None:
        CrisisPath.objects.all().delete()
        page = claire.get(reverse("board_request", args=[world.request.pk]))
        assert reverse("duty_page") in page.content.decode()
        url = reverse("proposal_make", args=[world.request.pk, world.helene.pk])
        assert claire.post(url).status_code == 409

    def test_other_organisation_gets_404(self, client: Any, world: World) -> None:
        youssef = sign_in(client, world.cast.youssef)
        for name in ("board_request", "board_others"):
            assert youssef.get(reverse(name, args=[world.request.pk])).status_code == 404
        url = reverse("proposal_make", args=[world.request.pk, world.helene.pk])
        assert youssef.post(url).status_code == 404

    def test_role_without_right_gets_403(self, client: Any, world: World) -> None:
        for person in (world.cast.helene, world.cast.nadia, world.cast.solene):
            as_(client, person)
            assert client.get(reverse("board_request", args=[world.request.pk])).status_code == 403

    def test_same_queries_with_more_peers_and_requests(
        self, claire: Any, world: World, django_assert_max_num_queries: Any
    ) -> None:
        world.ask()
        world.new_peer()
        url = reverse("board_request", args=[world.request.pk])
        claire.get(url)
        with django_assert_max_num_queries(200) as few:
            cold_get(claire, url)
        most = len(few)
        for _n in range(6):
            tire(world.new_peer(lived=[("sep", 2018, None)]))
            world.ask()
        claire.get(url)  # those who came are read once
        with django_assert_max_num_queries(most):
            cold_get(claire, url)


class TestPlan:
    def test_it_works(self, claire: Any, world: World) -> None:
        world.ask()
        assert claire.get(reverse("plan")).status_code == 200
        assert claire.post(reverse("plan_make")).status_code == 303
        assert claire.get(reverse("plan")).status_code == 200
        line = PlanLine.objects.exclude(peer=None).first()
        url = reverse("plan_line", args=[line.pk])
        for move in ("lock", "reopen", "refuse"):
            assert claire.post(url, {"move": move}).status_code == 303
            assert claire.get(reverse("plan")).status_code == 200
        line.refresh_from_db()
        assert claire.post(url, {"move": "accept"}).status_code == (303 if line.peer_id else 409)

    def test_an_unknown_move_changes_nothing(self, claire: Any, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        line = plan.lines.first()
        assert claire.post(reverse("plan_line", args=[line.pk]), {"move": "x"}).status_code == 303

    def test_other_organisation_gets_404(self, client: Any, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        youssef = sign_in(client, world.cast.youssef)
        assert youssef.post(reverse("plan_line", args=[plan.lines.first().pk])).status_code == 404

    def test_same_queries_with_more_lines(self, claire: Any, world: World, django_assert_max_num_queries: Any) -> None:
        plans.make_plan(actor=world.claire)
        claire.get(reverse("plan"))
        with django_assert_max_num_queries(200) as few:
            cold_get(claire, reverse("plan"))
        for _n in range(5):
            world.ask()
            world.new_peer()
        plans.make_plan(actor=world.claire)
        with django_assert_max_num_queries(len(few)):
            cold_get(claire, reverse("plan"))
