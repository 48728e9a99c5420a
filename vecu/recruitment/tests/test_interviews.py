"""Meeting those who apply: hours, guides, and notes that nobody else opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from vecu.agenda.models import Gathering
from vecu.core.access import visible
from vecu.core.errors import Denied, Refused
from vecu.core.tables import Job
from vecu.messaging.models import Notice
from vecu.people.enums import Role
from vecu.recruitment.actions import applications, interviews, slots
from vecu.recruitment.models import Application, InterviewGuide, InterviewNote, InterviewSlot
from vecu.recruitment.tests.factories import Team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def team() -> Team:
    return Team()


class TestInterviews:
    def test_an_hour_is_taken_moved_and_given_back_alone(self, team: Team) -> None:
        application, first, second = team.apply(), team.offer(days=5), team.offer(days=6)
        holder = applications.holder(application)
        interviews.invite(application, actor=team.coordinator)
        interviews.book(application, first, actor=holder)
        assert Gathering.objects.filter(host=team.solene, state="planned").count() == 1
        interviews.book(application, second, actor=holder)
        assert InterviewSlot.objects.booked(application.pk).get() == second
        assert InterviewSlot.objects.free(timezone.now()).get() == first
        assert Gathering.objects.filter(host=team.solene, state="planned").count() == 1
        interviews.give_back(application, actor=holder)
        assert InterviewSlot.objects.free(timezone.now()).count() == 2
        assert not Gathering.objects.filter(state="planned").exists()

    def test_the_same_hour_goes_to_one(self, team: Team) -> None:
        slot, held = team.offer(days=5), team.offer(days=6)
        one, two = team.apply(), team.apply()
        for application in (one, two):
            interviews.invite(application, actor=team.coordinator)
        interviews.book(two, held, actor=applications.holder(two))
        interviews.book(one, slot, actor=applications.holder(one))
        with pytest.raises(Refused, match="taken"):
            interviews.book(two, slot, actor=applications.holder(two))
        assert InterviewSlot.objects.booked(two.pk).get() == held

    def test_nobody_takes_an_hour_elsewhere(self, team: Team) -> None:
        application, elsewhere = team.apply(), Team().offer()
        interviews.invite(application, actor=team.coordinator)
        with pytest.raises(Refused, match="not_to_meet"):
            interviews.book(application, elsewhere, actor=applications.holder(application))

    def test_no_hour_before_being_invited(self, team: Team) -> None:
        application = team.apply()
        with pytest.raises(Refused, match="not_to_meet"):
            interviews.book(application, team.offer(), actor=applications.holder(application))

    def test_reminded_once_the_day_before(self, team: Team) -> None:
        application, slot = team.apply(), team.offer(days=5)
        interviews.invite(application, actor=team.coordinator)
        interviews.book(application, slot, actor=applications.holder(application))
        assert interviews.remind(slot.starts_at - 3 * DAY) == 0
        assert interviews.remind(slot.starts_at - DAY) == 1
        assert interviews.remind(slot.starts_at - DAY) == 0

    def test_hours_do_not_overlap(self, team: Team) -> None:
        slot = team.offer()
        with pytest.raises(Refused, match="overlap"):
            slots.offer_slots(actor=team.psychologist, starts_at=slot.starts_at + timedelta(minutes=10), minutes=30)
        made = slots.offer_slots(actor=team.psychologist, starts_at=slot.ends_at, minutes=30, count=3)
        assert [one.held_as for one in made] == ["psychologist"] * 3

    def test_recorded_by_its_host_only_and_once(self, team: Team) -> None:
        past = timezone.now() - 9 * DAY
        application, slot = team.apply(past), team.offer(days=2, now=past)
        interviews.invite(application, actor=team.coordinator, now=past)
        interviews.book(application, slot, actor=applications.holder(application), now=past)
        with pytest.raises(Denied):
            interviews.record_interview(slot, actor=team.coordinator, outcome="favourable")
        interviews.record_interview(slot, actor=team.psychologist, outcome="favourable")
        slot.refresh_from_db()
        with pytest.raises(Refused, match="no_interview"):
            interviews.record_interview(slot, actor=team.psychologist, outcome="again")
        application.refresh_from_db()
        assert application.state == "interviewed"

    def test_each_step_takes_the_place_of_the_one_before(self, team: Team) -> None:
        past = timezone.now() - 9 * DAY
        application, slot = team.apply(past), team.offer(days=2, now=past)

        def waiting() -> set[str]:
            return set(Notice.objects.unread().filter(about=application.pk).values_list("kind", flat=True))

        assert waiting() == {"application"}
        interviews.invite(application, actor=team.coordinator, now=past)
        interviews.book(application, slot, actor=applications.holder(application), now=past)
        interviews.record_interview(slot, actor=team.psychologist, outcome="favourable")
        assert waiting() == {"interview_noted"}

    def test_absence_concludes_nothing(self, team: Team) -> None:
        past = timezone.now() - 9 * DAY
        application, slot = team.apply(past), team.offer(days=2, now=past)
        interviews.invite(application, actor=team.coordinator, now=past)
        interviews.book(application, slot, actor=applications.holder(application), now=past)
        interviews.note_absence(slot, actor=team.psychologist)
        application.refresh_from_db()
        assert application.state == "to_meet"
        interviews.book(application, team.offer(), actor=applications.holder(application))

    def test_given_on_the_phone_to_someone_without_mail(self, team: Team) -> None:
        application, slot = team.apply(contact={"email": ""}), team.offer()
        interviews.invite(application, actor=team.coordinator)
        with pytest.raises(Denied):
            interviews.give_hour(application, slot, actor=team.psychologist)
        interviews.give_hour(application, slot, actor=team.coordinator)
        assert InterviewSlot.objects.booked(application.pk).get() == slot

    def test_an_hour_taken_back_is_said(self, team: Team) -> None:
        application, slot = team.apply(), team.offer()
        interviews.invite(application, actor=team.coordinator)
        interviews.book(application, slot, actor=applications.holder(application))
        before = Job.objects.filter(kind="mail").count()
        interviews.remove_slot(slot, actor=team.psychologist)
        assert Job.objects.filter(kind="mail").count() == before + 1
        assert not Gathering.objects.filter(state="planned").exists()


class TestNotes:
    NOTES = "Très éprouvé par l’hiver, à revoir avec douceur."

    @pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)])
    def test_no_other_role_opens_them(self, team: Team, role: Role) -> None:
        """Whatever the role, in the same organisation, and whoever held the interview."""
        for host in (team.psychologist, team.coordinator):
            team.meet(host, notes=self.NOTES)
        reader = team.actor(team._member(role), role)
        assert not visible(InterviewNote, reader).exists()
        note = InterviewNote.objects.first()
        with pytest.raises(Denied):
            interviews.change_notes(note, actor=reader, words="")

    def test_their_author_does(self, team: Team) -> None:
        team.meet(notes=self.NOTES)
        note = visible(InterviewNote, team.psychologist).get()
        assert note.words == self.NOTES
        interviews.change_notes(note, actor=team.psychologist, words="Autre chose.")
        assert InterviewNote.objects.get().words == "Autre chose."

    def test_their_key_is_their_own(self, team: Team) -> None:
        application = team.meet(notes=self.NOTES, guide={"motivation": "Rendre."})
        note, guide = InterviewNote.objects.get(), InterviewGuide.objects.get()
        assert len({note.vault_id, guide.vault_id, application.vault_id, application.own_vault_id}) == 4

    def test_a_psychologists_guide_is_theirs(self, team: Team) -> None:
        team.meet(guide={"motivation": "Rendre."})
        assert not visible(InterviewGuide, team.coordinator).exists()
        assert visible(InterviewGuide, team.psychologist).get().answers["motivation"] == "Rendre."

    def test_a_coordinators_guide_is_read_by_the_others(self, team: Team) -> None:
        team.meet(team.coordinator, guide={"motivation": "Rendre."})
        assert visible(InterviewGuide, team.other).exists()
        assert not visible(InterviewGuide, team.psychologist).exists()
        assert not visible(InterviewGuide, Team().coordinator).exists()

    def test_a_psychologist_sees_those_whom_they_meet(self, team: Team) -> None:
        met, unknown = team.meet(), team.apply()
        assert list(visible(Application, team.psychologist)) == [met]
        assert set(visible(Application, team.coordinator)) == {met, unknown}
