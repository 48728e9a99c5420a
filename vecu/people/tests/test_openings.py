"""An address that nobody confirmed opens nothing; its owner opens the account, and recognises what is theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import actor_of, sign_in
from vecu.core import jobs, retention
from vecu.core.errors import Denied, Refused
from vecu.core.events import WIRED, Wiring
from vecu.core.tables import JournalEntry
from vecu.people import actions
from vecu.people.actions.throttles import Door
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.events import FilesJoined
from vecu.people.models import AwaitedAddress, Invitation, Person, Throttle, User

pytestmark = pytest.mark.django_db
MAIL, PHONE = "rose.legoff@courrier.example", "01 99 00 45 67"


def file_of(cast, email=MAIL, **fields):
    """Someone who asked for a peer without an account."""
    person = actions.create_person(
        actor=system(),
        organisation=cast.committee,
        role=Role.BENEFICIARY,
        given_name="Rose",
        email=email,
        phone=PHONE,
    )
    actions.await_address(person, actor=system(), organisation=cast.committee, email=email, **fields)
    return person


def link_received():
    jobs.run_due()
    return re.search(r"http://[^/]+(/invitation/\S+)", mail.outbox[-1].body).group(1)


def comes_to_sign_in(client, address=MAIL):
    return client.post(reverse("account_request_login_code"), {"email": address}, follow=True)


class TestFirstSignIn:
    def test_it_works(self, client, cast):
        person = file_of(cast)
        assert not User.objects.filter(email=MAIL).exists()
        comes_to_sign_in(client, MAIL.upper())
        client.get(link_received(), follow=True)
        response = client.post(reverse("invitation_accept"), {"known": "+33 1 99 00 45 67"})
        assert response["Location"] == reverse("passkey_offer")
        assert client.get(reverse("own_data")).wsgi_request.actor.person_id == person.pk
        assert not AwaitedAddress.objects.exists()

    def test_choices_of_the_request_go_with_it(self, client, cast):
        file_of(cast, language="en")
        comes_to_sign_in(client)
        client.get(link_received())
        client.post(reverse("invitation_accept"), {"known": PHONE})
        assert User.objects.get(email=MAIL).language == "en"

    def test_the_page_of_the_link_says_nothing_of_the_file(self, client, cast):
        file_of(cast)
        comes_to_sign_in(client)
        page = client.get(link_received(), follow=True).text
        for word in ("Rose", "Comité", "Valmont", "45 67", MAIL):
            assert word not in page

    def test_a_stranger_in_a_mistyped_mailbox_gets_nothing(self, cast):
        person = file_of(cast)
        comes_to_sign_in(CheckedClient())
        link = link_received()
        for _round in range(2):
            client = CheckedClient()
            client.get(link)
            for wrong in ("", "Rose", "01 99 00 45 68", "4567", "0" * 16):
                page = client.post(reverse("invitation_accept"), {"known": wrong})
                assert page.status_code in (200, 422)
        assert client.post(reverse("invitation_accept"), {"known": PHONE}).status_code == 200, "slowed down"
        assert not User.objects.filter(email=MAIL).exists()
        assert Person.objects.get(pk=person.pk).user is None

    def test_message_is_neutral(self, client, cast):
        file_of(cast)
        comes_to_sign_in(client)
        jobs.run_due()
        (message,) = mail.outbox
        assert not re.search("comité|valmont|rose|pair|patient|santé", f"{message.subject} {message.body}".lower())

    def test_shared_mailbox_is_sent_nothing_unless_a_human_does(self, client, cast):
        person = file_of(cast, has_shared_mailbox=True)
        comes_to_sign_in(client)
        jobs.run_due()
        assert mail.outbox == []
        actions.offer_account(person, actor=actor_of(cast.claire))
        client.get(link_received())
        client.post(reverse("invitation_accept"), {"known": PHONE})
        assert User.objects.get(email=MAIL).has_shared_mailbox

    def test_second_link_ends_the_first_and_a_link_serves_once(self, client, cast):
        file_of(cast)
        comes_to_sign_in(client)
        first = link_received()
        comes_to_sign_in(CheckedClient())
        second = link_received()
        assert first != second and Invitation.objects.open().count() == 1
        client.get(first)
        assert client.post(reverse("invitation_accept"), {"known": PHONE}).status_code == 410
        client.get(second)
        client.post(reverse("invitation_accept"), {"known": PHONE})
        other = CheckedClient()
        other.get(second)
        assert other.post(reverse("invitation_accept"), {"known": PHONE}).status_code == 410

    def test_corrected_address_is_the_one_awaited(self, client, cast):
        person = file_of(cast)
        comes_to_sign_in(client)
        link = link_received()
        actions.change_identity(person, actor=actor_of(cast.claire), contact_email="rose@courrier.example")
        client.get(link)
        assert client.post(reverse("invitation_accept"), {"known": PHONE}).status_code == 410
        comes_to_sign_in(CheckedClient())
        jobs.run_due()
        assert len(mail.outbox) == 1
        comes_to_sign_in(CheckedClient(), "rose@courrier.example")
        jobs.run_due()
        assert mail.outbox[-1].to == ["rose@courrier.example"]

    def test_stopped_or_erased_opens_nothing(self, client, cast, told):
        person = file_of(cast)
        actions.stop_person(person, actor=actor_of(cast.claire), reason="distress")
        comes_to_sign_in(client)
        jobs.run_due()
        assert mail.outbox == []
        actions.erase_person(person, actor=system())
        assert not AwaitedAddress.objects.exists()

    def test_known_awaited_and_unknown_addresses_look_the_same(self, cast):
        file_of(cast)
        pages = []
        for address in (MAIL, cast.nadia.user.email, "personne.ici@courrier.example"):
            response = comes_to_sign_in(CheckedClient(), address)
            text = re.sub(r'(value|id|for|aria-describedby)="[^"]*"', "", response.text.replace(address, "ADDRESS"))
            pages.append((response.status_code, response.redirect_chain, text))
        assert pages[0] == pages[1] == pages[2]


class TestSomebodyElsesAddress:
    """A request names the address of Nadia, who has an account."""

    def test_nothing_opens_and_nothing_is_learnt(self, cast):
        theirs, free = file_of(cast, cast.nadia.user.email), file_of(cast)
        before = Person.objects.get(pk=cast.nadia.pk)
        for person in (theirs, free):
            door = Door(person.contact_email, "192.0.2.7")
            acting = actor_of(person)
            actions.ask_opening(person, door=door, actor=acting)
        jobs.run_due()
        assert Person.objects.get(pk=theirs.pk).user is None
        assert Person.objects.get(pk=cast.nadia.pk).user == before.user
        to_nadia, to_rose = sorted(mail.outbox, key=lambda letter: letter.to != [cast.nadia.user.email])
        assert "/invitation/" not in to_nadia.body and "/invitation/" in to_rose.body

    def test_its_owner_says_it_was_not_them(self, client, cast):
        person = file_of(cast, cast.nadia.user.email)
        sign_in(client, cast.nadia)
        page = client.get(reverse("file_join")).text
        assert "Rose" not in page and "45 67" not in page
        assert client.post(reverse("file_disown")).status_code == 303
        assert not AwaitedAddress.objects.exists()
        assert Person.objects.get(pk=person.pk).erased_at is None
        assert client.get(reverse("file_join"))["Location"] == reverse("today")
        assert JournalEntry.objects.get(verb="address.disown").actor_id is None, "who has the account is not said"

    def test_its_owner_is_asked_on_signing_in(self, client, cast):
        file_of(cast, cast.nadia.user.email)
        comes_to_sign_in(client, cast.nadia.user.email)
        jobs.run_due()
        code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)
        response = client.post(reverse("account_confirm_login_code"), {"code": code})
        assert response["Location"] == reverse("file_join")

    def test_it_was_them(self, client, cast, monkeypatch):
        joined = []
        monkeypatch.setitem(WIRED, FilesJoined, Wiring(now=[joined.append]))
        person = file_of(cast, cast.nadia.user.email)
        sign_in(client, cast.nadia)
        assert client.post(reverse("file_join"), {"known": "01 99 00 00 00"}).status_code == 200
        assert joined == []
        assert client.post(reverse("file_join"), {"known": PHONE}).status_code == 303
        assert joined == [FilesJoined(person.pk, cast.nadia.pk, cast.committee.pk)]
        assert Person.objects.get(pk=person.pk).erased_at is not None

    def test_nobody_else_joins_it(self, cast):
        person = file_of(cast, cast.nadia.user.email)
        for action in (actions.join_file, actions.disown_file):
            with pytest.raises(Denied):
                action(person.awaited, actor=actor_of(cast.helene))


class TestOffer:
    def test_coordinator_sends_the_link_from_the_page_of_the_person(self, client, cast):
        person = file_of(cast)
        person.awaited.delete()  # someone who phoned
        sign_in(client, cast.claire)
        assert reverse("account_offer", args=[person.pk]) in client.get(reverse("member_detail", args=[person.pk])).text
        assert client.post(reverse("account_offer", args=[person.pk])).status_code == 303
        assert "/invitation/" in link_received()

    def test_other_organisation_gets_404(self, client, cast):
        person = file_of(cast)
        sign_in(client, cast.youssef)
        assert client.post(reverse("account_offer", args=[person.pk])).status_code == 404

    @pytest.mark.parametrize("who", ["helene", "nadia", "solene"])
    def test_role_without_right_gets_403(self, client, cast, who):
        person = file_of(cast)
        sign_in(client, getattr(cast, who))
        assert client.post(reverse("account_offer", args=[person.pk])).status_code == 403

    def test_mailbox_is_not_flooded(self, cast):
        person = file_of(cast)
        door = Door(MAIL, "192.0.2.7")
        with pytest.raises(Refused, match="too_many_tries"):
            for _n in range(10):
                actions.ask_opening(person, door=door, actor=system())
        assert Throttle.objects.exists()

    def test_who_has_an_account_needs_none(self, cast):
        with pytest.raises(Refused, match="has_account"):
            actions.offer_account(cast.nadia, actor=actor_of(cast.claire))

    def test_never_confirmed_is_forgotten_after_a_year(self, cast):
        file_of(cast)
        retention.apply(timezone.now() + timedelta(days=366))
        assert not AwaitedAddress.objects.exists()
