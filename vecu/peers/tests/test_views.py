"""Pages: who sees what, what is typed, what it costs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from vecu.core.errors import Refused
from vecu.core.models import JournalEntry
from vecu.peers import actions
from vecu.peers.models import Clearance, LimitsPassport, LivedExperience, Peer
from vecu.peers.tests.factories import AbsenceFactory, PassportFactory, PeerFactory
from vecu.people import actions as people_actions
from vecu.people.enums import ConsentPurpose
from vecu.people.tests.factories import SiteFactory

STRANGE = [
    "",
    "   ",
    "\x00",
    "'\"><svg onload=1>",
    "${7*7}",
    "=cmd|' /C calc'!A0",
    "../../x",
    str(2**63),
    "-1",
    "NaN",
    "x" * 10_000,
    "\u202e",
    "0000",
    "9999-99-99",
]


def url(name: str, row: Any = None, **kwargs: Any) -> str:
    return reverse(name, kwargs={**({"pk": row.pk} if row is not None else {}), **kwargs})


class TestPeerList:
    def test_it_works(self, enter: Any, world: SimpleNamespace) -> None:
        page = enter("claire").get(url("peer_list")).content.decode()
        assert "Hélène D." in page and "Dubreuil" not in page
        assert "Sclérose en plaques (SEP)" in page and "suit 0 personne sur 3" in page

    def test_filters_in_words(self, enter: Any, world: SimpleNamespace) -> None:
        marc = PeerFactory(organisation=world.here, paused=True, person__given_name="Marc")
        client = enter("claire")
        shown = {
            name: client.get(url("peer_list"), {"show": name}).content.decode()
            for name in ("available", "paused", "all", "odd")
        }
        assert "Marc" not in shown["available"] and "Marc" in shown["paused"] and "Marc" in shown["all"]
        assert "Hélène" in shown["odd"] and str(marc.pk) not in shown["odd"]

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("hélène dubreuil", True),
            ("Dubreuil Hélène", True),
            ("sclerose", True),
            ("crohn", False),
            ("Hélène Autre", False),
            ("", True),
        ],
    )
    def test_search(self, enter: Any, world: SimpleNamespace, q: str, found: bool) -> None:
        page = enter("claire").get(url("peer_list"), {"q": q}).content.decode()
        assert ("Hélène D." in page) is found

    @pytest.mark.parametrize("typed", STRANGE)
    def test_strange_queries_are_answered(self, enter: Any, world: SimpleNamespace, typed: str) -> None:
        asked = {"q": typed, "where": typed, "show": typed, "page": typed}
        response = enter("claire").get(url("peer_list"), asked)
        assert response.status_code in (200, 400)
        assert b"<svg onload" not in response.content

    def test_a_peer_is_led_to_their_own_page(self, enter: Any) -> None:
        assert enter("helene").get(url("peer_list")).headers["Location"] == url("my_peer")

    @pytest.mark.parametrize("scale", [1, 40])
    def test_the_same_queries_whatever_the_number(
        self, enter: Any, world: SimpleNamespace, scale: int, django_assert_max_num_queries: Any
    ) -> None:
        for n in range(scale):
            peer = PeerFactory(
                organisation=world.here, lived=["crohn", "stomie", "travail", "fatigue"], ready=n % 2 == 0
            )
            AbsenceFactory(peer=peer)
        client = enter("claire")
        client.get(url("peer_list"), {"show": "all"})
        with django_assert_max_num_queries(14):
            client.get(url("peer_list"), {"show": "all"})


class TestPeerDetail:
    def test_it_works(self, enter: Any, world: SimpleNamespace) -> None:
        SiteFactory(organisation=world.here, name="Maison sans convention")
        actions.save_limits(
            world.helene,
            actor=world.herself,
            activity="accompaniment",
            refused_codes=["deuil"],
            own_words="Pas mes enfants",
        )
        page = enter("claire").get(url("peer_detail", world.helene)).content.decode()
        assert "Deuil" in page and "Maison sans convention" in page and "pas encore saisie" in page
        assert "Pas mes enfants" not in page, "own words are behind their own door"
        assert not JournalEntry.objects.filter(is_reading=True).exists()

    def test_their_words_are_read_in_the_journal(self, enter: Any, world: SimpleNamespace) -> None:
        actions.save_limits(world.helene, actor=world.herself, activity="accompaniment", own_words="Pas mes enfants")
        assert "Pas mes enfants" in enter("claire").get(url("peer_words", world.helene)).content.decode()
        entry = JournalEntry.objects.get(is_reading=True)
        assert entry.subject_id == world.helene.person_id and entry.actor_id == world.claire.person_id
        enter("helene").get(url("peer_words", world.helene))
        assert JournalEntry.objects.filter(is_reading=True).count() == 1

    def test_the_psychologist_reads_and_does_not_change(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("solene")
        page = client.get(url("peer_detail", world.helene)).content.decode()
        assert "Enter a proof" not in page and "Saisir une preuve" not in page
        assert client.post(url("clearance_record", world.helene), {}).status_code == 403

    @pytest.mark.parametrize(
        "name",
        [
            "peer_detail",
            "peer_words",
            "peer_edit",
            "availability_edit",
            "absence_add",
            "experience_add",
            "peer_pause",
            "peer_come_back",
            "peer_end",
            "clearance_record",
            "peer_raise_limit",
        ],
    )
    def test_other_organisation_gets_404(self, enter: Any, world: SimpleNamespace, name: str) -> None:
        client = enter("youssef")
        assert client.get(url(name, world.helene)).status_code == 404
        assert client.post(url(name, world.helene), {}).status_code == 404

    def test_proofs(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        wrong = client.post(
            url("clearance_record", world.helene), {"kind": "charter", "obtained_on": "31/02/2026", "expires_on": ""}
        )
        assert wrong.status_code == 422 and "31/02/2026" in wrong.content.decode()
        client.post(
            url("clearance_record", world.helene), {"kind": "charter", "obtained_on": "2026-03-01", "expires_on": ""}
        )
        clearance = Clearance.objects.get(peer=world.helene, obtained_on="2026-03-01")
        assert client.post(url("clearance_remove", clearance)).status_code == 303
        assert not Clearance.objects.filter(pk=clearance.pk).exists()

    def test_raising_the_limit(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        assert (
            client.post(url("peer_raise_limit", world.helene), {"max_pairs": "2", "reason": "elle accepte"}).status_code
            == 422
        )
        assert (
            client.post(url("peer_raise_limit", world.helene), {"max_pairs": "4", "reason": "elle accepte"}).status_code
            == 303
        )
        world.helene.refresh_from_db()
        assert world.helene.max_pairs == 4

    def test_one_s_own_limit_stands_with_one_s_availability(self, enter: Any, world: SimpleNamespace) -> None:
        with pytest.raises(Refused, match="own_limit"):
            actions.raise_limit(world.helene, actor=world.herself, max_pairs=4, reason="elle accepte")
        answer = enter("helene").post(url("peer_raise_limit", world.helene), {"max_pairs": "4", "reason": "oui"})
        assert answer.headers["Location"] == url("availability_edit", world.helene)

    def test_editing_and_leaving(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        assert client.get(url("peer_edit", world.helene)).status_code == 200
        typed = {"kind": "relative", "relation": "", "profiles": ["companion"], "presentation": "Bonjour"}
        assert client.post(url("peer_edit", world.helene), typed).status_code == 422
        assert client.post(url("peer_edit", world.helene), {**typed, "relation": "parent"}).status_code == 303
        assert Peer.objects.get(pk=world.helene.pk).presentation == "Bonjour"
        client.post(url("peer_edit", world.helene), {**typed, "relation": "parent", "care_site": str(world.site.pk)})
        assert Peer.objects.get(pk=world.helene.pk).care_site == world.site
        theirs = SiteFactory(organisation=world.elsewhere)
        wrong = {**typed, "relation": "parent", "care_site": str(theirs.pk)}
        assert client.post(url("peer_edit", world.helene), wrong).status_code == 422
        client.post(url("peer_end", world.helene))
        assert "Engagement terminé" in client.get(url("peer_detail", world.helene)).content.decode()


class TestPeerAdd:
    TYPED = {
        "given_name": "Marc",
        "kind": "patient",
        "experience": "cancer_prostate",
        "year_from": "2019",
        "started_on": "2024-01-01",
        "max_pairs": "3",
        "languages": ["fr"],
    }

    def test_it_works(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        assert client.get(url("peer_add")).status_code == 200
        response = client.post(url("peer_add"), self.TYPED)
        peer = Peer.objects.exclude(pk=world.helene.pk).get()
        assert response.headers["Location"] == url("peer_detail", peer)

    def test_an_account_needs_an_address_nobody_has(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        assert client.post(url("peer_add"), {**self.TYPED, "has_account": "on"}).status_code == 422
        taken = world.people["helene"].user.email
        assert client.post(url("peer_add"), {**self.TYPED, "has_account": "on", "email": taken}).status_code == 422
        assert (
            client.post(
                url("peer_add"), {**self.TYPED, "has_account": "on", "email": "marc@courrier.example"}
            ).status_code
            == 303
        )
        assert get_user_model().objects.filter(email="marc@courrier.example").exists()

    @pytest.mark.parametrize("typed", STRANGE)
    @pytest.mark.parametrize(
        "name", ["given_name", "birth_year", "experience", "started_on", "max_pairs", "departement"]
    )
    def test_strange_inputs_get_a_sentence(self, enter: Any, world: SimpleNamespace, name: str, typed: str) -> None:
        response = enter("claire").post(url("peer_add"), {**self.TYPED, name: typed})
        assert response.status_code in (303, 422)
        assert b"<svg onload" not in response.content

    def test_half_a_sign_is_answered(self, enter: Any, world: SimpleNamespace) -> None:
        body = b"kind=patient&experience=sep&started_on=2024-01-01&max_pairs=3&languages=fr&given_name=%ED%A0%80"
        response = enter("claire").post(url("peer_add"), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (303, 422)

    def test_role_without_right_gets_403(self, enter: Any) -> None:
        assert enter("solene").get(url("peer_add")).status_code == 403
        for name in ("peer_import", "agreement_list", "peer_export"):
            assert enter("helene").get(url(name)).status_code == 403

    def test_a_stranger_signs_in_first(self, client: Any, world: SimpleNamespace) -> None:
        for name in ("peer_list", "peer_add", "my_peer", "peer_import"):
            assert url("account_login") in client.get(url(name)).headers["Location"]


class TestMine:
    def test_it_works(self, enter: Any, world: SimpleNamespace) -> None:
        PassportFactory(peer=world.helene, refused_codes=["deuil"])
        AbsenceFactory(peer=world.helene)
        page = enter("helene").get(url("my_peer")).content.decode()
        assert "Mon engagement" in page and "Deuil" in page and world.site.name in page

    def test_one_tap_to_rest_and_one_to_come_back(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("helene")
        client.post(url("peer_pause", world.helene), {"until": ""})
        assert not Peer.objects.available().exists()
        assert "Je suis de retour" in client.get(url("my_peer")).content.decode()
        client.post(url("peer_come_back", world.helene))
        assert Peer.objects.available().exists()

    def test_a_wrong_day_never_keeps_from_resting(self, enter: Any, world: SimpleNamespace) -> None:
        enter("helene").post(url("peer_pause", world.helene), {"until": "demain"})
        assert Peer.objects.paused().exists()

    def test_availability(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("helene")
        typed = {
            "max_pairs": "2",
            "channels": ["phone"],
            "slots": ["mon_am"],
            "territories": ["44", "49"],
            "languages": ["fr"],
            "other_language": "br",
        }
        assert client.get(url("availability_edit", world.helene)).status_code == 200
        assert client.post(url("availability_edit", world.helene), {**typed, "channels": []}).status_code == 422
        assert client.post(url("availability_edit", world.helene), typed).headers["Location"] == url("my_peer")
        peer = Peer.objects.select_related("person").get(pk=world.helene.pk)
        assert (peer.max_pairs, peer.territories, peer.person.languages) == (2, ["44", "49"], ["fr", "br"])

    def test_an_agreement_taken_back_shows_and_can_be_given_again(self, enter: Any, world: SimpleNamespace) -> None:
        given = people_actions.give_consent(
            world.helene.person, ConsentPurpose.SHARED_EXPERIENCE, actor=world.herself, organisation=world.here
        )
        again = reverse("consent_give", args=[ConsentPurpose.SHARED_EXPERIENCE])
        assert again not in enter("helene").get(url("my_peer")).content.decode()
        people_actions.withdraw_consent(given, actor=world.herself)
        client = enter("helene")
        assert again in client.get(url("my_peer")).content.decode()
        assert again in client.get(reverse("consent_detail", args=[given.pk])).content.decode()
        staff = enter("claire")
        for page in (url("peer_list") + "?show=all", url("peer_detail", world.helene)):
            assert "Accord repris" in staff.get(page).content.decode()
        enter("helene").post(again)
        assert again not in enter("helene").get(url("my_peer")).content.decode()

    def test_the_peer_says_where_they_are_treated(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("helene")
        typed = {"max_pairs": "2", "channels": ["phone"], "languages": ["fr"], "care_site": str(world.site.pk)}
        assert 'name="care_site"' in client.get(url("availability_edit", world.helene)).content.decode()
        assert client.post(url("availability_edit", world.helene), typed).status_code == 303
        assert Peer.objects.get(pk=world.helene.pk).care_site == world.site
        assert world.site.name in client.get(url("my_peer")).content.decode()
        assert client.post(url("availability_edit", world.helene), {**typed, "care_site": ""}).status_code == 303
        assert Peer.objects.get(pk=world.helene.pk).care_site is None

    def test_a_coordinator_who_changes_the_times_keeps_the_place(self, enter: Any, world: SimpleNamespace) -> None:
        actions.edit_peer(world.helene, actor=world.herself, care_site=world.site)
        client = enter("claire")
        typed = {"max_pairs": "2", "channels": ["phone"], "languages": ["fr"]}
        assert client.post(url("availability_edit", world.helene), typed).status_code == 303
        assert Peer.objects.get(pk=world.helene.pk).care_site == world.site
        assert world.site.name in client.get(url("peer_detail", world.helene)).content.decode()

    def test_absences(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("helene")
        assert client.get(url("absence_add", world.helene)).status_code == 200
        assert (
            client.post(
                url("absence_add", world.helene), {"starts_on": "2050-01-02", "ends_on": "2050-01-01"}
            ).status_code
            == 422
        )
        client.post(url("absence_add", world.helene), {"starts_on": "2050-01-01", "ends_on": "2050-01-02"})
        client.post(url("absence_remove", world.helene.absences.get()))
        assert not world.helene.absences.exists()

    def test_experience_is_found_then_dated(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("helene")
        page = client.get(url("experience_add", world.helene), {"q": "travail"}).content.decode()
        assert "?code=reprise_travail" in page
        address = f"{url('experience_add', world.helene)}?code=reprise_travail"
        assert client.get(address).status_code == 200
        assert client.post(address, {"year_from": "3000"}).status_code == 422
        assert client.post(address, {"year_from": "2015", "own_words": "à mi-temps"}).status_code == 303
        row = LivedExperience.objects.get(code="reprise_travail")
        assert "à mi-temps" in client.get(url("experience_edit", row)).content.decode()
        client.post(url("experience_remove", row))
        assert not LivedExperience.objects.filter(pk=row.pk).exists()

    def test_limits_are_ones_own(self, enter: Any, world: SimpleNamespace) -> None:
        address = url("limits_edit", world.helene, activity="accompaniment")
        client = enter("helene")
        assert client.get(address).status_code == 200
        assert client.post(address, {"situations": ["deuil"], "own_words": "Rien"}).status_code == 303
        assert LimitsPassport.objects.get().refused_codes == ["deuil"]
        assert client.get(url("limits_edit", world.helene, activity="odd")).status_code == 404
        assert enter("claire").get(address).status_code == 403

    def test_no_file_yet(self, enter: Any, world: SimpleNamespace) -> None:
        world.helene.delete()
        assert enter("helene").get(url("my_peer")).status_code == 200

    def test_a_file_of_someone_else_is_not_found(self, enter: Any, world: SimpleNamespace) -> None:
        other = PeerFactory(organisation=world.here)
        for name in ("peer_detail", "peer_words", "availability_edit", "peer_pause"):
            assert enter("helene").get(url(name, other)).status_code == 404
