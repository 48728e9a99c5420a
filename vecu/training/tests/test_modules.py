"""Modules online: written by whoever runs the course, followed at one's own pace, a diary that nobody else reads."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from vecu.agenda import actions as agenda
from vecu.agenda.models import Enrolment
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.errors import Denied, Refused
from vecu.core.models import JournalEntry
from vecu.core.tests import recordings
from vecu.people import exports
from vecu.people.tests.factories import PersonFactory
from vecu.training import actions, followings, hours
from vecu.training.actions import PageGiven
from vecu.training.models import (
    Attestation,
    Cohort,
    CourseModule,
    DiaryNote,
    ModuleFollowing,
    ModulePage,
    PageSound,
    Trainee,
)
from vecu.training.tests.factories import MODULES, attend, half_days, make_cohort, make_short_cohort
from vecu.training.tests.test_looks import someone

DAY = timedelta(days=1)
CHOICES = (("Se taire", False), ("Demander ce qui aiderait", True))
GIVEN = {
    "text": PageGiven("Écouter", "# Pourquoi\n\nParce que."),
    "question": PageGiven("Que dire ?", "Quelqu’un pleure.", choices=CHOICES, explanation="Demander laisse le choix."),
    "reflection": PageGiven("Pour vous", "À quoi pensez-vous ?"),
}


def sound_given(**told: Any) -> PageGiven:
    return PageGiven("À écouter", file=io.BytesIO(recordings.wav()), transcript="Trois notes.", **told)


@pytest.fixture
def module(world: SimpleNamespace) -> CourseModule:
    """The first module of the course: a text, a question and a moment for oneself; twenty minutes."""
    module = world.course.modules.first()
    for kind, given in GIVEN.items():
        actions.add_page(module, kind, given, actor=world.sabine)
    return actions.set_online_minutes(module, actor=world.sabine, minutes=20)


@pytest.fixture
def cohort(world: SimpleNamespace, module: CourseModule) -> Cohort:
    return make_short_cohort(world, timezone.now() - 5 * DAY, timezone.now() + 3 * DAY, learners=["marc", "nadege"])


@pytest.fixture
def marc(world: SimpleNamespace, cohort: Cohort) -> Trainee:
    return cohort.trainees.get(person=world.people["marc"])


def pages(module: CourseModule) -> list[ModulePage]:
    return list(ModulePage.objects.filter(module=module))


def see_all(trainee: Trainee, module: CourseModule, actor: Any) -> ModuleFollowing:
    return [actions.see_page(trainee, page, actor=actor) for page in pages(module)][-1]


class TestWriting:
    def test_pages_in_order_moved_and_taken_out(self, world: SimpleNamespace, module: CourseModule) -> None:
        text, question, reflection = pages(module)
        actions.move_page(reflection, actor=world.sabine, steps=-2)
        assert pages(module) == [reflection, text, question]
        actions.move_page(text, actor=world.sabine, steps=9)
        actions.remove_page(question, actor=world.sabine)
        assert pages(module) == [reflection, text]

    @pytest.mark.parametrize(
        ("kind", "given"),
        [
            ("film", GIVEN["text"]),
            ("text", PageGiven("Vide")),
            ("text", PageGiven(" ", "Sans titre")),
            ("question", PageGiven("Q", "?", choices=CHOICES[:1], explanation="x")),
            ("question", PageGiven("Q", "?", choices=CHOICES[:1] * 2, explanation="x")),
            ("question", PageGiven("Q", "?", choices=[("a" * 201, True), ("b", False)], explanation="x")),
            ("question", PageGiven("Q", "?", choices=CHOICES)),
            ("reflection", PageGiven("R")),
            ("sound", PageGiven("S", transcript="Rien")),
            ("sound", PageGiven("S", file=io.BytesIO(recordings.wav()))),
            ("sound", PageGiven("S", file=io.BytesIO(b"not a sound"), transcript="Rien")),
        ],
    )
    def test_half_a_page_is_refused(
        self, world: SimpleNamespace, module: CourseModule, kind: str, given: PageGiven
    ) -> None:
        with pytest.raises(Refused):
            actions.add_page(module, kind, given, actor=world.sabine)

    def test_only_those_who_run_trainings(self, world: SimpleNamespace, module: CourseModule) -> None:
        for stranger in (world.solene, world.marc, world.nadege, world.youssef):
            with pytest.raises(Denied):
                actions.add_page(module, "text", GIVEN["text"], actor=stranger)
            with pytest.raises(Denied):
                actions.remove_page(pages(module)[0], actor=stranger)

    def test_a_sound_says_nothing_of_who_recorded_it_and_ends_with_its_key(
        self, world: SimpleNamespace, module: CourseModule
    ) -> None:
        page = actions.add_page(module, "sound", sound_given(), actor=world.sabine)
        sound = PageSound.objects.get(page=page)
        assert b"Nadia" not in bytes(sound.data) and (sound.kind, sound.seconds) == ("audio/wav", 2)
        actions.edit_page(page, PageGiven("Autre", transcript="Quatre notes."), actor=world.sabine)
        sound.refresh_from_db()
        assert sound.transcript == "Quatre notes." and sound.seconds == 2
        actions.remove_page(page, actor=world.sabine)
        assert vault.opened(sound.vault_id).is_destroyed and not PageSound.objects.exists()

    def test_no_longer_online_than_the_module(self, world: SimpleNamespace, module: CourseModule) -> None:
        with pytest.raises(Refused):
            actions.set_online_minutes(module, actor=world.sabine, minutes=module.minutes + 1)

    def test_a_course_written_otherwise_keeps_its_pages(self, world: SimpleNamespace, module: CourseModule) -> None:
        renamed = [("Écouter", 800), MODULES[2], MODULES[1]]
        actions.edit_course(world.course, actor=world.sabine, modules=renamed)
        held = list(CourseModule.objects.filter(course=world.course).values_list("title", flat=True))
        assert held == [title for title, _minutes in renamed]
        module.refresh_from_db()
        assert (module.title, len(pages(module)), module.online_minutes) == ("Écouter", 3, 20)
        with pytest.raises(Refused) as refused:
            actions.edit_course(world.course, actor=world.sabine, modules=[("Autre", 1400), MODULES[1]])
        assert refused.value.code == "module_has_pages"

    def test_a_module_made_shorter_is_no_longer_online_than_it_lasts(
        self, world: SimpleNamespace, module: CourseModule
    ) -> None:
        shorter = [(MODULES[0][0], 15), (MODULES[1][0], 1785), MODULES[2]]
        actions.edit_course(world.course, actor=world.sabine, modules=shorter)
        module.refresh_from_db()
        assert (module.minutes, module.online_minutes) == (15, 15)

    def test_plain_text_is_never_markup(self) -> None:
        said = followings.blocks("# Un titre\nUne ligne\nsa suite\n\n- un\n- deux\n<b>gras</b>")
        assert [(one.kind, one.words, one.items) for one in said] == [
            ("heading", "Un titre", []),
            ("text", "Une ligne\nsa suite", []),
            ("list", "", ["un", "deux"]),
            ("text", "<b>gras</b>", []),
        ]


class TestFollowing:
    def test_place_kept_and_what_is_left_in_words(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        (own,) = followings.of_trainee(marc)
        assert "20" in own.words and not own.has_begun
        text, question, reflection = pages(module)
        following = actions.see_page(marc, text, actor=world.marc)
        actions.see_page(marc, text, actor=world.marc)
        assert ModuleFollowing.objects.get().updated_at == following.updated_at
        (own,) = followings.of_trainee(marc)
        assert own.page_at("") == question and own.has_begun
        assert own.words == "Il reste\u00a0: une question, un moment pour vous."
        assert (own.after(question), own.after(reflection)) == ("3", "2")

    def test_ended_once_all_were_seen_whatever_comes_later(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        following = see_all(marc, module, world.marc)
        assert following.ended_on == timezone.localdate() and following.minutes == 20
        actions.add_page(module, "text", PageGiven("De plus", "Un mot"), actor=world.sabine)
        actions.set_online_minutes(module, actor=world.sabine, minutes=90)
        actions.see_page(marc, pages(module)[0], actor=world.marc)
        following.refresh_from_db()
        assert following.minutes == 20 and len(followings.of_trainee(marc)[0].left) == 1

    def test_a_page_taken_out_leaves_at_the_end_those_who_saw_the_rest(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        *first, last = pages(module)
        for page in first:
            actions.see_page(marc, page, actor=world.marc)
        actions.remove_page(last, actor=world.sabine)
        assert ModuleFollowing.objects.get().minutes == 20
        for page in first:
            actions.remove_page(page, actor=world.sabine)
        assert followings.of_trainee(marc) == []

    def test_nobody_follows_for_another_nor_another_course(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        with pytest.raises(Refused):
            actions.see_page(marc, pages(module)[0], actor=world.sabine)
        with pytest.raises(Denied):
            actions.see_page(marc, pages(module)[0], actor=world.nadege)
        other = actions.create_course(
            world.here,
            actor=world.sabine,
            title="Autre",
            organiser="UTEP",
            qualification="none",
            minutes=60,
            modules=[("Un", 60)],
        )
        page = actions.add_page(other.modules.get(), "text", GIVEN["text"], actor=world.sabine)
        with pytest.raises(Refused):
            actions.see_page(marc, page, actor=world.marc)

    def test_others_read_neither_how_far_nor_the_diary(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        see_all(marc, module, world.marc)
        actions.write_note(marc, "Ma peur", actor=world.marc, page=pages(module)[2])
        for reader in (world.sabine, world.claire, world.solene, world.nadege, world.youssef):
            assert not visible(ModuleFollowing, reader).exists() and not visible(DiaryNote, reader).exists()
        assert visible(DiaryNote, world.marc).get().words == "Ma peur"

    def test_of_a_group_whole_handfuls_only(self, world: SimpleNamespace, module: CourseModule, cohort: Cohort) -> None:
        for number in range(6):
            if number in {4, 5}:
                assert followings.of_group(cohort) == [(module, 0 if number == 4 else 5)]
            see_all(*(lambda who: (who[0], module, who[1]))(someone(world, cohort)))
        assert followings.of_group(cohort) == [(module, 5)]

    def test_a_handful_that_is_the_whole_group_is_not_said(
        self, world: SimpleNamespace, module: CourseModule, cohort: Cohort, marc: Trainee
    ) -> None:
        see_all(marc, module, world.marc)
        for _number in range(4):
            see_all(*(lambda who: (who[0], module, who[1]))(someone(world, cohort)))
        assert followings.of_group(cohort) == [(module, 5)]  # five of six: Nadège is not at the end
        agenda.withdraw(Enrolment.objects.get(person=world.people["nadege"]), actor=world.nadege)
        assert followings.of_group(cohort) == [(module, 0)]


class TestDiary:
    def test_one_note_a_prompt_written_again_and_free_ones(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        page, lines = pages(module)[2], JournalEntry.objects.count()
        for words in ("Une peur", "Moins peur"):
            note = actions.write_note(marc, words, actor=world.marc, page=page)
        actions.write_note(marc, "Libre", actor=world.marc)
        actions.change_note(note, "Plus peur", actor=world.marc)
        said = [(one.prompt, one.words) for one in DiaryNote.objects.filter(trainee=marc)]
        assert said == [("À quoi pensez-vous ?", "Plus peur"), ("", "Libre")]
        assert JournalEntry.objects.count() == lines
        actions.erase_note(note, actor=world.marc)
        assert DiaryNote.objects.get().words == "Libre"

    def test_it_outlives_its_page(self, world: SimpleNamespace, module: CourseModule, marc: Trainee) -> None:
        page = pages(module)[2]
        actions.write_note(marc, "À moi", actor=world.marc, page=page)
        actions.remove_page(page, actor=world.sabine)
        note = DiaryNote.objects.get()
        assert (note.page, note.prompt, note.words) == (None, "À quoi pensez-vous ?", "À moi")

    def test_written_at_the_second_its_page_goes_it_is_kept(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee
    ) -> None:
        page, gone = pages(module)[2], pages(module)[2]
        actions.remove_page(gone, actor=world.sabine)
        note = actions.write_note(marc, "À moi", actor=world.marc, page=page)
        assert (note.page, note.prompt, note.words) == (None, "À quoi pensez-vous ?", "À moi")

    def test_nobody_writes_in_anothers(self, world: SimpleNamespace, module: CourseModule, marc: Trainee) -> None:
        note = actions.write_note(marc, "À moi", actor=world.marc)
        for stranger in (world.sabine, world.claire, world.nadege):
            with pytest.raises((Denied, Refused)):
                actions.change_note(note, "Changé", actor=stranger)
            with pytest.raises((Denied, Refused)):
                actions.erase_note(note, actor=stranger)
        for wrong in ("  ", "x" * 9000):
            with pytest.raises(Refused):
                actions.write_note(marc, wrong, actor=world.marc)
        with pytest.raises(Refused):
            actions.write_note(marc, "Sous un texte", actor=world.marc, page=pages(module)[0])

    def test_taken_along_joined_and_erased(self, world: SimpleNamespace, module: CourseModule, marc: Trainee) -> None:
        see_all(marc, module, world.marc)
        actions.write_note(marc, "À moi", actor=world.marc, page=pages(module)[2])
        into = PersonFactory()
        actions.move_training(world.people["marc"].pk, into.pk)
        said = {section.name: section.rows for part in exports.PARTS for section in part(into)}
        assert "À moi" in said["diary"][0].values() and "À quoi pensez-vous ?" in said["diary"][0].values()
        assert module.title in said["online"][0].values()
        actions.erase_training(into.pk)
        assert not DiaryNote.objects.exists() and not ModuleFollowing.objects.exists()


class TestHours:
    """Forty hours, of which one hour online at most where the course says so."""

    def stands(self, cohort: Cohort, world: SimpleNamespace) -> hours.Hours:
        cohort = Cohort.objects.get(pk=cohort.pk)
        return hours.of_cohort(cohort, [world.people["marc"].pk])[world.people["marc"].pk]

    def allow(self, world: SimpleNamespace, minutes: int) -> None:
        actions.edit_course(world.course, actor=world.sabine, modules=MODULES, online_minutes=minutes)

    def test_nothing_counts_unless_the_course_says_so(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, cohort: Cohort
    ) -> None:
        see_all(marc, module, world.marc)
        assert (self.stands(cohort, world).minutes, self.stands(cohort, world).online_words) == (0, "")

    def test_counted_to_the_end_only_and_never_above_the_cap(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, cohort: Cohort
    ) -> None:
        self.allow(world, 15)
        actions.see_page(marc, pages(module)[0], actor=world.marc)
        assert (self.stands(cohort, world).online, self.stands(cohort, world).online_left) == (0, 15)
        see_all(marc, module, world.marc)
        stands = self.stands(cohort, world)
        assert (stands.minutes, stands.online, stands.online_left) == (15, 15, 0)
        assert stands.online_words == "dont 15\u00a0min en ligne"

    def test_followed_with_two_cohorts_it_counts_once(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, cohort: Cohort
    ) -> None:
        self.allow(world, 60)
        other = make_short_cohort(world, timezone.now() + 9 * DAY, learners=["marc"])
        for trainee in (marc, other.trainees.get()):
            see_all(trainee, module, world.marc)
        assert self.stands(cohort, world).online == 20

    def test_followed_again_once_it_counts_it_counts(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, cohort: Cohort
    ) -> None:
        see_all(marc, module, world.marc)
        ModuleFollowing.objects.update(ended_on=timezone.localdate() - DAY, minutes=0)
        self.allow(world, 60)
        other = make_short_cohort(world, timezone.now() + 9 * DAY, learners=["marc"])
        see_all(other.trainees.get(), module, world.marc)
        assert self.stands(cohort, world).online == 20

    def test_a_course_is_not_all_online(self, world: SimpleNamespace) -> None:
        with pytest.raises(Refused):
            self.allow(world, world.course.minutes)

    def test_nothing_online_is_said_of_forty_hours_of_presence(
        self, world: SimpleNamespace, module: CourseModule
    ) -> None:
        self.allow(world, 60)
        person = world.people["marc"]
        cohort = make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], people=[person])
        attend(cohort, person, actor=world.sabine)
        see_all(cohort.trainees.get(), module, world.marc)
        assert self.stands(cohort, world).online == 20
        assert actions.issue_to(Cohort.objects.get(pk=cohort.pk), person, actor=world.sabine).online_minutes == 0

    def test_the_attestation_says_what_was_online(self, world: SimpleNamespace, module: CourseModule) -> None:
        self.allow(world, 60)
        person = world.people["marc"]
        days = half_days()
        days[-1] = (days[-1][0], days[-1][1] - timedelta(minutes=20), *days[-1][2:])
        host = world.people["sabine"]
        cohort = make_cohort(world.course, actor=world.sabine, host=host, people=[person], half_days=days)
        attend(cohort, person, actor=world.sabine)
        with pytest.raises(Refused):
            actions.issue_to(cohort, person, actor=world.sabine)
        see_all(cohort.trainees.get(), module, world.marc)
        attestation = actions.issue_to(Cohort.objects.get(pk=cohort.pk), person, actor=world.sabine)
        assert (attestation.online_minutes, attestation.completed_on) == (20, timezone.localdate())
        Attestation.objects.filter(pk=attestation.pk).update(completed_on=timezone.localdate() - DAY)
        renewed = actions.renew(attestation, actor=world.sabine)
        assert Attestation.objects.get(pk=renewed.pk).online_minutes == 20
