"""Modules online on screen: written, followed with and without words, listened to in parts, kept in a diary."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from vecu.agenda import actions as agenda
from vecu.agenda.enums import EnrolmentState
from vecu.agenda.models import Enrolment
from vecu.core.tests import recordings
from vecu.training import actions
from vecu.training.actions import PageGiven
from vecu.training.models import Cohort, CourseModule, DiaryNote, ModuleFollowing, PageSound, Trainee
from vecu.training.tests.factories import MODULES
from vecu.training.tests.test_modules import cohort, marc, module, pages, see_all, sound_given

__all__ = ["cohort", "marc", "module"]  # fixtures


def wav_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("nadia-chez-elle.wav", recordings.wav(), content_type="text/plain")


class TestWriting:
    def test_a_page_of_each_kind(self, world: SimpleNamespace, enter: Any) -> None:
        module, client = world.course.modules.last(), enter("sabine")
        typed = {
            "text": {"body": "# Titre\n- un"},
            "sound": {"body": "Trois notes", "file": wav_file(), "transcript": "Trois notes douces."},
            "question": {"body": "Que dire ?", "choices": "Se taire\n* Demander", "explanation": "Parce que."},
            "reflection": {"body": "Et vous ?"},
        }
        for kind, told in typed.items():
            address = reverse("page_add", args=[module.pk, kind])
            assert client.get(address).status_code == 200
            assert client.post(address, {"title": ""}).status_code == 422
            assert client.post(address, {"title": f"Page {kind}"} | told).status_code == 303
        assert [page.kind for page in pages(module)] == list(typed)
        assert pages(module)[2].choices == [["Se taire", False], ["Demander", True]]
        said = client.get(reverse("module_detail", args=[module.pk])).text
        assert "Trois notes douces." in said and "<h3>Titre</h3>" in said
        assert client.get(reverse("page_add", args=[module.pk, "film"])).status_code == 404

    def test_what_was_typed_comes_back_with_what_is_wrong(self, world: SimpleNamespace, enter: Any) -> None:
        address = reverse("page_add", args=[world.course.modules.last().pk, "sound"])
        wrong = {"title": "T", "transcript": "Des mots tapés", "file": SimpleUploadedFile("a.mp3", b"<script>")}
        answer = enter("sabine").post(address, wrong)
        assert answer.status_code == 422 and "Des mots tapés" in answer.text and "MP3" in answer.text

    def test_changed_moved_taken_out_and_timed(self, world: SimpleNamespace, module: CourseModule, enter: Any) -> None:
        client, first = enter("sabine"), pages(module)[0]
        edit = reverse("page_edit", args=[first.pk])
        assert "Parce que." in client.get(edit).text
        assert client.post(edit, {"title": "Autrement", "body": "Voilà"}).status_code == 303
        assert client.post(reverse("page_move", args=[first.pk]), {"to": "later"}).status_code == 303
        assert pages(module)[1].title == "Autrement"
        assert client.post(reverse("page_remove", args=[first.pk])).status_code == 303 and len(pages(module)) == 2
        detail = reverse("module_detail", args=[module.pk])
        assert client.post(detail, {"minutes": "35 min"}).status_code == 303
        assert client.post(detail, {"minutes": "900 h"}).status_code == 422
        assert "et rien d’autre" in client.get(detail).text
        actions.edit_course(world.course, actor=world.sabine, modules=MODULES, online_minutes=60)
        assert "rien d’autre" not in client.get(detail).text
        module.refresh_from_db()
        assert module.online_minutes == 35
        assert detail in client.get(reverse("course_edit", args=[world.course.pk])).text

    def test_role_without_right_gets_403_and_other_organisation_404(
        self, world: SimpleNamespace, module: CourseModule, enter: Any
    ) -> None:
        page = pages(module)[0]
        for name, status in (("marc", 403), ("solene", 403), ("youssef", 404)):
            client = enter(name)
            assert client.get(reverse("module_detail", args=[module.pk])).status_code == status
            assert client.get(reverse("page_edit", args=[page.pk])).status_code == status
            assert client.post(reverse("page_remove", args=[page.pk])).status_code == status
        assert len(pages(module)) == 3


class TestFollowing:
    def address(self, marc: Trainee, module: CourseModule, number: object = "") -> str:
        page = f"?page={number}" if number else ""
        return reverse("own_module", args=[marc.pk, module.pk]) + page

    def test_from_the_first_page_to_the_end(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, enter: Any
    ) -> None:
        client = enter("marc")
        assert self.address(marc, module) in client.get(reverse("own_training")).text
        answer = client.get(self.address(marc, module))
        assert "<h3>Pourquoi</h3>" in answer.text
        first, asked, moment_page = ({"on": page.pk} for page in pages(module))
        answer = client.post(self.address(marc, module), first)
        assert answer.status_code == 303 and answer.headers["Location"] == self.address(marc, module, 2)
        # A question: nothing is written, the explanation comes with any answer, and it may be answered again.
        question = client.get(self.address(marc, module, 2)).text
        assert "Demander laisse le choix." not in question
        assert client.get(f"{self.address(marc, module, 2)}&choice=1").text.count("laisse le choix") == 0
        answer = asked | {"move": "answer"}
        for choice, said in (("0", "Une autre réponse convient mieux"), ("1", "Oui")):
            said_twice = [client.post(self.address(marc, module, 2), answer | {"choice": choice}) for _time in range(2)]
            assert [one.status_code for one in said_twice] == [200, 200]
            answered = said_twice[1].text
            assert said in answered and "Demander laisse le choix." in answered
        assert client.post(self.address(marc, module, 2), answer | {"choice": "9"}).status_code == 422
        assert ModuleFollowing.objects.get().seen == [str(first["on"])]
        assert client.post(self.address(marc, module, 2), asked).headers["Location"] == self.address(marc, module, 3)
        # A moment for oneself.
        moment = self.address(marc, module, 3)
        assert client.post(moment, moment_page | {"move": "keep", "words": ""}).status_code == 422
        answer = client.post(moment, moment_page | {"move": "keep", "words": "Ma peur à moi"})
        assert answer.headers["Location"] == self.address(marc, module, "end")
        assert "Vous avez suivi ce module jusqu’au bout" in client.get(self.address(marc, module, "end")).text
        assert "Ma peur à moi" in client.get(moment).text
        assert ModuleFollowing.objects.get().ended_on is not None

    def test_going_on_without_writing(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, enter: Any
    ) -> None:
        client = enter("marc")
        assert f'name="on" value="{pages(module)[2].pk}"' in client.get(self.address(marc, module, 3)).text
        answer = client.post(self.address(marc, module, 3), {"on": pages(module)[2].pk})
        assert answer.headers["Location"] == self.address(marc, module, 1)
        assert not DiaryNote.objects.exists() and "question" in client.get(self.address(marc, module, "end")).text

    def test_words_go_under_the_page_they_were_written_on(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, enter: Any
    ) -> None:
        client, (_text, _question, moment) = enter("marc"), pages(module)
        unread = actions.add_page(module, "text", PageGiven("Après", "Plus tard"), actor=world.sabine)
        said = {"on": moment.pk, "move": "keep", "words": "Ma peur"}
        for page in pages(module)[:3]:  # passed in another tab
            actions.see_page(marc, page, actor=world.marc)
        assert client.post(self.address(marc, module), said).status_code == 303
        other = actions.add_page(module, "reflection", PageGiven("Autre", "Et encore ?"), actor=world.sabine)
        actions.write_note(marc, "Autre chose", actor=world.marc, page=other)
        actions.move_page(other, actor=world.sabine, steps=-2)
        assert client.post(self.address(marc, module, 3), said | {"words": "Moins peur"}).status_code == 303
        notes = DiaryNote.objects.filter(trainee=marc).select_related("trainee__person")
        assert {note.page_id: str(note.words) for note in notes} == {moment.pk: "Moins peur", other.pk: "Autre chose"}
        assert str(unread.pk) not in ModuleFollowing.objects.get().seen

    def test_of_a_page_taken_out_meanwhile_the_words_stay(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, enter: Any
    ) -> None:
        client, address, (text, question, moment) = enter("marc"), self.address(marc, module, 3), pages(module)
        said, sent = {"on": moment.pk, "move": "keep", "words": "x" * 8001}, {"on": text.pk}
        actions.remove_page(moment, actor=world.sabine)
        answer = client.post(address, said)
        assert answer.status_code == 422 and "x" * 8001 in answer.text
        for page in (text, question):  # nothing online any more
            actions.remove_page(page, actor=world.sabine)
        assert client.post(address, said | {"words": "Ma peur"}).status_code == 303
        assert (DiaryNote.objects.get().words, ModuleFollowing.objects.count()) == ("Ma peur", 0)
        assert client.post(address, sent).status_code == 303

    def test_strange_numbers_lead_to_the_place_kept(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, enter: Any
    ) -> None:
        client = enter("marc")
        for asked in ("0", "-1", "99", "²", "9" * 300, "abc"):
            assert "<h3>Pourquoi</h3>" in client.get(self.address(marc, module, asked)).text

    def test_nobody_follows_in_ones_place(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, enter: Any
    ) -> None:
        note = actions.write_note(marc, "À moi", actor=world.marc)
        for name in ("sabine", "claire", "nadege", "youssef"):
            client = enter(name)
            for page in (
                self.address(marc, module),
                reverse("own_diary", args=[marc.pk]),
                reverse("diary_note", args=[note.pk]),
            ):
                assert client.get(page).status_code == 404, (name, page)
            assert client.post(reverse("diary_erase", args=[note.pk])).status_code == 404
        empty = world.course.modules.last()
        assert enter("marc").get(self.address(marc, empty)).status_code == 404

    def test_without_a_place_nothing_is_followed_and_the_diary_stays(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, cohort: Cohort, enter: Any
    ) -> None:
        sound = PageSound.objects.get(page=actions.add_page(module, "sound", sound_given(), actor=world.sabine))
        page, place = pages(module)[0], Enrolment.objects.filter(person=world.people["marc"])
        diary, client = reverse("own_diary", args=[marc.pk]), enter("marc")
        listened = reverse("page_sound", args=[sound.pk])
        assert client.get(listened).status_code == 200
        place.update(state=EnrolmentState.WAITING)
        assert client.get(listened).status_code == 404
        assert client.get(self.address(marc, module)).status_code == 404
        place.update(state=EnrolmentState.ENROLLED)
        agenda.withdraw(place.get(), actor=world.marc)
        assert diary not in client.get(reverse("own_training")).text  # nothing is written in it
        actions.write_note(marc, "À moi", actor=world.marc)
        assert client.post(self.address(marc, module), {"on": page.pk}).status_code == 404
        assert client.get(listened).status_code == 404
        assert not ModuleFollowing.objects.exists()
        assert diary in client.get(reverse("own_training")).text and "À moi" in client.get(diary).text

    def test_counts_by_five_for_whoever_runs_it(
        self, world: SimpleNamespace, module: CourseModule, marc: Trainee, cohort: Cohort, enter: Any
    ) -> None:
        see_all(marc, module, world.marc)
        said = enter("sabine").get(reverse("cohort_standing", args=[cohort.pk])).text
        assert module.title in said and "moins de cinq personnes" in said


class TestSound:
    @pytest.fixture
    def sound(self, world: SimpleNamespace, module: CourseModule, marc: Trainee) -> PageSound:
        return PageSound.objects.get(page=actions.add_page(module, "sound", sound_given(), actor=world.sabine))

    def test_in_parts_for_those_who_follow_or_run_it(
        self, world: SimpleNamespace, sound: PageSound, marc: Trainee, module: CourseModule, enter: Any
    ) -> None:
        address, client = reverse("page_sound", args=[sound.pk]), enter("marc")
        answer = client.get(address, headers={"Range": "bytes=0-3"})
        assert (answer.status_code, answer.content) == (206, b"RIFF")
        assert client.get(address).headers["Content-Type"] == "audio/wav"
        page = client.get(reverse("own_module", args=[marc.pk, module.pk]) + "?page=4").text
        assert address in page and "Trois notes." in page and 'preload="none"' in page
        for name, status in (("sabine", 200), ("solene", 404), ("youssef", 404)):
            assert enter(name).get(address).status_code == status
        client.logout()
        assert client.get(address).status_code in (302, 303)


class TestDiary:
    def test_written_changed_and_erased(self, world: SimpleNamespace, marc: Trainee, enter: Any) -> None:
        client, diary = enter("marc"), reverse("own_diary", args=[marc.pk])
        assert client.post(diary, {"words": " "}).status_code == 422
        assert client.post(diary, {"words": "Un mot à moi"}).status_code == 303
        note = DiaryNote.objects.get()
        assert "Un mot à moi" in client.get(diary).text
        page = reverse("diary_note", args=[note.pk])
        assert "Un mot à moi" in client.get(page).text
        assert client.post(page, {"words": "Autre mot"}).status_code == 303
        assert "Autre mot" in client.get(diary).text
        assert client.post(reverse("diary_erase", args=[note.pk])).status_code == 303
        assert not DiaryNote.objects.exists()
