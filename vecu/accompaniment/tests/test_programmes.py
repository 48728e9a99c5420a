"""Programmes and the links of wards: opened, closed, renewed."""

from __future__ import annotations

import pytest

from tests.cast import actor_of
from vecu.accompaniment.actions import programmes
from vecu.accompaniment.tests.factories import (
    ProgrammeFactory,
    make_safe,
)
from vecu.core.errors import Denied, Refused
from vecu.core.tables import JournalEntry

pytestmark = pytest.mark.django_db


class TestProgrammes:
    def test_opening_is_refused_until_pairing_is_safe(self, cast):
        programme, actor = ProgrammeFactory(organisation=cast.committee, closed=True), actor_of(cast.claire)
        with pytest.raises(Refused, match="pairing_not_safe") as refusal:
            programmes.open_programme(programme, actor=actor)
        assert "astreinte" in refusal.value.sentence or "horaires" in refusal.value.sentence
        make_safe(cast.committee, cast.solene)
        programmes.open_programme(programme, actor=actor)
        programme.refresh_from_db()
        assert programme.is_open

    def test_other_organisation_is_denied(self, cast):
        programme = ProgrammeFactory(organisation=cast.committee)
        for verb in (
            lambda actor: programmes.close_programme(programme, actor=actor),
            lambda actor: programmes.change_programme(programme, actor=actor, phone="01 99 00 00 00"),
            lambda actor: programmes.open_door(programme, actor=actor, site=cast.ward, ward="x"),
            lambda actor: programmes.create_programme(cast.committee, actor=actor, name="x", phone="01 99 00 00 00"),
        ):
            for person in (cast.youssef, cast.helene, cast.solene):
                with pytest.raises(Denied):
                    verb(actor_of(person))

    def test_door_is_found_however_it_is_typed(self, cast, programme):
        door = programmes.open_door(programme, actor=actor_of(cast.claire), site=cast.ward, ward="Hôpital de jour")
        written = programmes.written(door.token)
        assert len(written) == 14
        for typed in (door.token, written, written.upper(), f" {written} "):
            assert programmes.find_door(typed).pk == door.pk

    def test_renewed_and_closed_links_open_nothing(self, cast, programme):
        door = programmes.open_door(programme, actor=actor_of(cast.claire), site=cast.ward, ward="Hôpital de jour")
        old = door.token
        programmes.renew_door(door, actor=actor_of(cast.claire))
        assert programmes.find_door(old) is None
        programmes.set_door(door, actor=actor_of(cast.claire), is_open=False)
        assert programmes.find_door(door.token) is None

    def test_site_of_another_organisation_is_refused(self, cast, programme):
        with pytest.raises(Refused, match="other_site"):
            programmes.open_door(programme, actor=actor_of(cast.claire), site=cast.other_ward, ward="x")

    def test_changes_are_journaled_without_content(self, cast, programme):
        programmes.change_programme(programme, actor=actor_of(cast.claire), phone="01 99 00 55 55")
        entry = JournalEntry.objects.get(verb="programme.change")
        assert entry.reason == "phone"
