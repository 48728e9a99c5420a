"""The pages of training, over HTTP."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vecu.core import vault
from vecu.core.tables import JournalEntry
from vecu.core.tests.photos import photo
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.peers import actions as peers
from vecu.peers.enums import LoadKind
from vecu.people.tests.factories import MembershipFactory, PersonFactory
from vecu.training import actions
from vecu.training.models import Attestation, Cohort, Course, Equivalence, KnownCourse, Trainee
from vecu.training.tests.factories import (
    KnownCourseFactory,
    attend,
    half_days,
    make_attestation,
    make_cohort,
    make_equivalence,
    make_short_cohort,
)


@pytest.fixture
def cohort(world: SimpleNamespace) -> Cohort:
    people = (world.people["marc"], world.people["nadege"])
    return make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], people=people)


@pytest.fixture
def attestation(world: SimpleNamespace) -> Attestation:
    return make_attestation(world.course, world.people["marc"], actor=world.claire)


class TestPagesOfStaff:
    def test_it_works(self, world: SimpleNamespace, cohort: Cohort, enter: Any) -> None:
        KnownCourseFactory(organisation=world.here)
        attend(cohort, world.people["marc"], actor=world.sabine, but=[2])
        sabine = enter("sabine")
        page = sabine.get(reverse("training_list")).content.decode()
        assert reverse("cohort_detail", args=[cohort.pk]) in page
        page = sabine.get(reverse("cohort_detail", args=[cohort.pk])).content.decode()
        assert "Marc Ollivier" in page and "36\u00a0h\u00a040" in page
        for name in ("course_add", "known_course_list", "known_course_add", "attestation_list"):
            assert sabine.get(reverse(name)).status_code == 200
        for name in ("course_edit", "cohort_open"):
            assert sabine.get(reverse(name, args=[world.course.pk])).status_code == 200

    def test_a_course_is_written_and_what_is_wrong_is_said(self, world: SimpleNamespace, enter: Any) -> None:
        claire = enter("claire")
        typed = {
            "title": "Écoute",
            "organiser": "Nous",
            "qualification": "listening",
            "minutes": "7 h",
            "modules": "Écouter ; 3 h 30\nSe taire ; 3h30",
        }
        bad = claire.post(reverse("course_add"), {**typed, "modules": "Écouter sans rien"})
        assert bad.status_code == 422 and "Écouter sans rien" in bad.content.decode()
        bad = claire.post(reverse("course_add"), {**typed, "minutes": "un jour"})
        assert bad.status_code == 422 and "un jour" in bad.content.decode()
        assert claire.post(reverse("course_add"), typed).status_code == 303
        assert Course.objects.get(title="Écoute").minutes == 420

    def test_six_days_in_two_places_are_typed_on_one_page(self, world: SimpleNamespace, enter: Any) -> None:
        first = timezone.localdate() + timedelta(days=10)
        typed = {
            "host": str(world.people["sabine"].pk),
            "places": "12",
            "morning_from": "09:00",
            "morning_to": "12:20",
            "afternoon_from": "13:40",
            "afternoon_to": "17:00",
        }
        for number in range(1, 7):
            typed[f"day_{number}"] = str(first + timedelta(days=7 * number))
            typed[f"when_{number}"] = "whole"
            typed[f"site_{number}"] = str((world.site if number % 2 else world.other_site).pk)
        answer = enter("sabine").post(reverse("cohort_open", args=[world.course.pk]), typed)
        made = Cohort.objects.get()
        assert answer.status_code == 303 and made.gathering.half_days.count() == 12

    def test_above_what_they_accept_a_reason_is_asked(self, world: SimpleNamespace, enter: Any) -> None:
        on = timezone.localdate()
        told = {"organisation_id": world.here.pk, "kind": LoadKind.HARD, "about": world.here.pk, "on": on}
        peers.note_load(world.peer.pk, **told)
        cohort = make_short_cohort(world, timezone.now() + timedelta(days=2))
        sabine, url = enter("sabine"), reverse("trainee_add", args=[cohort.pk])
        typed = {"person": str(world.people["marc"].pk)}
        asked = sabine.post(url, typed)
        assert asked.status_code == 422 and 'name="load_reason"' in asked.text
        assert sabine.post(url, typed | {"load_reason": "Il y tient"}).status_code == 303

    def test_people_are_enrolled_and_papers_noted(self, world: SimpleNamespace, enter: Any) -> None:
        cohort = make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], half_days=half_days(ago=-9))
        sabine = enter("sabine")
        url = reverse("trainee_add", args=[cohort.pk])
        assert sabine.post(url, {"person": str(world.people["marc"].pk)}).status_code == 303
        assert sabine.post(url, {"person": str(world.people["youssef"].pk)}).status_code == 422
        new = {"given_name": "Rachid", "family_name": "Belkacem", "newcomer_standing": "professional"}
        assert sabine.post(reverse("newcomer_add", args=[cohort.pk]), new).status_code == 303
        assert sabine.post(reverse("newcomer_add", args=[cohort.pk]), {"given_name": "Rachid"}).status_code == 422
        trainee = Trainee.objects.get(person=world.people["marc"])
        papers = reverse("trainee_papers", args=[trainee.pk])
        assert sabine.post(papers, {"papers": ["rules"]}).status_code == 303
        assert sabine.post(papers, {"papers": ["ordonnance"]}).status_code == 422
        assert trainee.papers.count() == 1

    def test_one_click_issues_and_the_second_nothing(self, world: SimpleNamespace, cohort: Cohort, enter: Any) -> None:
        attend(cohort, world.people["marc"], actor=world.sabine)
        sabine = enter("sabine")
        for _click in range(2):
            assert sabine.post(reverse("cohort_issue", args=[cohort.pk])).status_code == 303
        assert Attestation.objects.count() == 1

    def test_renewal_and_withdrawal(self, world: SimpleNamespace, attestation: Attestation, enter: Any) -> None:
        claire = enter("claire")
        url = reverse("attestation_renew", args=[attestation.pk])
        assert claire.post(url, {"completed_on": "2031-01-01"}).status_code == 422
        assert claire.post(url, {"completed_on": str(timezone.localdate())}).status_code == 303
        url = reverse("attestation_revoke", args=[attestation.pk])
        assert claire.post(url, {"reason": "maladie"}).status_code == 422
        assert claire.post(url, {"reason": "mistake"}).status_code == 303
        assert claire.get(reverse("attestation_detail", args=[attestation.pk])).status_code == 200
        assert claire.get(reverse("attestation_list")).status_code == 200

    def test_what_ends_is_listed_with_its_way_to_renew(self, world: SimpleNamespace, enter: Any) -> None:
        soon = timezone.localdate() + timedelta(days=30)
        world.peer.clearances.filter(kind="insurance").update(expires_on=soon)
        page = enter("claire").get(reverse("expiry_list")).content.decode()
        assert f"{reverse('peer_detail', args=[world.peer.pk])}#proofs" in page and "Marc Ollivier" in page

    @pytest.mark.parametrize("many", [1, 12])
    def test_a_cohort_costs_the_same_whatever_its_number(
        self, world: SimpleNamespace, enter: Any, many: int, django_assert_max_num_queries: Any
    ) -> None:
        cohort = make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], half_days=half_days(2))
        for number in range(many):
            person = PersonFactory(given_name=f"Personne {number}")
            MembershipFactory(person=person, organisation=world.here, role="trainee")
            actions.add_trainee(cohort, person, actor=world.sabine)
        sabine = enter("sabine")
        sabine.get(reverse("training_list"))
        vault.forget()
        with django_assert_max_num_queries(32):
            assert sabine.get(reverse("cohort_detail", args=[cohort.pk])).status_code == 200


class TestPaper:
    def test_it_is_tagged_and_says_what_the_law_wants(
        self, world: SimpleNamespace, attestation: Attestation, enter: Any
    ) -> None:
        answer = enter("marc").get(reverse("attestation_pdf", args=[attestation.pk]))
        assert answer["Content-Disposition"].startswith("attachment;") and answer["Content-Type"] == "application/pdf"
        with pikepdf.open(io.BytesIO(answer.content)) as made:
            assert len(made.pages) == 1
            assert made.Root.MarkInfo.Marked and str(made.Root.Lang) == "fr"
            figures = [
                found
                for found in made.objects
                if isinstance(found, pikepdf.Dictionary) and found.get("/S") == pikepdf.Name.Figure
            ]
            assert figures and all("/Alt" in figure for figure in figures)

    def test_somebody_else_gets_404(self, world: SimpleNamespace, attestation: Attestation, enter: Any) -> None:
        for name in ("nadege", "solene", "youssef"):
            assert enter(name).get(reverse("attestation_pdf", args=[attestation.pk])).status_code == 404


class TestOwnPages:
    def test_it_works(self, world: SimpleNamespace, cohort: Cohort, enter: Any) -> None:
        attend(cohort, world.people["marc"], actor=world.sabine, but=[3])
        page = enter("marc").get(reverse("own_training")).content.decode()
        assert "36\u00a0h\u00a040" in page and "40\u00a0h" in page

    def test_a_diploma_is_sent_and_answered(self, world: SimpleNamespace, enter: Any) -> None:
        marc = enter("marc")
        url = reverse("equivalence_ask")
        typed = {"diploma": "DU", "qualification": "peer", "obtained_on": "2020-06-01"}
        bad = marc.post(url, {**typed, "file": io.BytesIO(b"not an image")})
        assert bad.status_code == 422 and not Equivalence.objects.exists()
        assert marc.post(url, {**typed, "file": photo()}).status_code == 303
        assert marc.post(url, {**typed, "file": photo()}).status_code == 422
        sent = Equivalence.objects.get()
        assert Notice.objects.filter(person=world.people["claire"], kind=NoticeKind.EQUIVALENCE).exists()
        proof = reverse("equivalence_proof", args=[sent.pk])
        assert marc.post(proof)["Content-Disposition"] == 'attachment; filename="diplome.jpg"'
        claire = enter("claire")
        assert claire.get(reverse("equivalence_detail", args=[sent.pk])).status_code == 200
        assert claire.post(proof).status_code == 200
        assert JournalEntry.objects.filter(verb="equivalence.read", subject_id=world.people["marc"].pk).count() == 1
        decide = reverse("equivalence_decide", args=[sent.pk])
        assert claire.post(decide, {"move": "refuse", "answer": " "}).status_code == 422
        assert claire.post(decide, {"move": "erase"}).status_code == 422
        assert claire.post(decide, {"move": "accept"}).status_code == 303
        assert world.peer.clearances.filter(kind="training").exists()
        assert enter("marc").get(reverse("own_training")).status_code == 200

    def test_someone_without_a_role_here_is_shown_an_empty_page(self, world: SimpleNamespace, enter: Any) -> None:
        world.people["etienne"] = PersonFactory(with_account=True)
        etienne = enter("etienne")
        assert etienne.get(reverse("own_training")).status_code == 200
        assert etienne.get(reverse("known_course_list")).status_code == 200
        typed = {"diploma": "DU", "qualification": "peer", "obtained_on": "2020-06-01", "file": photo()}
        assert etienne.post(reverse("equivalence_ask"), typed).status_code == 403


class TestCheckPage:
    def test_name_title_date_and_nothing_else(
        self, world: SimpleNamespace, attestation: Attestation, client: Client
    ) -> None:
        answer = client.get(reverse("attestation_check", args=[str(attestation.code).lower()]))
        page = answer.content.decode()
        assert "Marc Ollivier" in page and attestation.title in page
        assert world.here.name not in page and "UTEP inventée" not in page
        assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-store, private"

    def test_withdrawn_out_of_date_and_erased(
        self, world: SimpleNamespace, attestation: Attestation, client: Client
    ) -> None:
        url = reverse("attestation_check", args=[str(attestation.code)])
        Attestation.objects.filter(pk=attestation.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
        assert "badge-mirabelle" in client.get(url).content.decode()
        actions.revoke(attestation, actor=world.claire, reason="other")
        page = client.get(url).content.decode()
        assert "badge-alert" in page and attestation.get_revoke_reason_display() not in page
        actions.erase_training(world.people["marc"].pk)
        assert client.get(url).status_code == 404

    def test_typing_a_code_leads_to_it(self, attestation: Attestation, client: Client) -> None:
        code = str(attestation.code)
        answer = client.post(reverse("attestation_find"), {"code": f" {code[:4]} {code[4:].lower()}"})
        assert answer.status_code == 303 and client.get(answer["Location"]).status_code == 200
        assert client.post(reverse("attestation_find"), {"code": "//evil.example"}).status_code == 303
        assert client.post(reverse("attestation_find"), {"code": ""}).status_code == 422

    def test_whoever_tries_codes_waits(self, attestation: Attestation, client: Client) -> None:
        words = [client.get(reverse("attestation_check", args=[f"X{number:015d}"])).status_code for number in range(22)]
        assert words[0] == 404 and words[-1] == 409
        assert client.get(reverse("attestation_check", args=[str(attestation.code)])).status_code == 409
        elsewhere = client.get(reverse("attestation_check", args=[str(attestation.code)]), REMOTE_ADDR="198.51.100.7")
        assert elsewhere.status_code == 200

    @pytest.mark.parametrize("code", ["é" * 40, "%00", "..", "a b", "'; DROP TABLE", "🙂" * 16, "x" * 3000])
    def test_hostile_codes_are_not_found(self, db: None, client: Client, code: str) -> None:
        assert client.get(f"/verifier/{code}/").status_code in (404, 400)


class TestRights:
    STAFF = ("training_list", "course_add", "known_course_add", "attestation_list", "expiry_list", "equivalence_list")

    @pytest.mark.parametrize("name", STAFF)
    def test_role_without_right_gets_403(self, world: SimpleNamespace, enter: Any, name: str) -> None:
        for who in ("marc", "nadege", "solene"):
            assert enter(who).get(reverse(name)).status_code == 403

    @pytest.mark.parametrize("name", ["expiry_list", "equivalence_list"])
    def test_a_trainer_decides_nothing_of_these(self, world: SimpleNamespace, enter: Any, name: str) -> None:
        assert enter("sabine").get(reverse(name)).status_code == 403

    def test_other_organisation_gets_404(
        self, world: SimpleNamespace, cohort: Cohort, attestation: Attestation, enter: Any
    ) -> None:
        known = KnownCourseFactory(organisation=world.here)
        sent = make_equivalence(world.people["marc"], world.here, actor=world.marc)
        trainee = Trainee.objects.filter(cohort=cohort).first()
        youssef = enter("youssef")
        for name, row in (
            ("course_edit", world.course),
            ("cohort_open", world.course),
            ("known_course_edit", known),
            ("cohort_detail", cohort),
            ("trainee_add", cohort),
            ("newcomer_add", cohort),
            ("trainee_papers", trainee),
            ("attestation_detail", attestation),
            ("attestation_renew", attestation),
            ("attestation_revoke", attestation),
            ("equivalence_detail", sent),
            ("own_attestation", attestation),
        ):
            assert youssef.get(reverse(name, args=[row.pk])).status_code == 404, name
        for name, row in (("cohort_issue", cohort), ("equivalence_proof", sent), ("equivalence_decide", sent)):
            assert youssef.post(reverse(name, args=[row.pk])).status_code == 404, name

    def test_the_catalogue_is_that_of_here(self, world: SimpleNamespace, enter: Any) -> None:
        KnownCourseFactory(organisation=world.elsewhere, title="Ailleurs")
        assert "Ailleurs" not in enter("marc").get(reverse("known_course_list")).content.decode()
        assert KnownCourse.objects.exists()
