"""The rules of the people area."""

from __future__ import annotations

import pytest

from tests.cast import actor_of, make_cast
from vecu.core import vault
from vecu.core.errors import Denied, Refused
from vecu.people import actions
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import Role
from vecu.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


class TestCreatePerson:
    def test_it_works(self, cast):
        person = actions.create_person(
            actor=actor_of(cast.claire),
            organisation=cast.committee,
            given_name=" Rose ",
            family_name="Le Goff",
            role=Role.BENEFICIARY,
            phone="01 99 00 12 12",
        )
        found = Person.objects.get(pk=person.pk)
        assert (found.given_name, found.family_name, found.phone) == ("Rose", "Le Goff", "01 99 00 12 12")
        assert found.user is None
        assert list(found.memberships.values_list("role", flat=True)) == [Role.BENEFICIARY]
        assert actions.found_by_name(actor_of(cast.claire), "rose", "LE GOFF") == [found]

    def test_each_person_has_a_key_of_their_own(self, cast):
        made = [
            actions.create_person(actor=system(), organisation=cast.committee, given_name=name, role=Role.PEER)
            for name in ("A", "B")
        ]
        assert made[0].vault_id != made[1].vault_id
        vault.destroy(made[0].vault_id)
        assert str(Person.objects.get(pk=made[1].pk).given_name) == "B"

    def test_address_already_in_use_is_refused(self, cast):
        with pytest.raises(Refused, match="known_address"):
            actions.create_person(
                actor=actor_of(cast.claire),
                organisation=cast.committee,
                given_name="Rose",
                role=Role.PEER,
                email="NADIA.benali@courrier.example",
                has_account=True,
            )
        assert not Person.objects.filter(handle="").exists()

    def test_other_organisation_is_denied(self, cast):
        with pytest.raises(Denied):
            actions.create_person(
                actor=actor_of(cast.youssef), organisation=cast.committee, given_name="Rose", role=Role.PEER
            )

    @pytest.mark.parametrize("who", ["helene", "nadia", "solene", "delphine", "bertrand", "etienne"])
    def test_role_without_right_is_denied(self, cast, who):
        with pytest.raises(Denied):
            actions.create_person(
                actor=actor_of(getattr(cast, who)), organisation=cast.committee, given_name="Rose", role=Role.PEER
            )
        with pytest.raises(Denied):
            actions.create_person(actor=PUBLIC, organisation=cast.committee, given_name="Rose", role=Role.PEER)
