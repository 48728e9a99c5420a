"""Leaving with thanks, coming back, and the portfolio: counts, and never anybody's name but one's own."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from vecu.agenda import actions as agenda
from vecu.agenda.enums import GatheringKind, Presence
from vecu.core.errors import Denied, Refused
from vecu.peers import actions as peers
from vecu.people import records
from vecu.people.tests.factories import PersonFactory
from vecu.training import actions
from vecu.training.actions.attestations import said_code
from vecu.training.models import EngagementAttestation
from vecu.training.tests.factories import half_days, make_attestation

LETTER = "Cher Marc, merci pour tout."


@pytest.fixture
def left(world: SimpleNamespace) -> SimpleNamespace:
    """Marc was in a supervision group one day, of six hours and forty minutes; he left today."""
    group = agenda.plan_gathering(
        world.here,
        actor=world.claire,
        kind=GatheringKind.SUPERVISION,
        title="Groupe",
        host=world.people["solene"],
        half_days=half_days(days=1, ago=20),
    )
    agenda.enrol(group, world.people["marc"], actor=world.claire)
    for half_day in group.half_days.all():
        agenda.record_presence(half_day, world.people["marc"], Presence.PRESENT, actor=world.claire)
    peers.end_engagement(world.peer, actor=world.claire)
    world.peer.refresh_from_db()
    return world


def thank(world: SimpleNamespace) -> EngagementAttestation:
    return actions.thank(world.peer, actor=world.claire, letter=LETTER)


class TestThanks:
    def test_what_was_given_is_counted_once_and_for_all(self, left: SimpleNamespace) -> None:
        given = thank(left)
        assert [tuple(line) for line in given.content] == [("Supervision", "2 demi-journées, 6\xa0h\xa040")]
        assert (given.started_on, given.ended_on) == (left.peer.started_on, timezone.localdate())

    def test_not_before_they_have_left_nor_without_a_word(self, world: SimpleNamespace) -> None:
        with pytest.raises(Refused):
            thank(world)
        peers.end_engagement(world.peer, actor=world.claire)
        with pytest.raises(Refused):
            actions.thank(world.peer, actor=world.claire, letter="  ")
        for stranger in (world.sabine, world.solene, world.youssef):
            with pytest.raises(Denied):
                actions.thank(world.peer, actor=stranger, letter=LETTER)

    def test_written_again_the_old_code_opens_nothing(self, left: SimpleNamespace) -> None:
        old = str(thank(left).code)
        new = str(thank(left).code)
        assert actions.find_engagement(old) is None and actions.find_engagement(said_code(new)) is not None
        assert EngagementAttestation.objects.count() == 1

    def test_written_again_it_is_the_same_one_and_the_wish_to_come_back_stays(self, left: SimpleNamespace) -> None:
        """The notice already sent opens it."""
        given = thank(left)
        actions.ask_to_return(given, actor=left.marc)
        again = actions.thank(left.peer, actor=left.claire, letter="Encore merci.")
        assert again.pk == given.pk and str(EngagementAttestation.objects.get().letter) == "Encore merci."
        assert EngagementAttestation.objects.get().return_asked_on == timezone.localdate()

    def test_it_follows_into_the_other_file_of_the_person(self, left: SimpleNamespace) -> None:
        given, into = thank(left), PersonFactory()
        actions.move_training(left.people["marc"].pk, into.pk)
        moved = actions.find_engagement(str(given.code))
        assert moved is not None and (moved.pk, moved.person) == (given.pk, into)
        assert (str(moved.letter), moved.content) == (LETTER, [list(line) for line in given.content])

    def test_erased_with_the_person(self, left: SimpleNamespace) -> None:
        code = str(thank(left).code)
        actions.erase_training(left.people["marc"].pk)
        assert actions.find_engagement(code) is None


class TestReturn:
    def test_asked_once_then_opened_by_the_coordinator(self, left: SimpleNamespace) -> None:
        given = thank(left)
        for _time in range(2):
            actions.ask_to_return(given, actor=left.marc)
        assert given.return_asked_on == timezone.localdate()
        back = peers.reopen_engagement(left.peer, actor=left.claire)
        assert back.ended_on is None and back.started_on == timezone.localdate()
        with pytest.raises(Refused):
            actions.ask_to_return(given, actor=left.marc)

    def test_nobody_asks_for_another(self, left: SimpleNamespace) -> None:
        given = thank(left)
        with pytest.raises(Denied):
            actions.ask_to_return(given, actor=left.claire)
        with pytest.raises((Refused, Denied)):
            peers.reopen_engagement(left.peer, actor=left.marc)


class TestRecords:
    def test_everything_with_its_proof(self, world: SimpleNamespace) -> None:
        attestation = make_attestation(world.course, world.people["marc"], actor=world.claire)
        found = {record.key: record for record in records.of(world.people["marc"])}
        training = found[f"attestation-{attestation.pk}"]
        assert "40\xa0h" in training.detail and said_code(str(attestation.code)) in training.proof
        assert found[f"engagement-{world.peer.pk}"].detail

    def test_here_only_when_asked(self, left: SimpleNamespace) -> None:
        assert records.of(left.people["marc"], left.elsewhere.pk) == []

    def test_a_withdrawn_attestation_is_left_out(self, world: SimpleNamespace) -> None:
        attestation = make_attestation(world.course, world.people["marc"], actor=world.claire)
        actions.revoke(attestation, actor=world.claire, reason="identity")
        assert f"attestation-{attestation.pk}" not in {record.key for record in records.of(world.people["marc"])}


def words_of(content: bytes) -> int:
    """How many pages, once tagged and titled are sure."""
    with pikepdf.open(io.BytesIO(content)) as made:
        assert made.Root.MarkInfo.Marked and made.Root.Lang
        return len(made.pages)


class TestPages:
    def test_portfolio(self, left: SimpleNamespace, enter: Any) -> None:
        client, page = enter("marc"), reverse("own_portfolio")
        assert "Supervision" in client.get(page).text and page in client.get(reverse("own_training")).text
        answer = client.post(page, {"groups": ["groups-supervision"]})
        assert answer["Content-Disposition"] == 'attachment; filename="portfolio.pdf"' and words_of(answer.content) == 1
        assert client.post(page, {"with_proofs": "on"}).status_code == 422
        assert client.post(page, {"groups": ["groups-of-somebody-else"]}).status_code == 422

    def test_thanks_from_the_file_to_the_check_page(self, left: SimpleNamespace, enter: Any) -> None:
        client, page = enter("claire"), reverse("engagement_thank", args=[left.peer.pk])
        assert page in client.get(reverse("peer_detail", args=[left.peer.pk])).text
        assert "6\xa0h\xa040" in client.get(page).text
        assert client.post(page, {"letter": ""}).status_code == 422
        assert client.post(page, {"letter": LETTER}).status_code == 303
        given = EngagementAttestation.objects.get()
        paper = reverse("engagement_pdf", args=[given.pk])
        assert words_of(client.get(paper).content) == 2
        client = enter("marc")
        assert LETTER in client.get(reverse("own_engagement", args=[given.pk])).text
        assert client.get(paper).status_code == 200
        assert client.post(reverse("engagement_return", args=[given.pk])).status_code == 303
        client.logout()
        checked = client.get(reverse("attestation_check", args=[said_code(str(given.code))])).text
        assert "Marc Ollivier" in checked and "Attestation d’engagement" in checked
        assert LETTER not in checked and "Supervision" not in checked

    def test_role_without_right(self, left: SimpleNamespace, enter: Any) -> None:
        given = thank(left)
        for name, status in (("sabine", 403), ("solene", 403), ("youssef", 404)):
            assert enter(name).get(reverse("engagement_thank", args=[left.peer.pk])).status_code == status
            for own in ("own_engagement", "engagement_pdf"):
                assert enter(name).get(reverse(own, args=[given.pk])).status_code in (403, 404)

    def test_they_come_back(self, left: SimpleNamespace, enter: Any) -> None:
        assert enter("youssef").post(reverse("peer_reopen", args=[left.peer.pk])).status_code == 404
        assert enter("claire").post(reverse("peer_reopen", args=[left.peer.pk])).status_code == 303
        left.peer.refresh_from_db()
        assert left.peer.ended_on is None
