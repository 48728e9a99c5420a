"""Stopping, erasing, forgetting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.cast import actor_of
from vecu.core import jobs, retention, tombstones, vault
from vecu.core.errors import Denied, Refused
from vecu.core.tables import Job, JobState, JournalEntry
from vecu.people import actions, erasures
from vecu.people.actions import erasing, invitations
from vecu.people.actor import system
from vecu.people.enums import Role, StopReason
from vecu.people.events import PersonStopped
from vecu.people.models import (
    ErasureRequest,
    Invitation,
    Person,
    User,
)
from vecu.people.tests.factories import UNTRUSTED

pytestmark = pytest.mark.django_db


class TestStopPerson:
    def test_everything_waiting_is_cancelled_and_nothing_leaves_later(self, cast, told):
        ran = []
        jobs.KINDS.pop("people.test", None)
        jobs.job("people.test")(ran.append)
        jobs.enqueue("people.test", about=cast.nadia.pk)
        jobs.enqueue("people.test", about=cast.helene.pk)
        actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DEATH)
        jobs.enqueue("people.test", about=cast.nadia.pk)
        jobs.run_due()
        assert len(ran) == 1
        assert Job.objects.filter(about=cast.nadia.pk, state=JobState.CANCELLED).count() == 2
        at = cast.nadia.stopped_at
        assert told == [PersonStopped(cast.nadia.pk, cast.committee.pk, "death", cast.claire.pk, at)]
        assert cast.nadia not in Person.objects.reachable()
        jobs.KINDS.pop("people.test")

    def test_twice_is_refused(self, cast, told):
        actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DISTRESS)
        with pytest.raises(Refused, match="already_stopped"):
            actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DEATH)

    def test_only_a_named_human_resumes(self, cast, told):
        actions.stop_person(cast.nadia, actor=system(cast.committee.pk), reason=StopReason.RELAPSE)
        with pytest.raises(Refused, match="human_needed"):
            actions.resume_person(cast.nadia, actor=system(cast.committee.pk), reason="elle va mieux")
        with pytest.raises(Refused, match="no_reason"):
            actions.resume_person(cast.nadia, actor=actor_of(cast.claire), reason="")
        actions.resume_person(cast.nadia, actor=actor_of(cast.claire), reason="elle va mieux")
        assert actions.may_leave(cast.nadia.pk)
        entry = JournalEntry.objects.get(verb="person.resume")
        assert (entry.actor_id, entry.reason) == (cast.claire.pk, "elle va mieux")

    @pytest.mark.parametrize("who", [*UNTRUSTED, "youssef"])
    def test_others_are_denied(self, cast, who, told):
        with pytest.raises(Denied):
            actions.stop_person(cast.nadia, actor=actor_of(getattr(cast, who)), reason=StopReason.DEATH)
        assert told == []


class TestErasure:
    def test_seven_days_to_change_ones_mind(self, cast):
        request = actions.ask_erasure(cast.nadia, actor=actor_of(cast.nadia))
        erasing.erase_due(timezone.now() + timedelta(days=6))
        assert Person.objects.get(pk=cast.nadia.pk).given_name == "Nadia"
        actions.cancel_erasure(request, actor=actor_of(cast.nadia))
        erasing.erase_due(timezone.now() + timedelta(days=8))
        assert Person.objects.get(pk=cast.nadia.pk).given_name == "Nadia"

    def test_one_who_cannot_be_erased_stops_nobody_else(self, cast, monkeypatch):
        for person in (cast.helene, cast.nadia):
            actions.ask_erasure(person, actor=actor_of(person))
        erase = erasing.erase_person

        def erase_but_one(person, **how):
            erase(person, **how)
            if person == cast.helene:
                raise RuntimeError

        monkeypatch.setattr(erasing, "erase_person", erase_but_one)
        with pytest.raises(jobs.SomeFailed):
            erasing.erase_due(timezone.now() + timedelta(days=8))
        erased = dict(Person.objects.values_list("pk", "erased_at"))
        assert erased[cast.helene.pk] is None and erased[cast.nadia.pk] is not None

    def test_nothing_readable_is_left(self, cast):
        key = cast.nadia.vault_id
        actions.ask_erasure(cast.nadia, actor=actor_of(cast.nadia))
        erasing.erase_due(timezone.now() + timedelta(days=8))
        person = Person.objects.get(pk=cast.nadia.pk)
        assert person.erased_at is not None and person.user is None
        assert not person.memberships.exists() and not person.consents.exists()
        assert not User.objects.filter(email__contains="nadia").exists()
        assert vault.opened(key).is_destroyed
        assert "Nadia" not in str([vars(row) for row in Person.objects.all()])
        assert person.pseudonym != cast.nadia.handle
        assert not actions.may_leave(person.pk)

    def test_only_the_person_asks(self, cast):
        for who in ("claire", "youssef", "helene"):
            with pytest.raises(Denied):
                actions.ask_erasure(cast.nadia, actor=actor_of(getattr(cast, who)))
        assert not ErasureRequest.objects.exists()

    def test_last_coordinator_hands_over_first(self, cast):
        with pytest.raises(Refused, match="last_coordinator"):
            actions.ask_erasure(cast.claire, actor=actor_of(cast.claire))

    def test_whoever_a_restored_backup_brings_back_is_erased_again(
        self, cast, settings, tmp_path, django_capture_on_commit_callbacks
    ):
        settings.VAR = tmp_path
        with django_capture_on_commit_callbacks(execute=True):
            actions.erase_person(cast.marc, actor=system())
        assert str(cast.marc.pk) not in tombstones.file().read_text()
        back = Person.objects.get(pk=cast.marc.pk)
        back.vault, back.given_name, back.erased_at = vault.new_key("people.person"), "Marc", None
        back.save()
        assert tombstones.apply() == 1
        back = Person.objects.get(pk=cast.marc.pk)
        assert back.erased_at is not None and vault.opened(back.vault_id).is_destroyed
        assert Person.objects.get(pk=cast.helene.pk).erased_at is None
        assert tombstones.apply() == 0

    def test_areas_above_add_their_part(self, cast, monkeypatch):
        done = []
        part = erasures.Part(preview=lambda person: [erasures.Fate("X")], erase=lambda person: done.append(person.pk))
        monkeypatch.setattr(erasures, "PARTS", [*erasures.PARTS, part])
        assert erasures.preview(cast.nadia)[0].what == "X"
        actions.erase_person(cast.nadia, actor=system())
        assert done == [cast.nadia.pk]

    def test_unused_account_is_warned_twice_then_erased(self, cast):
        start = timezone.now()
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=start)
        User.objects.filter(pk=cast.helene.user_id).update(last_login=start)
        for day in range(300, 420):
            now = start + timedelta(days=day)
            erasing.close_idle_accounts(now)
            erasing.erase_due(now)
        assert Job.objects.filter(kind="people.mail_idle").count() == 2
        assert Person.objects.get(pk=cast.nadia.pk).erased_at is not None
        assert Person.objects.get(pk=cast.helene.pk).erased_at is None

    def test_the_day_it_closes_is_the_day_on_the_wall(self, cast):
        """Half past midnight in Paris is still the day before in Greenwich."""
        late = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=late)
        erasing.close_idle_accounts(late + timedelta(days=340))
        assert Job.objects.get(kind="people.mail_idle").payload["closes_on"] == "2027-05-04"

    def test_signing_in_again_undoes_it(self, cast):
        start = timezone.now()
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=start)
        erasing.close_idle_accounts(start + timedelta(days=366))
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=start + timedelta(days=370))
        erasing.erase_due(start + timedelta(days=400))
        assert Person.objects.get(pk=cast.nadia.pk).erased_at is None
        assert not ErasureRequest.objects.exists()


class TestRetention:
    def test_what_is_past_its_end_goes_and_the_board_says_so(self, cast):
        invitations.prepare("x@courrier.example", Role.PEER, cast.committee, actor=actor_of(cast.claire))
        later = timezone.now() + timedelta(days=33)
        line = next(line for line in retention.board(later) if line.clock.model == "people.Invitation")
        assert (line.kept, line.forgotten) == (1, 1)
        assert retention.apply(later, dry=True)["people.Invitation"] == 1
        assert Invitation.objects.exists()
        retention.apply(later)
        assert not Invitation.objects.exists()

    def test_nothing_goes_before_its_end(self, cast):
        invitations.prepare("x@courrier.example", Role.PEER, cast.committee, actor=actor_of(cast.claire))
        retention.apply(timezone.now() + timedelta(days=29))
        assert Invitation.objects.exists()
