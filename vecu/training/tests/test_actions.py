"""Courses, cohorts and hours, attestations, renewal, withdrawal."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone, translation

from vecu.agenda import actions as agenda
from vecu.agenda.enums import EnrolmentState, Presence
from vecu.agenda.models import Enrolment, HalfDay
from vecu.core.errors import Denied, Refused
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.peers import readiness
from vecu.peers.actions import engagement
from vecu.peers.models import Clearance
from vecu.people.tests.factories import MembershipFactory, PersonFactory
from vecu.training import actions, hours
from vecu.training.enums import Qualification, Standing
from vecu.training.models import Attestation, CourseModule, Trainee, TraineePaper
from vecu.training.tests.factories import CourseFactory, attend, half_days, make_attestation, make_cohort

DAY = timedelta(days=1)


@pytest.fixture
def cohort(world: SimpleNamespace) -> Any:
    """Six days in two places, Marc and a nurse, led by Sabine."""
    return make_cohort(
        world.course,
        actor=world.sabine,
        host=world.people["sabine"],
        places=12,
        half_days=half_days(sites=(world.site, world.other_site)),
        people=(world.people["marc"], world.people["nadege"]),
    )


class TestCourses:
    def test_it_works(self, world: SimpleNamespace) -> None:
        course = actions.create_course(
            world.here,
            actor=world.sabine,
            title="Écoute",
            organiser="Nous",
            qualification=Qualification.LISTENING,
            minutes=420,
            modules=[("Écouter", 210), ("Se taire", 210)],
        )
        assert [module.title for module in course.modules.all()] == ["Écouter", "Se taire"]

    def test_modules_that_do_not_add_up_are_refused_and_nothing_is_kept(self, world: SimpleNamespace) -> None:
        with pytest.raises(Refused, match="modules_do_not_add_up"):
            actions.edit_course(world.course, actor=world.sabine, modules=[("Une seule", 60)])
        assert CourseModule.objects.filter(course=world.course).count() == 3

    def test_the_forty_hours_are_forty(self, world: SimpleNamespace) -> None:
        with pytest.raises(Refused, match="too_short"):
            actions.edit_course(world.course, actor=world.sabine, minutes=39 * 60)

    def test_role_without_right_is_denied(self, world: SimpleNamespace) -> None:
        for actor in (world.marc, world.nadege, world.solene, world.youssef):
            with pytest.raises(Denied):
                actions.edit_course(world.course, actor=actor, title="À moi")
        with pytest.raises(Denied):
            actions.create_course(
                world.here, actor=world.youssef, title="x", organiser="y", qualification="none", minutes=60
            )


class TestCohorts:
    def test_six_days_in_two_places(self, world: SimpleNamespace, cohort: Any) -> None:
        parts = HalfDay.objects.filter(gathering=cohort.gathering)
        assert parts.count() == 12
        assert set(parts.values_list("site_id", flat=True)) == {world.site.pk, world.other_site.pk}

    def test_patients_and_professionals_on_one_list_each_with_their_papers(
        self, world: SimpleNamespace, cohort: Any
    ) -> None:
        marc, nurse = (Trainee.objects.get(person=world.people[name]) for name in ("marc", "nadege"))
        assert (marc.standing, nurse.standing) == (Standing.PATIENT, Standing.PROFESSIONAL)
        assert actions.receive_papers(marc, ["registration"], actor=world.sabine) == ["rules", "expenses"]
        assert "employer" in actions.receive_papers(nurse, ["mission"], actor=world.sabine)
        with pytest.raises(Refused, match="unknown_choice"):
            actions.receive_papers(marc, ["employer"], actor=world.sabine)
        actions.receive_papers(marc, [], actor=world.sabine)
        assert not TraineePaper.objects.filter(trainee=marc).exists()

    def test_whoever_is_enrolled_by_the_agenda_is_a_trainee(self, world: SimpleNamespace, cohort: Any) -> None:
        late = PersonFactory()
        MembershipFactory(person=late, organisation=world.here, role="trainee")
        agenda.enrol(cohort.gathering, late, actor=world.claire)
        assert Trainee.objects.filter(cohort=cohort, person=late, standing=Standing.PROFESSIONAL).exists()

    def test_a_newcomer_has_a_file_and_a_place(self, world: SimpleNamespace, cohort: Any) -> None:
        made = actions.add_newcomer(
            cohort,
            actor=world.sabine,
            standing=Standing.PROFESSIONAL,
            given_name="Rachid",
            family_name="Belkacem",
            email="rachid@courrier.example",
        )
        assert made.state == EnrolmentState.ENROLLED
        assert made.person.user.email == "rachid@courrier.example"

    def test_the_last_place_then_the_waiting_list(self, world: SimpleNamespace) -> None:
        cohort = make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], places=1)
        first = actions.add_trainee(cohort, world.people["marc"], actor=world.sabine)
        second = actions.add_trainee(cohort, world.people["nadege"], actor=world.sabine)
        assert (first.state, second.state) == (EnrolmentState.ENROLLED, EnrolmentState.WAITING)

    def test_another_organisation_is_denied(self, world: SimpleNamespace, cohort: Any) -> None:
        with pytest.raises(Denied):
            actions.add_trainee(cohort, world.people["marc"], actor=world.youssef)
        with pytest.raises(Denied):
            actions.issue_for_cohort(cohort, actor=world.youssef)


class TestHours:
    def test_thirty_six_of_forty_and_the_half_day_by_name(self, world: SimpleNamespace, cohort: Any) -> None:
        marc = world.people["marc"]
        attend(cohort, marc, actor=world.sabine, but=[3])
        with translation.override("fr"):
            stands = hours.of_cohort(cohort, [marc.pk])[marc.pk]
            missed = HalfDay.objects.filter(gathering=cohort.gathering).order_by("starts_at")[3]
            assert stands.minutes == 2200 and not stands.is_complete
            assert stands.words == "36\u00a0h\u00a040 sur 40\u00a0h"
            assert [part.pk for part in stands.missed] == [missed.pk]
            assert "après-midi" in stands.missing_words and "3\u00a0h\u00a020" in stands.missing_words

    def test_a_half_day_followed_with_another_cohort_counts(self, world: SimpleNamespace, cohort: Any) -> None:
        marc = world.people["marc"]
        attend(cohort, marc, actor=world.sabine, but=[3])
        other = make_cohort(
            world.course, actor=world.sabine, host=world.people["sabine"], half_days=half_days(1, ago=3), people=(marc,)
        )
        agenda.record_presence(
            HalfDay.objects.filter(gathering=other.gathering).first(), marc, Presence.PRESENT, actor=world.sabine
        )
        assert hours.of_cohort(cohort, [marc.pk])[marc.pk].is_complete

    def test_what_is_to_come_is_not_missing(self, world: SimpleNamespace) -> None:
        cohort = make_cohort(
            world.course,
            actor=world.sabine,
            host=world.people["sabine"],
            half_days=half_days(ago=-3),
            people=(world.people["marc"],),
        )
        stands = hours.of_cohort(cohort, [world.people["marc"].pk])[world.people["marc"].pk]
        assert not stands.missed and len(stands.to_come) == 12

    def test_a_night_when_clocks_change_is_counted_in_true_minutes(self, world: SimpleNamespace) -> None:
        assert hours.say_minutes(0) == "0\u00a0min"
        with translation.override("fr"):
            assert hours.say_minutes(2370) == "39\u00a0h\u00a030"


class TestAttestations:
    def test_one_click_for_the_cohort_each_once_and_the_peer_is_ready(
        self, world: SimpleNamespace, cohort: Any
    ) -> None:
        for name in ("marc", "nadege"):
            attend(cohort, world.people[name], actor=world.sabine, but=[5] if name == "nadege" else [])
        assert not readiness.readiness(world.peer, world.site).is_ready
        done = actions.issue_for_cohort(cohort, actor=world.sabine)
        assert [made.person for made in done.attestations] == [world.people["marc"]]
        assert set(done.lacking) == {world.people["nadege"].pk}
        assert readiness.readiness(world.peer, world.site).is_ready
        again = actions.issue_for_cohort(cohort, actor=world.sabine)
        assert not again.attestations
        assert Attestation.objects.count() == 1
        assert Notice.objects.filter(person=world.people["marc"], kind=NoticeKind.ATTESTATION).count() == 1

    def test_a_course_without_modules_gives_one_too(self, world: SimpleNamespace) -> None:
        course = CourseFactory(organisation=world.course.organisation, modules=[])
        made = make_attestation(course, world.people["marc"], actor=world.sabine)
        assert made.content == []

    def test_what_it_says_is_a_copy(self, world: SimpleNamespace, cohort: Any) -> None:
        attend(cohort, world.people["marc"], actor=world.sabine)
        made = actions.issue_to(cohort, world.people["marc"], actor=world.sabine)
        last = HalfDay.objects.filter(gathering=cohort.gathering).order_by("starts_at").last()
        actions.edit_course(world.course, actor=world.sabine, title="Tout autre chose", modules=[("Rien", 2400)])
        made.refresh_from_db()
        assert (str(made.name), made.number, made.minutes) == ("Marc Ollivier", 1, 2400)
        assert made.title.startswith("Éducation") and len(made.content) == 3
        assert made.completed_on == timezone.localdate(last.starts_at)

    def test_thirty_nine_and_a_half_hours_give_none_and_say_what_is_missing(self, world: SimpleNamespace) -> None:
        given = half_days()
        given[3] = (given[3][0], given[3][1] - timedelta(minutes=30), *given[3][2:])
        cohort = make_cohort(
            world.course,
            actor=world.sabine,
            host=world.people["sabine"],
            half_days=given,
            people=(world.people["marc"],),
        )
        attend(cohort, world.people["marc"], actor=world.sabine)
        with translation.override("fr"), pytest.raises(Refused) as refusal:
            actions.issue_to(cohort, world.people["marc"], actor=world.sabine)
        assert refusal.value.code == "hours_missing"
        assert "39\u00a0h\u00a030 sur 40\u00a0h" in refusal.value.sentence and "30\u00a0min" in refusal.value.sentence
        assert not Attestation.objects.exists() and not Clearance.objects.filter(kind="training").exists()

    def test_someone_trained_first_is_ready_once_engaged(self, world: SimpleNamespace) -> None:
        make_attestation(world.course, world.people["nadege"], actor=world.claire)
        peer = engagement.add_peer(world.people["nadege"], actor=world.claire, organisation=world.here)
        assert Clearance.objects.filter(peer=peer, kind="training").exists()

    def test_role_without_right_is_denied(self, world: SimpleNamespace, cohort: Any) -> None:
        for actor in (world.marc, world.nadege, world.solene):
            with pytest.raises(Denied):
                actions.issue_for_cohort(cohort, actor=actor)


class TestRenewal:
    def test_a_new_date_and_the_old_one_stays(self, world: SimpleNamespace) -> None:
        course = CourseFactory(organisation=world.here, validity_months=24)
        old = make_attestation(course, world.people["marc"], actor=world.claire, ago=700)
        new = actions.renew(old, actor=world.sabine)
        old.refresh_from_db()
        assert new.replaces == old and new.number == old.number + 1
        assert new.completed_on == timezone.localdate() and new.expires_on > old.expires_on
        assert old.state == "valid" and str(old.code) != str(new.code)
        assert Clearance.objects.filter(peer=world.peer, kind="training").count() == 2
        with pytest.raises(Refused, match="already_renewed"):
            actions.renew(old, actor=world.sabine)

    def test_not_before_nor_in_the_future(self, world: SimpleNamespace) -> None:
        old = make_attestation(world.course, world.people["marc"], actor=world.claire)
        for day, code in ((old.completed_on, "not_after"), (timezone.localdate() + DAY, "future")):
            with pytest.raises(Refused, match=code):
                actions.renew(old, actor=world.sabine, completed_on=day)


class TestRevocation:
    def test_it_no_longer_holds_and_the_peer_is_not_ready_at_once(self, world: SimpleNamespace) -> None:
        made = make_attestation(world.course, world.people["marc"], actor=world.claire)
        assert readiness.readiness(world.peer, world.site).is_ready
        actions.revoke(made, actor=world.claire, reason="mistake")
        assert not readiness.readiness(world.peer, world.site).is_ready
        assert actions.find_by_code(str(made.code)).is_revoked
        with pytest.raises(Refused, match="stale"):
            actions.revoke(made, actor=world.claire, reason="mistake")
        with pytest.raises(Refused, match="revoked"):
            actions.renew(made, actor=world.claire)

    def test_another_one_may_be_issued_after_a_mistake(self, world: SimpleNamespace) -> None:
        made = make_attestation(world.course, world.people["marc"], actor=world.claire)
        actions.revoke(made, actor=world.claire, reason="identity")
        again = actions.issue_to(made.cohort, world.people["marc"], actor=world.claire)
        assert again.number == 2

    def test_a_reason_and_the_right_are_needed(self, world: SimpleNamespace) -> None:
        made = make_attestation(world.course, world.people["marc"], actor=world.claire)
        with pytest.raises(Refused, match="no_reason"):
            actions.revoke(made, actor=world.claire, reason="cancer")
        for actor in (world.sabine, world.marc, world.youssef):
            with pytest.raises(Denied):
                actions.revoke(made, actor=actor, reason="mistake")


class TestCodes:
    def test_it_is_found_however_it_is_typed(self, world: SimpleNamespace) -> None:
        made = make_attestation(world.course, world.people["marc"], actor=world.claire)
        code = str(made.code)
        assert len(code) == 16
        for typed in (code, code.lower(), "-".join((code[:4], code[4:])), f" {code[:8]} {code[8:]} "):
            assert actions.find_by_code(typed) == made
        for typed in ("", "x", code[:-1], code + "2", "A" * 16, "é" * 16, "\x00" * 16, "2" * 5000):
            assert actions.find_by_code(typed) is None

    def test_the_table_does_not_hold_it(self, world: SimpleNamespace) -> None:
        made = make_attestation(world.course, world.people["marc"], actor=world.claire)
        stored = Attestation.objects.filter(pk=made.pk).values_list("code", "code_mark", "name").get()
        assert str(made.code) not in str(stored) and "Ollivier" not in str(stored)
        assert Enrolment.objects.exists()
