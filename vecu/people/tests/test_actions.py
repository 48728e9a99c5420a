"""The rules about people, roles and organisations."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.cast import actor_of
from vecu.core import journal, vault
from vecu.core.access import visible
from vecu.core.errors import Denied, Refused
from vecu.core.tables import JournalEntry
from vecu.people import actions
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import ConsentPurpose, OrganisationKind, Role, StopReason
from vecu.people.models import (
    ConsentText,
    Membership,
    Organisation,
    Person,
)
from vecu.people.tests.factories import UNTRUSTED, PersonFactory, SiteFactory

pytestmark = pytest.mark.django_db


def create(cast, actor, **fields):
    return actions.create_person(
        **{"actor": actor, "organisation": cast.committee, "given_name": "Rose", "role": Role.BENEFICIARY} | fields
    )


class TestCreatePerson:
    def test_it_works(self, cast):
        person = create(cast, actor_of(cast.claire), given_name=" Rose ", family_name="Le Goff", phone="01 99 00 12 12")
        found = Person.objects.get(pk=person.pk)
        assert (found.given_name, found.family_name, found.phone) == ("Rose", "Le Goff", "01 99 00 12 12")
        assert found.user is None
        assert list(found.memberships.values_list("role", flat=True)) == [Role.BENEFICIARY]
        assert actions.found_by_name(actor_of(cast.claire), "rose", "LE GOFF") == [found]
        assert actions.found_by_name(actor_of(cast.youssef), "rose", "LE GOFF") == []

    def test_pseudonym_has_nothing_of_the_name_and_is_nobody_elses(self, cast):
        handles = {create(cast, system(), given_name="Rose").handle for _n in range(40)}
        assert len(handles) == 40
        assert not any("Rose" in handle.split()[0] for handle in handles)

    def test_each_person_has_a_key_of_their_own(self, cast):
        first, second = create(cast, system(), given_name="A"), create(cast, system(), given_name="B")
        assert first.vault_id != second.vault_id
        vault.destroy(first.vault_id)
        assert Person.objects.get(pk=second.pk).given_name == "B"
        assert Person.objects.get(pk=first.pk).given_name != "A"

    def test_account_opens_by_code(self, cast):
        person = create(cast, actor_of(cast.claire), email="Rose@Courrier.example", has_account=True)
        assert person.user.email == "rose@courrier.example"
        assert not person.user.has_usable_password()

    def test_address_already_in_use_is_refused(self, cast):
        before = Person.objects.count()
        with pytest.raises(Refused, match="known_address"):
            create(cast, actor_of(cast.claire), email="NADIA.benali@courrier.example", has_account=True)
        assert Person.objects.count() == before

    def test_other_organisation_is_denied(self, cast):
        with pytest.raises(Denied):
            create(cast, actor_of(cast.youssef))

    @pytest.mark.parametrize("who", UNTRUSTED)
    def test_role_without_right_is_denied(self, cast, who):
        with pytest.raises(Denied):
            create(cast, actor_of(getattr(cast, who)))
        with pytest.raises(Denied):
            create(cast, PUBLIC)


class TestIdentity:
    def test_own_reading_is_not_journaled(self, cast):
        identity = actions.read_identity(cast.nadia, actor=actor_of(cast.nadia), reason="")
        assert identity.full_name == "Nadia Benali"
        assert not JournalEntry.objects.filter(is_reading=True).exists()

    def test_somebody_elses_reading_is_journaled_with_its_reason(self, cast):
        actions.read_identity(cast.nadia, actor=actor_of(cast.claire), reason="appel de mardi")
        (entry,) = journal.for_subject(cast.nadia.pk)
        assert (entry.actor_id, entry.actor_role, entry.reason) == (cast.claire.pk, "coordinator", "appel de mardi")

    def test_reason_is_required(self, cast):
        with pytest.raises(Refused, match="no_reason"):
            actions.read_identity(cast.nadia, actor=actor_of(cast.claire), reason="  ")
        assert not JournalEntry.objects.filter(is_reading=True).exists()

    @pytest.mark.parametrize("who", [*UNTRUSTED, "youssef"])
    def test_others_are_denied(self, cast, who):
        someone = cast.marc
        with pytest.raises(Denied):
            actions.read_identity(someone, actor=actor_of(getattr(cast, who)), reason="par curiosité")

    def test_person_corrects_their_own(self, cast):
        actions.change_identity(cast.nadia, actor=actor_of(cast.nadia), family_name="Benali-Roy", town="Bréhal")
        found = Person.objects.get(pk=cast.nadia.pk)
        assert (found.family_name, found.town, found.given_name) == ("Benali-Roy", "Bréhal", "Nadia")
        assert actions.found_by_name(actor_of(cast.claire), "Nadia", "Benali-Roy") == [found]

    def test_somebody_else_is_denied_and_first_name_stays(self, cast):
        with pytest.raises(Denied):
            actions.change_identity(cast.nadia, actor=actor_of(cast.helene), town="Ailleurs")
        with pytest.raises(Denied):
            actions.change_identity(cast.nadia, actor=actor_of(cast.youssef), town="Ailleurs")
        with pytest.raises(Refused, match="no_given_name"):
            actions.change_identity(cast.nadia, actor=actor_of(cast.nadia), given_name=" ")

    def test_a_page_left_open_starts_nothing_again(self, cast):
        left_open = Person.objects.get(pk=cast.nadia.pk)
        actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DISTRESS)
        actions.change_identity(left_open, actor=actor_of(cast.claire), town="Bréhal")
        cast.nadia.refresh_from_db()
        assert cast.nadia.is_stopped and cast.nadia.town == "Bréhal"

    def test_nothing_written_lies_readable_in_the_journal(self, cast):
        actions.change_identity(cast.nadia, actor=actor_of(cast.nadia), family_name="Zanzibar")
        assert "Zanzibar" not in str(list(JournalEntry.objects.values()))


class TestRoles:
    def test_two_roles_one_account(self, cast):
        actions.give_role(cast.helene, Role.COORDINATOR, actor=actor_of(cast.claire), organisation=cast.committee)
        assert actor_of(cast.helene).roles == {Role.PEER, Role.COORDINATOR}

    def test_given_twice_is_one(self, cast):
        for _n in range(2):
            actions.give_role(cast.helene, Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee)
        assert Membership.objects.filter(person=cast.helene).count() == 1

    def test_someone_of_elsewhere_must_be_invited(self, cast):
        with pytest.raises(Denied):
            actions.give_role(cast.aicha, Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee)

    def test_in_another_organisation_is_denied(self, cast):
        with pytest.raises(Denied):
            actions.give_role(cast.helene, Role.PEER, actor=actor_of(cast.claire), organisation=cast.other_hospital)

    def test_head_office_comes_from_above(self, cast):
        with pytest.raises(Refused, match="given_from_above"):
            actions.give_role(cast.helene, Role.HEAD_OFFICE, actor=actor_of(cast.claire), organisation=cast.committee)

    def test_last_coordinator_stays(self, cast):
        membership = Membership.objects.get(person=cast.claire)
        with pytest.raises(Refused, match="last_coordinator"):
            actions.end_role(membership, actor=actor_of(cast.claire))
        actions.give_role(cast.marc, Role.COORDINATOR, actor=actor_of(cast.claire), organisation=cast.committee)
        actions.end_role(membership, actor=actor_of(cast.claire))
        assert actor_of(cast.claire).roles == frozenset()

    def test_ended_twice_is_refused(self, cast):
        membership = Membership.objects.get(person=cast.helene)
        actions.end_role(membership, actor=actor_of(cast.claire))
        with pytest.raises(Refused, match="already_ended"):
            actions.end_role(membership, actor=actor_of(cast.claire))


class TestOrganisations:
    def test_tree_has_four_levels(self, cast):
        ward = actions.create_organisation(
            actor=system(), name="Antenne", kind=OrganisationKind.COMMITTEE, parent=cast.hospital
        )
        with pytest.raises(Refused, match="too_deep"):
            actions.create_organisation(actor=system(), name="X", kind=OrganisationKind.COMMITTEE, parent=ward)
        assert ward in visible(Organisation, actor_of(cast.bertrand))

    def test_head_office_creates_below_only(self, cast):
        actor = actor_of(cast.bertrand)
        for parent in (None, cast.other_hospital):
            with pytest.raises(Denied):
                actions.create_organisation(actor=actor, name="X", kind=OrganisationKind.REGION, parent=parent)
        with pytest.raises(Denied):
            actions.create_organisation(
                actor=actor_of(cast.claire), name="X", kind=OrganisationKind.REGION, parent=cast.committee
            )

    def test_site_of_another_organisation_is_denied(self, cast):
        site = SiteFactory(organisation=cast.other_hospital)
        with pytest.raises(Denied):
            actions.change_site(site, actor=actor_of(cast.claire), is_open=False)
        with pytest.raises(Denied):
            actions.create_site(cast.other_hospital, actor=actor_of(cast.claire), name="X", town="Y", departement="44")


class TestFirstStart:
    def test_it_works_once(self, capsys):
        options = {"organisation": "Comité", "kind": "committee", "coordinator": "claire@courrier.example"}
        call_command("first_start", **options)
        token = capsys.readouterr().out.rpartition("/invitation/")[2].split("/")[0]
        invitation = actions.find_invitation(token)
        assert (invitation.role, invitation.email) == (Role.COORDINATOR, "claire@courrier.example")
        assert ConsentText.objects.count() == len(ConsentPurpose)
        call_command("first_start", **options)
        assert Organisation.objects.count() == 1

    @pytest.mark.parametrize(
        "options",
        [
            {"organisation": "Comité", "kind": "committee"},
            {"organisation": "Comité", "kind": "committee", "coordinator": "not an address"},
            {"organisation": " ", "kind": "committee", "coordinator": "a@b.example"},
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_made(self, options, monkeypatch):
        with pytest.raises(CommandError):
            call_command("first_start", **options)
        assert not Organisation.objects.exists()


class TestVisibility:
    @pytest.mark.parametrize(
        ("who", "seen"),
        [
            ("claire", {"claire", "helene", "marc", "nadia", "solene", "delphine"}),
            ("youssef", {"youssef", "aicha"}),
            *[(who, set()) for who in UNTRUSTED],
        ],
    )
    def test_people(self, cast, who, seen):
        found = set(visible(Person, actor_of(getattr(cast, who))))
        assert found == {getattr(cast, name) for name in seen}

    def test_stopped_and_erased_are_not_reachable(self, cast):
        stopped = PersonFactory(stopped=True)
        assert stopped not in Person.objects.reachable()
        assert cast.nadia in Person.objects.reachable()
