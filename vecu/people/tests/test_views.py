"""The pages of the people area: who may open them, what they do."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from conftest import CheckedClient
from tests.cast import actor_of, sign_in
from vecu.core import jobs
from vecu.core.tables import JournalEntry
from vecu.people import actions
from vecu.people.actions.invitations import prepare
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role, StopReason
from vecu.people.models import Consent, ConsentText, Membership, Organisation, Person, Site, User
from vecu.people.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

OWN = [
    *("own_data", "own_contact", "own_account", "reading_list", "data_export", "erasure_ask", "consent_list"),
    *("usersessions_list", "mfa_index"),
]
COORDINATOR = ["member_list", "invitation_create", "consent_text_list"]


class TestOwnPages:
    @pytest.mark.parametrize("page", OWN)
    def test_it_works(self, client, cast, page):
        sign_in(client, cast.nadia)
        assert client.get(reverse(page)).status_code == 200

    @pytest.mark.parametrize("page", OWN)
    def test_signed_out_is_led_to_sign_in(self, client, page):
        response = client.get(reverse(page))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))

    def test_contact_details_are_corrected(self, client, cast):
        sign_in(client, cast.nadia)
        data = {"given_name": "Nadia", "family_name": "Benali", "phone": "01 99 00 77 88", "departement": "2a"}
        response = client.post(reverse("own_contact"), data)
        assert response.status_code == 303
        person = Person.objects.get(pk=cast.nadia.pk)
        assert (person.phone, person.departement) == ("01 99 00 77 88", "2A")

    def test_what_was_typed_stays_when_something_is_wrong(self, client, cast):
        sign_in(client, cast.nadia)
        response = client.post(reverse("own_contact"), {"given_name": "", "phone": "12", "town": "Valmont"})
        assert response.status_code == 422
        assert 'value="Valmont"' in response.text

    def test_page_says_who_opened_what_and_why(self, client, cast):
        actions.read_identity(cast.nadia, actor=actor_of(cast.claire), reason="appel de mardi")
        sign_in(client, cast.nadia)
        text = client.get(reverse("reading_list")).text
        assert "appel de mardi" in text
        assert "Claire" not in text


class TestConsentPages:
    def give(self, cast, person="nadia"):
        return actions.record_consent(
            getattr(cast, person),
            ConsentPurpose.CONTACT,
            actor=actor_of(cast.claire),
            organisation=cast.committee,
            channel=ConsentChannel.ORAL,
        )

    def test_exact_words_are_shown(self, client, cast):
        consent = self.give(cast)
        sign_in(client, cast.nadia)
        text = client.get(reverse("consent_detail", args=[consent.pk])).text
        assert consent.text.body_fr.splitlines()[0][:40] in text

    def test_withdrawn_in_two_clicks(self, client, cast):
        consent = self.give(cast)
        sign_in(client, cast.nadia)
        page = client.get(reverse("consent_detail", args=[consent.pk])).text
        assert reverse("consent_withdraw", args=[consent.pk]) in page
        assert client.post(reverse("consent_withdraw", args=[consent.pk])).status_code == 303
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is not None

    def test_get_withdraws_nothing(self, client, cast):
        consent = self.give(cast)
        sign_in(client, cast.nadia)
        client.get(reverse("consent_withdraw", args=[consent.pk]))
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is None

    @pytest.mark.parametrize("who", ["helene", "claire", "youssef"])
    def test_somebody_else_gets_404(self, client, cast, who):
        consent = self.give(cast)
        sign_in(client, getattr(cast, who))
        for page in ("consent_detail", "consent_withdraw"):
            assert client.post(reverse(page, args=[consent.pk])).status_code == 404
        assert Consent.objects.get(pk=consent.pk).withdrawn_at is None

    def test_given_on_screen(self, client, cast):
        sign_in(client, cast.helene)
        url = reverse("consent_give", args=["peer_file"])
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 303
        assert actions.has_consent(cast.helene, ConsentPurpose.PEER_FILE, cast.committee)
        assert client.get(reverse("consent_give", args=["nonsense"])).status_code == 404


class TestMemberPages:
    @pytest.mark.parametrize("page", COORDINATOR)
    def test_it_works(self, client, cast, page):
        sign_in(client, cast.claire)
        assert client.get(reverse(page)).status_code == 200

    @pytest.mark.parametrize("page", COORDINATOR)
    @pytest.mark.parametrize("who", ["helene", "nadia", "solene", "delphine", "bertrand", "etienne"])
    def test_role_without_right_gets_403(self, client, cast, page, who):
        sign_in(client, getattr(cast, who))
        assert client.get(reverse(page)).status_code == 403

    def test_other_organisation_gets_404(self, client, cast):
        sign_in(client, cast.youssef)
        membership = Membership.objects.get(person=cast.helene)
        for page, pk in [
            *((page, cast.helene.pk) for page in ("member_detail", "member_edit", "identity_read", "role_give")),
            *((page, cast.helene.pk) for page in ("person_stop", "person_resume")),
            *[("role_end", membership.pk), ("organisation_detail", cast.committee.pk)],
            *[("organisation_edit", cast.committee.pk), ("site_create", cast.committee.pk)],
            ("site_edit", cast.ward.pk),
        ]:
            assert client.post(reverse(page, args=[pk])).status_code == 404, page
            assert client.get(reverse(page, args=[pk])).status_code == 404, page

    def test_list_shows_colleagues_by_name_and_the_followed_by_pseudonym(self, client, cast):
        sign_in(client, cast.claire)
        text = client.get(reverse("member_list")).text
        assert "Hélène Dubreuil" in text
        assert "Saule doré" in text
        assert "Benali" not in text
        assert "Hamdi" not in text

    def test_list_costs_the_same_at_any_size(self, client, cast, django_assert_max_num_queries):
        sign_in(client, cast.claire)
        client.get(reverse("member_list"))
        for _n in range(60):
            MembershipFactory(organisation=cast.committee)
        with django_assert_max_num_queries(14):
            response = client.get(reverse("member_list"))
        assert response.status_code == 200

    def test_search_by_exact_name(self, client, cast):
        sign_in(client, cast.claire)
        text = client.get(reverse("member_list"), {"q": "nadia benali"}).text
        assert "Saule doré" in text
        assert "Hélène Dubreuil" not in text

    def test_identity_opens_with_a_reason_only(self, client, cast):
        sign_in(client, cast.claire)
        url = reverse("identity_read", args=[cast.nadia.pk])
        assert "Benali" not in client.get(reverse("member_detail", args=[cast.nadia.pk])).text
        refused = client.post(url, {"read-reason": ""})
        assert refused.status_code == 422
        assert "Benali" not in refused.text
        assert not JournalEntry.objects.filter(is_reading=True).exists()
        opened = client.post(url, {"read-reason": "appel de mardi"})
        assert "Benali" in opened.text
        entry = JournalEntry.objects.get(is_reading=True)
        assert (entry.subject_id, entry.actor_id, entry.reason) == (cast.nadia.pk, cast.claire.pk, "appel de mardi")

    def test_stopping_and_resuming(self, client, cast):
        sign_in(client, cast.claire)
        stop = reverse("person_stop", args=[cast.nadia.pk])
        assert f"{cast.nadia.given_name} ({cast.nadia.handle})" in client.get(stop).text
        response = client.post(stop, {"reason": StopReason.DEATH})
        assert response.status_code == 303
        assert Person.objects.get(pk=cast.nadia.pk).stop_reason == StopReason.DEATH
        client.post(reverse("person_resume", args=[cast.nadia.pk]), {"resume-reason": "saisi par erreur"})
        assert not Person.objects.get(pk=cast.nadia.pk).is_stopped

    def test_stopping_leads_back_to_where_one_came_from(self, client, cast):
        sign_in(client, cast.claire)
        stop = reverse("person_stop", args=[cast.nadia.pk])
        assert "Saule doré" in client.get(stop).text
        for place, led_to in (
            ("/accompagnements/", "/accompagnements/"),
            ("https://ailleurs.example/", reverse("today")),
        ):
            response = client.post(f"{stop}?next={place}", {"reason": StopReason.DEATH})
            assert response["Location"] == led_to
            client.post(reverse("person_resume", args=[cast.nadia.pk]), {"resume-reason": "saisi par erreur"})

    def test_roles_given_and_ended(self, client, cast):
        sign_in(client, cast.claire)
        client.post(reverse("role_give", args=[cast.helene.pk]), {"role": Role.COORDINATOR})
        membership = Membership.objects.get(person=cast.helene, role=Role.COORDINATOR)
        client.post(reverse("role_end", args=[membership.pk]))
        membership.refresh_from_db()
        assert membership.ended_on is not None

    def test_head_office_role_cannot_be_given_by_a_coordinator(self, client, cast):
        sign_in(client, cast.claire)
        response = client.post(reverse("role_give", args=[cast.helene.pk]), {"role": Role.HEAD_OFFICE})
        assert response.status_code == 422
        assert not Membership.objects.filter(person=cast.helene, role=Role.HEAD_OFFICE).exists()


class TestOrganisationPages:
    def test_tree_of_head_office(self, client, cast):
        sign_in(client, cast.bertrand)
        text = client.get(reverse("organisation_list")).text
        assert "Comité de Loire-Valmont" in text
        assert "CHU de Valmont" in text
        assert "Bréhal" not in text

    def test_head_office_creates_and_hands_over(self, client, cast):
        sign_in(client, cast.bertrand)
        data = {
            "name": "Comité de la Manche",
            "kind": "committee",
            "parent": str(cast.network.pk),
            "coordinator_email": "nouvelle@courrier.example",
        }
        assert client.get(reverse("organisation_create")).status_code == 200
        assert client.post(reverse("organisation_create"), data).status_code == 303
        made = Organisation.objects.get(name="Comité de la Manche")
        assert made.parent == cast.network
        assert made.invitations.get().email == "nouvelle@courrier.example"

    def test_head_office_cannot_create_elsewhere(self, client, cast):
        sign_in(client, cast.bertrand)
        data = {
            "name": "X",
            "kind": "hospital",
            "parent": str(cast.other_hospital.pk),
            "coordinator_email": "a@b.example",
        }
        assert client.post(reverse("organisation_create"), data).status_code == 422
        assert not Organisation.objects.filter(name="X").exists()

    def test_coordinator_edits_and_adds_a_site(self, client, cast):
        sign_in(client, cast.claire)
        pk = cast.committee.pk
        page = client.get(reverse("organisation_detail", args=[pk]))
        assert reverse("site_create", args=[pk]) in page.text
        data = {"name": "Maison des usagers", "town": "Valmont", "departement": "44"}
        assert client.post(reverse("site_create", args=[pk]), data).status_code == 303
        site = Site.objects.get(name="Maison des usagers")
        assert client.get(reverse("site_edit", args=[site.pk])).status_code == 200
        client.post(reverse("site_edit", args=[site.pk]), data)
        site.refresh_from_db()
        assert not site.is_open
        edit = {"name": "Comité", "phone": "01 99 00 00 01", "peer_label": "pair", "peer_label_en": "peer"}
        assert client.post(reverse("organisation_edit", args=[pk]), edit).status_code == 303

    def test_wrong_departement_is_refused_with_a_sentence(self, client, cast):
        sign_in(client, cast.claire)
        data = {"name": "Site", "town": "Valmont", "departement": "99"}
        response = client.post(reverse("site_create", args=[cast.committee.pk]), data)
        assert response.status_code == 422
        assert not Site.objects.filter(name="Site").exists()

    def test_own_words_for_an_agreement(self, client, cast):
        sign_in(client, cast.claire)
        url = reverse("consent_text_edit", args=["contact"])
        assert client.get(url).status_code == 200
        data = {"title_fr": "Nos mots", "body_fr": "Texte", "title_en": "Our words", "body_en": "Text"}
        assert client.post(url, data).status_code == 303
        assert ConsentText.objects.get(organisation=cast.committee).version == 1
        assert actions.current_text(ConsentPurpose.CONTACT, cast.committee).title_fr == "Nos mots"
        assert actions.current_text(ConsentPurpose.CONTACT, cast.other_hospital).title_fr != "Nos mots"

    def test_acting_for_another_of_my_organisations(self, client, cast):
        MembershipFactory(person=cast.claire, organisation=cast.other_hospital, role=Role.COORDINATOR)
        sign_in(client, cast.claire)
        assert "Hamdi" not in client.get(reverse("member_list")).text
        response = client.post(reverse("organisation_switch"), {"organisation": str(cast.other_hospital.pk)})
        assert response.status_code == 303
        text = client.get(reverse("member_list")).text
        assert "Hamdi" in text
        assert "Dubreuil" not in text

    def test_switching_to_somebody_elses_organisation_is_404(self, client, cast):
        sign_in(client, cast.claire)
        response = client.post(reverse("organisation_switch"), {"organisation": str(cast.other_hospital.pk)})
        assert response.status_code == 404

    def test_retention_board_is_for_the_data_officer(self, client, cast):
        sign_in(client, cast.delphine)
        assert client.get(reverse("retention_board")).status_code == 200
        sign_in(client, cast.claire)
        assert client.get(reverse("retention_board")).status_code == 403


class TestInvitationPages:
    @pytest.fixture
    def link(self, cast):
        _invitation, token = prepare(
            "nouvelle@courrier.example", Role.PEER, cast.committee, actor=actor_of(cast.claire)
        )
        return reverse("invitation_open", args=[token])

    def test_accepted_and_signed_in_at_once(self, client, link):
        page = client.get(link, follow=True)
        assert "Comité de Loire-Valmont" in page.text
        response = client.post(reverse("invitation_accept"), {"given_name": "Rose", "family_name": "Le Goff"})
        assert response["Location"] == reverse("passkey_offer")
        assert client.get(reverse("own_data")).status_code == 200
        assert "n’ouvre plus" in client.get(link, follow=True).text

    def test_scanners_that_open_the_link_consume_nothing(self, client, link):
        for _n in range(3):
            CheckedClient().get(link, follow=True)
        client.get(link)
        assert client.post(reverse("invitation_accept"), {"given_name": "Rose"}).status_code == 303

    def test_second_use_and_wrong_links_open_nothing(self, client, link):
        client.get(link)
        client.post(reverse("invitation_accept"), {"given_name": "Rose"})
        other = CheckedClient()
        other.get(link)
        assert other.post(reverse("invitation_accept"), {"given_name": "Jean"}).status_code == 410
        other.get(reverse("invitation_open", args=["wrong"]))
        assert other.post(reverse("invitation_accept"), {"given_name": "Jean"}).status_code == 410
        assert not Person.objects.filter(memberships__organisation__isnull=False, user__email="jean").exists()
        assert User.objects.filter(email="nouvelle@courrier.example").count() == 1

    def test_secret_leaves_the_address_bar_at_once_and_goes_nowhere_else(self, client, link, caplog):
        response = client.get(link)
        assert response["Location"] == reverse("invitation_accept")
        assert response["Referrer-Policy"] == "no-referrer"
        token = link.rstrip("/").rpartition("/")[2]
        assert token not in client.get(response["Location"]).text
        assert token not in caplog.text

    def test_first_name_is_asked_kindly(self, client, link):
        client.get(link)
        assert client.post(reverse("invitation_accept"), {"given_name": ""}).status_code == 422

    def test_known_address_signs_in_first(self, client, cast):
        _invitation, token = prepare(cast.aicha.user.email, Role.PEER, cast.committee, actor=actor_of(cast.claire))
        client.get(reverse("invitation_open", args=[token]))
        page = client.get(reverse("invitation_accept"))
        assert f"{reverse('account_login')}?next=" in page.text
        client.post(reverse("invitation_accept"), {"given_name": "Autre"})
        assert not Membership.objects.filter(person=cast.aicha, organisation=cast.committee).exists()
        sign_in(client, cast.aicha)
        assert client.post(reverse("invitation_accept")).status_code == 303
        assert Membership.objects.filter(person=cast.aicha, organisation=cast.committee).exists()

    def test_message_is_neutral(self, cast):
        actions.invite("nouvelle@courrier.example", Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee)
        jobs.run_due()
        (message,) = mail.outbox
        words = f"{message.subject} {message.body} {message.from_email}".lower()
        for word in ("comité", "valmont", "patient", "pair", "claire", "morel", "santé", "cancer"):
            assert word not in words, word

    def test_withdrawn_before_it_left_is_not_sent(self, cast):
        actor = actor_of(cast.claire)
        invitation = actions.invite("x@courrier.example", Role.PEER, actor=actor, organisation=cast.committee)
        actions.withdraw_invitation(invitation, actor=actor)
        jobs.run_due()
        assert mail.outbox == []
