"""What ends: the list, reminders before and after, and what becomes of it all in the end."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from vecu.core import jobs, retention
from vecu.core.errors import Denied, Refused
from vecu.core.tables import DataKey, Job
from vecu.core.tests.photos import photo
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.peers import readiness
from vecu.peers.models import Clearance, SiteAgreement
from vecu.peers.tests.factories import AgreementFactory, ClearanceFactory, PeerFactory
from vecu.people import exports
from vecu.people.tests.factories import SiteFactory
from vecu.training import actions, erasures, expiries, panels
from vecu.training.actions import reminders
from vecu.training.enums import EquivalenceState
from vecu.training.expiries import AGREEMENT, ATTESTATION
from vecu.training.models import Attestation, Equivalence, Trainee
from vecu.training.tests.factories import CourseFactory, make_attestation, make_equivalence

DAY = timedelta(days=1)


def today() -> date:
    return timezone.localdate()


def found(world: SimpleNamespace) -> list[tuple[str, str, date]]:
    return [(row.kind, row.what, row.ends_on) for row in expiries.endings([world.here.pk])]


def insure(world: SimpleNamespace, ends_on: date) -> Clearance:
    """Marc's only insurance ends that day."""
    world.peer.clearances.filter(kind="insurance").update(expires_on=ends_on)
    return world.peer.clearances.get(kind="insurance")


class TestList:
    @pytest.mark.parametrize(
        ("days", "is_there"), [(-181, False), (-180, True), (-1, True), (0, True), (90, True), (91, False)]
    )
    def test_ninety_days_ahead_and_what_has_ended(self, world: SimpleNamespace, days: int, is_there: bool) -> None:
        insure(world, today() + days * DAY)
        assert bool(found(world)) is is_there

    def test_what_was_renewed_ends_nothing(self, world: SimpleNamespace) -> None:
        insure(world, today() + 20 * DAY)
        ClearanceFactory(peer=world.peer, kind="insurance", expires_on=today() + 400 * DAY)
        assert not found(world)
        ClearanceFactory(peer=world.peer, kind="charter", expires_on=today() + 5 * DAY)
        assert not found(world), "another charter has no end"

    def test_of_those_who_left_and_of_others_nothing(self, world: SimpleNamespace) -> None:
        insure(world, today() + 20 * DAY)
        elsewhere = PeerFactory(organisation=world.elsewhere)
        ClearanceFactory(peer=elsewhere, kind="insurance", expires_on=today() + 3 * DAY)
        assert len(found(world)) == 1
        world.peer.ended_on = today() - DAY
        world.peer.save()
        assert not found(world)

    def test_attestations_and_conventions_each_once(self, world: SimpleNamespace) -> None:
        course = CourseFactory(organisation=world.here, validity_months=1, title="Reprise")
        made = make_attestation(course, world.people["marc"], actor=world.claire, ago=5)
        convention = AgreementFactory(site=world.other_site, ends_on=today() + 80 * DAY)
        assert sorted(kind for kind, _what, _on in found(world)) == [AGREEMENT, ATTESTATION]
        assert (ATTESTATION, "Reprise", made.expires_on) in found(world)
        AgreementFactory(site=world.other_site, starts_on=today(), ends_on=None)
        actions.renew(made, actor=world.claire)
        left = found(world)
        assert [kind for kind, _what, _on in left] == [ATTESTATION] and left[0][2] > made.expires_on
        assert convention.pk

    def test_the_same_queries_whatever_their_number(
        self, world: SimpleNamespace, django_assert_num_queries: Any
    ) -> None:
        for _number in range(12):
            peer = PeerFactory(organisation=world.here)
            ClearanceFactory(peer=peer, kind="insurance", expires_on=today() + 3 * DAY)
        with django_assert_num_queries(4):
            assert len(expiries.endings([world.here.pk])) == 12
        assert len(expiries.endings([world.here.pk], most=5)) == 5


class TestReminders:
    @pytest.mark.parametrize(
        ("days", "stage"),
        [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, -1), (-14, -1), (-15, None)],
    )
    def test_stages(self, days: int, stage: int | None) -> None:
        assert reminders.stage_of(today() + days * DAY, today()) == stage

    def test_told_once_a_stage_and_again_once_over(self, world: SimpleNamespace) -> None:
        clearance = insure(world, today() + 45 * DAY)
        assert actions.remind_of_endings(today()) == 1
        assert actions.remind_of_endings(today() + DAY) == 0
        self.work()
        notice = Notice.objects.get(person=world.people["marc"])
        assert (notice.kind, notice.about) == (NoticeKind.PROOF_ENDS, clearance.pk)
        later = clearance.expires_on + DAY
        assert actions.remind_of_endings(later) == 1
        with time_machine.travel(timezone.now() + 46 * DAY):
            self.work()
        assert Notice.objects.filter(person=world.people["marc"], kind=NoticeKind.PROOF_OVER).count() == 1

    def test_a_convention_is_told_to_those_who_coordinate(self, world: SimpleNamespace) -> None:
        """Before the papers of each, on their first screen: nobody is ready there any more once it is over."""
        last = {"organisation": world.here, "ends_on": today() + 60 * DAY}
        agreement = AgreementFactory(site=world.other_site, **last)
        for _other in range(3):
            AgreementFactory(site=SiteFactory(organisation=world.here), **last)
        for _other in range(panels.SHOWN):
            peer = PeerFactory(organisation=world.here)
            ClearanceFactory(peer=peer, kind="insurance", expires_on=today() + 5 * DAY)
        actions.remind_of_endings(today())
        self.work()
        notice = Notice.objects.get(url_name="expiry_list")
        assert notice.person_id == world.people["claire"].pk, "one word for all that end"
        lines = panels.training_today(world.claire, timezone.now()).endings
        assert [line.ends_on for line in lines] == [agreement.ends_on] * 2 + [today() + 5 * DAY] * 3
        for agreement in SiteAgreement.objects.filter(organisation=world.here):
            agreement.site.is_open = False
            agreement.site.save()
        assert not [line for line in found(world) if line[0] == AGREEMENT], "nobody goes to a closed site"

    def test_renewed_meanwhile_nothing_is_said(self, world: SimpleNamespace) -> None:
        insure(world, today() + 20 * DAY)
        actions.remind_of_endings(today())
        ClearanceFactory(peer=world.peer, kind="insurance", expires_on=today() + 400 * DAY)
        self.work()
        assert not Notice.objects.filter(person=world.people["marc"]).exists()

    def test_nothing_leaves_about_someone_stopped(self, world: SimpleNamespace) -> None:
        insure(world, today() + 20 * DAY)
        person = world.people["marc"]
        person.stopped_at, person.stop_reason = timezone.now(), "death"
        person.save()
        actions.remind_of_endings(today())
        self.work()
        assert not Notice.objects.filter(person=person).exists()

    def test_a_job_holds_no_word(self, world: SimpleNamespace) -> None:
        insure(world, today() + 20 * DAY)
        actions.remind_of_endings(today())
        payload = Job.objects.get(kind="training.remind").payload
        assert set(payload) == {"organisation", "key", "ends_on"}

    def work(self) -> None:
        """The jobs that wait, as a worker runs them."""
        for job in Job.objects.filter(kind="training.remind", state="queued"):
            with contextlib.suppress(jobs.Drop):
                jobs.KINDS[job.kind].handler(job.payload)
            Job.objects.filter(pk=job.pk).update(state="done")


class TestEquivalences:
    def test_accepted_the_peer_is_ready_revoked_not_any_more(self, world: SimpleNamespace) -> None:
        sent = make_equivalence(world.people["marc"], world.here, actor=world.marc)
        assert not readiness.readiness(world.peer, world.site).is_ready
        actions.decide(sent, "accept", actor=world.claire)
        assert readiness.readiness(world.peer, world.site).is_ready
        with pytest.raises(Refused, match="no_answer"):
            actions.decide(sent, "revoke", actor=world.claire)
        actions.decide(sent, "revoke", actor=world.claire, answer="Ce diplôme n’est plus reconnu.")
        assert not readiness.readiness(world.peer, world.site).is_ready
        assert sent.state == EquivalenceState.REVOKED
        again = make_equivalence(world.people["marc"], world.here, actor=world.marc)
        assert again.state == EquivalenceState.ASKED

    def test_a_diploma_of_something_else_gives_no_proof(self, world: SimpleNamespace) -> None:
        sent = make_equivalence(world.people["marc"], world.here, actor=world.marc, qualification="listening")
        actions.decide(sent, "accept", actor=world.claire)
        assert not readiness.readiness(world.peer, world.site).is_ready

    def test_nobody_decides_about_their_own(self, world: SimpleNamespace) -> None:
        own = make_equivalence(world.people["claire"], world.here, actor=world.claire)
        with pytest.raises(Refused, match="own"):
            actions.decide(own, "accept", actor=world.claire)

    def test_the_file_and_its_title_are_sealed(self, world: SimpleNamespace) -> None:
        sent = make_equivalence(world.people["marc"], world.here, actor=world.marc)
        stored = Equivalence.objects.filter(pk=sent.pk).values_list("proof", "diploma").get()
        assert b"JFIF" not in bytes(stored[0].data) and "DU" not in str(stored)

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"qualification": "none"}, "unknown_choice"),
            ({"qualification": "pilote"}, "unknown_choice"),
            ({"obtained_on": date(1850, 1, 1)}, "strange_date"),
            ({"obtained_on": date(2150, 1, 1)}, "future"),
            ({"diploma": "x" * 201}, "incomplete"),
            ({"diploma": " "}, "no_diploma"),
        ],
    )
    def test_what_cannot_be_is_refused(self, world: SimpleNamespace, told: dict[str, Any], code: str) -> None:
        with pytest.raises(Refused, match=code):
            make_equivalence(world.people["marc"], world.here, actor=world.marc, **told)
        assert not Equivalence.objects.exists()

    def test_role_without_right_is_denied(self, world: SimpleNamespace) -> None:
        sent = make_equivalence(world.people["marc"], world.here, actor=world.marc)
        for actor in (world.marc, world.sabine, world.solene, world.youssef):
            with pytest.raises(Denied):
                actions.decide(sent, "accept", actor=actor)
        for actor in (world.sabine, world.solene, world.youssef, world.nadege):
            with pytest.raises(Denied):
                actions.read_proof(sent, actor=actor)
        with pytest.raises(Denied):
            make_equivalence(world.people["marc"], world.here, actor=world.sabine)


class TestEnd:
    def test_erased_a_number_stays_and_nothing_else(self, world: SimpleNamespace) -> None:
        marc = world.people["marc"]
        made = make_attestation(world.course, marc, actor=world.claire)
        sent = make_equivalence(marc, world.here, actor=world.marc)
        key, code = sent.vault_id, str(made.code)
        assert len(erasures.preview(marc)) == 3
        actions.erase_training(marc.pk)
        assert actions.find_by_code(code) is None
        assert not Trainee.objects.filter(person=marc).exists() and not Equivalence.objects.exists()
        assert not DataKey.objects.filter(pk=key, destroyed_at=None).exists()
        assert Attestation.objects.get().number == made.number

    def test_in_ones_own_copy(self, world: SimpleNamespace) -> None:
        marc = world.people["marc"]
        made = make_attestation(world.course, marc, actor=world.claire)
        make_equivalence(marc, world.here, actor=world.marc, file=photo())
        said = {section.name: section.rows for part in exports.PARTS for section in part(marc)}
        assert str(made.code)[:4] in str(said["attestations"]) and len(said["courses"]) == 1
        assert "DU" in str(said["equivalences"])
        files = [name for part in exports.FILES for name, _data in part(marc)]
        assert any(name.startswith("diplomes/") and name.endswith(".jpg") for name in files)

    def test_time_takes_them(self, world: SimpleNamespace) -> None:
        marc = world.people["marc"]
        made = make_attestation(world.course, marc, actor=world.claire)
        sent = make_equivalence(marc, world.here, actor=world.marc)
        key = sent.vault_id
        retention.apply(timezone.now() + 366 * DAY)
        assert not Equivalence.objects.exists()
        assert not DataKey.objects.filter(pk=key, destroyed_at=None).exists()
        assert Attestation.objects.filter(pk=made.pk).exists()
        retention.apply(timezone.now() + 21 * 365 * DAY)
        assert not Attestation.objects.exists() and not Trainee.objects.exists()

    def test_two_files_of_one_person(self, world: SimpleNamespace) -> None:
        made = make_attestation(world.course, world.people["marc"], actor=world.claire)
        code = str(made.code)
        actions.move_training(world.people["marc"].pk, world.people["nadege"].pk)
        moved = actions.find_by_code(code)
        assert moved is not None and moved.person == world.people["nadege"]
        assert str(Attestation.objects.get().name) == "Marc Ollivier"
