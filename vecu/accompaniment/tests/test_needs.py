"""Needs nobody could answer, and how long requests are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.cast import actor_of
from vecu.accompaniment import context
from vecu.accompaniment.actions import drafts, needs, triage
from vecu.accompaniment.models import RequestDraft, SupportRequest, UnmetNeed
from vecu.accompaniment.tests.test_requests import PARIS, received
from vecu.core import vault
from vecu.core.crypto import ERASED
from vecu.peers.enums import AgeClass
from vecu.people.actor import PUBLIC, Actor, system
from vecu.people.enums import Role

pytestmark = pytest.mark.django_db


def trainer(cast):
    """Someone who opens seats, and sees no request."""
    return Actor(None, cast.bertrand.pk, cast.committee.pk, frozenset({Role.TRAINER}), is_signed_in=True)


class TestNeeds:
    def test_a_need_is_counted_once_without_the_person(self, programme, cast):
        request = received(programme, cast, open=True)
        first = needs.note_need(request, actor=actor_of(cast.claire))
        assert needs.note_need(request, actor=actor_of(cast.claire)).pk == first.pk
        assert first.codes == ["cancer_sein", "travail"]
        assert (first.age_class, first.departement) == ("40_59", "44")

    def test_met_when_a_peer_is_found(self, programme, cast):
        request = received(programme, cast, open=True)
        needs.note_need(request, actor=actor_of(cast.claire))
        needs.mark_met(request, actor=system(cast.committee.pk))
        assert UnmetNeed.objects.get().met_on == timezone.localdate()

    def _needs(self, organisation, count, **fields):
        told = {"codes": ["stomie"], "role": "patient", "departement": "39", "age_class": "30_39", **fields}
        for _number in range(count):
            UnmetNeed.objects.create(organisation=organisation, noted_on=timezone.localdate(), **told)

    def test_small_groups_are_hidden_and_not_recovered_by_subtraction(self, cast):
        self._needs(cast.committee, 11)
        self._needs(cast.committee, 3, departement="44")
        self._needs(cast.other_hospital, 9)
        found = context.unmet_needs(trainer(cast))
        assert [(group.code, group.count) for group in found.groups] == [("stomie", 11)]
        assert (found.others, found.total) == (None, 11)

    def test_how_many_still_wait_is_not_told_when_they_are_few(self, cast):
        self._needs(cast.committee, 9)
        self._needs(cast.committee, 2, met_on=timezone.localdate())
        self._needs(cast.committee, 6, departement="44")
        found = context.unmet_needs(trainer(cast))
        assert [(group.count, group.standing) for group in found.groups] == [(11, None), (6, 6)]

    def test_several_small_groups_are_counted_together(self, cast):
        for departement in ("44", "85", "49"):
            self._needs(cast.committee, 2, departement=departement)
        found = context.unmet_needs(trainer(cast))
        assert (found.groups, found.others, found.total) == ([], 6, 6)

    def test_those_who_see_the_requests_see_every_group(self, cast):
        self._needs(cast.committee, 3, departement="44")
        self._needs(cast.committee, 1, met_on=timezone.localdate())
        found = context.unmet_needs(actor_of(cast.claire))
        assert [(group.departement, group.count, group.standing) for group in found.groups] == [
            ("44", 3, 3),
            ("39", 1, 0),
        ]

    @pytest.mark.parametrize(
        ("year", "is_minor", "expected"),
        [(None, False, ""), (None, True, "under_18"), (2010, False, "under_18"), (2008, False, "18_29"),
         (1996, False, "30_39"), (1970, False, "40_59"), (1960, False, "60_74"), (1940, False, "75_more")],
    )  # fmt: skip
    def test_age_classes(self, year, is_minor, expected):
        today = datetime(2026, 11, 21, tzinfo=PARIS).date()
        assert (AgeClass.of(year, today, is_minor=is_minor) or "") == expected


class TestRetention:
    def test_after_its_time_only_counts_remain(self, programme, cast):
        request = received(programme, cast, closed=True, with_receipt=True)
        needs.note_need(request, actor=actor_of(cast.claire))
        triage.erase_expired(timezone.now() + timedelta(days=366))
        row = SupportRequest.objects.get(pk=request.pk)
        assert row.needs is ERASED and row.own_words is ERASED
        assert (row.person, row.birth_year, row.departement, row.receipt_index) == (None, None, "", "")
        assert (row.source, row.closing) == ("online", "information")
        assert UnmetNeed.objects.get().request is None

    def test_before_its_time_nothing_is_erased(self, programme, cast):
        request = received(programme, cast, closed=True)
        triage.erase_expired(timezone.now() + timedelta(days=300))
        assert SupportRequest.objects.get(pk=request.pk).own_words

    def test_drafts_are_forgotten_after_a_week(self, programme):
        draft = drafts.save_step(None, "who", {"role": "patient"}, actor=PUBLIC, programme=programme)
        drafts.forget_drafts(timezone.now() + timedelta(days=6))
        assert RequestDraft.objects.filter(pk=draft.pk).exists()
        drafts.forget_drafts(timezone.now() + timedelta(days=8))
        assert not RequestDraft.objects.filter(pk=draft.pk).exists()
        assert vault.opened(draft.vault_id).is_destroyed
