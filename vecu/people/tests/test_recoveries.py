"""The way someone signs in changes hands with nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import actor_of, sign_in
from vecu.core import jobs
from vecu.core.errors import Denied, Refused
from vecu.core.events import WIRED, Wiring
from vecu.core.tables import JournalEntry
from vecu.people import actions
from vecu.people.actions import recoveries
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.events import MemberSuspended, RecoveryRefused
from vecu.people.models import Membership, OutsideAccount, Person, Recovery, User
from vecu.people.tests.test_copies import prove

pytestmark = pytest.mark.django_db
MET, RIGHT, PASSWORD = "vue à la permanence de mardi", "nadia@courrier.example", "trois chats sur un mur"
DAY = timedelta(hours=24)


@pytest.fixture
def nadia(cast):
    """Someone with a password, an app, a professional account, and used to signing in."""
    user = cast.nadia.user
    user.set_password(PASSWORD)
    user.last_login = timezone.now() - timedelta(days=3)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    OutsideAccount.objects.create(user=user, issuer="https://chu.example", mark="m", last_used_at=timezone.now())
    return cast.nadia


def ask(cast, person, who="claire", **fields):
    return actions.ask_recovery(person, actor=actor_of(getattr(cast, who)), **{"reason": MET} | fields)


def proofs_of(person):
    user = User.objects.get(pk=person.user_id)
    return user.has_usable_password(), Authenticator.objects.filter(user=user).exists(), user.email


def letters():
    jobs.run_due()
    return {letter.to[0]: f"{letter.subject} {letter.body}" for letter in mail.outbox}


def code_in(letter):
    return re.search(r"^(\d{6})$", letter, re.MULTILINE).group(1)


class TestRecovery:
    def test_a_day_goes_by_then_everything_starts_again(self, cast, nadia):
        old = nadia.user.email
        now = timezone.now()
        ask(cast, nadia, now=now, email=RIGHT)
        recoveries.finish_recoveries(now + DAY - timedelta(minutes=1))
        assert proofs_of(nadia) == (True, True, old)
        recoveries.finish_recoveries(now + DAY)
        assert proofs_of(nadia) == (False, False, RIGHT)
        assert not OutsideAccount.objects.exists()
        assert Person.objects.get(pk=nadia.pk).contact_email == RIGHT
        verbs = ["account.recovery_ask", "account.recover"]
        assert list(JournalEntry.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True)) == verbs
        assert JournalEntry.objects.get(verb=verbs[0]).reason == MET

    def test_open_sessions_end(self, cast, nadia):
        client = CheckedClient()
        client.post(reverse("account_login"), {"login": nadia.user.email, "password": PASSWORD})
        prove(client, nadia)
        assert client.get(reverse("own_data")).status_code == 200
        now = timezone.now()
        ask(cast, nadia, now=now)
        recoveries.finish_recoveries(now + DAY)
        assert client.get(reverse("own_data")).status_code == 302

    def test_both_addresses_are_told_twice_and_nothing_is_said(self, cast, nadia):
        now, old = timezone.now(), nadia.user.email
        ask(cast, nadia, now=now, email=RIGHT)
        first = letters()
        assert set(first) == {old, RIGHT}
        mail.outbox.clear()
        recoveries.finish_recoveries(now + DAY)
        assert set(letters()) == {old, RIGHT}
        for said in first.values():
            assert not re.search("claire|morel|comité|valmont|patient|pair|santé|mardi|nadia", said.lower())
            assert RIGHT not in said and old not in said

    def test_old_address_opens_nothing_any_more(self, client, cast, nadia):
        now, old = timezone.now(), nadia.user.email
        Authenticator.objects.all().delete()
        waiting = CheckedClient()
        waiting.post(reverse("account_request_login_code"), {"email": old})
        code = code_in(letters()[old])
        ask(cast, nadia, now=now, email=RIGHT)
        recoveries.finish_recoveries(now + DAY)
        waiting.post(reverse("account_confirm_login_code"), {"code": code})
        assert waiting.get(reverse("own_data")).status_code == 302
        mail.outbox.clear()
        client.post(reverse("account_request_login_code"), {"email": old})
        assert old not in {to for to, said in letters().items() if re.search(r"^\d{6}$", said, re.MULTILINE)}
        client = CheckedClient()
        client.post(reverse("account_request_login_code"), {"email": RIGHT})
        response = client.post(reverse("account_confirm_login_code"), {"code": code_in(letters()[RIGHT])})
        assert response.status_code == 302 and client.get(reverse("own_data")).status_code == 200

    def test_never_opened_account_is_corrected_at_once(self, cast):
        assert cast.nadia.user.last_login is None
        recovery = ask(cast, cast.nadia, email=RIGHT)
        assert recovery.done_at is not None
        assert User.objects.get(pk=cast.nadia.user_id).email == RIGHT

    def test_owner_stops_it_and_those_who_coordinate_are_told(self, client, cast, nadia, monkeypatch):
        heard = []
        monkeypatch.setitem(WIRED, RecoveryRefused, Wiring(now=[heard.append]))
        now = timezone.now()
        ask(cast, nadia, now=now)
        sign_in(client, nadia)
        assert reverse("recovery_refuse") in client.get(reverse("own_data")).text
        assert client.post(reverse("recovery_refuse")).status_code == 303
        recoveries.finish_recoveries(now + DAY)
        assert proofs_of(nadia)[:2] == (True, True)
        assert heard == [RecoveryRefused(nadia.pk, cast.committee.pk)]
        assert client.post(reverse("recovery_refuse")).status_code == 404

    def test_coordinator_stops_it(self, client, cast, nadia):
        recovery = ask(cast, nadia)
        sign_in(client, cast.claire)
        assert client.post(reverse("recovery_cancel", args=[nadia.pk])).status_code == 303
        with pytest.raises(Refused, match="recovery_over"):
            actions.cancel_recovery(recovery, actor=actor_of(cast.claire))

    def test_nothing_changes_for_someone_stopped_meanwhile(self, cast, nadia, told):
        now = timezone.now()
        ask(cast, nadia, now=now)
        actions.stop_person(nadia, actor=actor_of(cast.claire), reason="death")
        recoveries.finish_recoveries(now + DAY)
        assert proofs_of(nadia)[:2] == (True, True)

    def test_what_is_refused(self, cast, nadia):
        for code, fields in (
            ("no_reason", {"reason": " "}),
            ("known_address", {"email": cast.helene.user.email.upper()}),
        ):
            with pytest.raises(Refused, match=code):
                ask(cast, nadia, **fields)
        with pytest.raises(Refused, match="own_account"):
            ask(cast, cast.claire)
        with pytest.raises(Refused, match="no_account"):
            ask(cast, actions.create_person(
                actor=system(), organisation=cast.committee, role=Role.BENEFICIARY, given_name="Rose"
            ))  # fmt: skip
        ask(cast, nadia)
        with pytest.raises(Refused, match="already_asked"):
            ask(cast, nadia)

    def test_whoever_shares_a_mailbox_starts_again_at_an_address_of_their_own(self, client, cast, nadia):
        now = timezone.now()
        User.objects.filter(pk=nadia.user_id).update(has_shared_mailbox=True)
        nadia.refresh_from_db()
        sign_in(client, cast.claire)
        assert "rien n’y est envoyé" in client.get(reverse("recovery_ask", args=[nadia.pk])).text
        with pytest.raises(Refused, match="shared_mailbox"):
            ask(cast, nadia)
        ask(cast, nadia, now=now, email=RIGHT)
        recoveries.finish_recoveries(now + DAY)
        client = CheckedClient()
        client.post(reverse("account_request_login_code"), {"email": RIGHT})
        response = client.post(reverse("account_confirm_login_code"), {"code": code_in(letters()[RIGHT])})
        assert response.status_code == 302 and client.get(reverse("own_data")).status_code == 200

    def test_a_mailbox_said_to_be_shared_meanwhile_locks_nobody_out(self, cast, nadia):
        now = timezone.now()
        ask(cast, nadia, now=now)
        User.objects.filter(pk=nadia.user_id).update(has_shared_mailbox=True)
        recoveries.finish_recoveries(now + DAY)
        assert proofs_of(nadia)[:2] == (True, True)

    def test_whoever_works_elsewhere_is_recovered_there(self, cast):
        Membership.objects.create(
            person=cast.helene, organisation=cast.other_hospital, role=Role.COORDINATOR, started_on=timezone.localdate()
        )
        with pytest.raises(Refused, match="works_elsewhere"):
            ask(cast, cast.helene)

    def test_address_taken_meanwhile_changes_nothing(self, cast, nadia):
        now = timezone.now()
        ask(cast, nadia, now=now, email=RIGHT)
        User.objects.create_user(RIGHT)
        recoveries.finish_recoveries(now + DAY)
        assert proofs_of(nadia)[:2] == (True, True)
        assert Recovery.objects.get().cancelled_at is not None

    @pytest.mark.parametrize("who", ["helene", "nadia", "solene", "delphine", "bertrand", "etienne", "youssef"])
    def test_others_are_denied(self, cast, who):
        with pytest.raises(Denied):
            ask(cast, cast.marc, who=who)


class TestPages:
    def test_coordinator_asks_from_the_page_of_the_person(self, client, cast, nadia):
        sign_in(client, cast.claire)
        url = reverse("recovery_ask", args=[nadia.pk])
        assert url in client.get(reverse("member_detail", args=[nadia.pk])).text
        assert client.post(url, {"reason": ""}).status_code == 422
        wrong = client.post(url, {"reason": MET, "email": "pas une adresse"})
        assert wrong.status_code == 422 and MET in wrong.text
        assert client.post(url, {"reason": MET}).status_code == 303
        assert reverse("recovery_cancel", args=[nadia.pk]) in client.get(
            reverse("member_detail", args=[nadia.pk])
        ).text  # fmt: skip

    def test_other_organisation_gets_404(self, client, cast, nadia):
        ask(cast, nadia)
        sign_in(client, cast.youssef)
        for page in ("recovery_ask", "recovery_cancel", "refusal_lift"):
            assert client.post(reverse(page, args=[nadia.pk]), {"reason": MET}).status_code == 404, page

    @pytest.mark.parametrize("who", ["helene", "solene"])
    def test_role_without_right_gets_403(self, client, cast, who):
        sign_in(client, getattr(cast, who))
        assert client.post(reverse("recovery_ask", args=[cast.marc.pk]), {"reason": MET}).status_code == 403


class TestOwnAddress:
    def change(self, client, email):
        assert client.post(reverse("own_address"), {"email": email})["Location"] == reverse("own_address_confirm")
        return letters()

    def test_it_works(self, client, cast):
        old = cast.nadia.user.email
        prove(client, cast.nadia)
        code = code_in(self.change(client, "Nadia@Courrier.example")[RIGHT])
        mail.outbox.clear()
        page = client.post(reverse("own_address_confirm"), {"code": "000000" if code != "000000" else "1"})
        assert page.status_code == 200 and User.objects.get(pk=cast.nadia.user_id).email == old
        assert client.post(reverse("own_address_confirm"), {"code": code})["Location"] == reverse("own_data")
        user = User.objects.get(pk=cast.nadia.user_id)
        assert (user.email, Person.objects.get(pk=cast.nadia.pk).contact_email) == (RIGHT, RIGHT)
        assert set(letters()) == {old, RIGHT}
        assert client.get(reverse("own_data")).status_code == 200

    def test_a_proof_is_asked_first(self, client, cast):
        sign_in(client, cast.nadia)
        assert client.get(reverse("own_address"))["Location"].startswith(reverse("proof_by_mail"))

    def test_address_of_somebody_else_gets_the_same_page_and_no_letter(self, cast):
        pages = []
        for address in (cast.helene.user.email, "libre@courrier.example"):
            client = prove(CheckedClient(), cast.nadia)
            self.change(client, address)
            pages.append(client.get(reverse("own_address_confirm")).text.replace(address, "ADDRESS"))
        strip = [re.sub(r'value="[^"]*"', "", page) for page in pages]
        assert strip[0] == strip[1]
        assert [letter.to for letter in mail.outbox] == [["libre@courrier.example"]]

    def test_code_of_a_proof_changes_no_address(self, client, cast):
        prove(client, cast.nadia)
        client.post(reverse("proof_by_mail"))
        session = client.session
        session["address_code"] = session["proof_code"]
        session.save()
        assert client.get(reverse("own_address_confirm"))["Location"] == reverse("own_address")

    def test_only_its_owner(self, cast):
        with pytest.raises(Denied):
            actions.change_address(cast.nadia, RIGHT, actor=actor_of(cast.claire))


class TestRefusedBefore:
    def refuse(self, cast, person):
        person.user.last_login = timezone.now()
        person.user.save()
        actions.remember_refusal(person.pk, cast.committee.pk)

    def test_return_is_seen_by_those_who_coordinate_here_even_after_erasure(self, client, cast):
        address = cast.marc.user.email
        self.refuse(cast, cast.marc)
        actions.erase_person(cast.marc, actor=system())
        assert actions.was_refused(actor_of(cast.claire), address.upper()) is not None
        assert actions.was_refused(actor_of(cast.youssef), address) is None
        assert actions.was_refused(actor_of(cast.solene), address) is None
        back = actions.create_person(
            actor=system(), organisation=cast.committee, role=Role.BENEFICIARY, given_name="Autre", email=address
        )
        sign_in(client, cast.claire)
        page = client.get(reverse("member_detail", args=[back.pk])).text
        assert "Déjà refusé" in page
        assert client.post(reverse("refusal_lift", args=[back.pk])).status_code == 303
        assert "Déjà refusé" not in client.get(reverse("member_detail", args=[back.pk])).text

    def test_invited_again_only_knowingly(self, client, cast):
        self.refuse(cast, cast.marc)
        sign_in(client, cast.claire)
        data = {"email": cast.marc.user.email, "role": Role.PEER}
        page = client.post(reverse("invitation_create"), data)
        assert page.status_code == 422 and "is_second_chance" in page.text and data["email"] in page.text
        assert client.post(reverse("invitation_create"), {**data, "is_second_chance": "on"}).status_code == 303

    def test_address_merely_given_is_nobodys_mark(self, cast):
        actions.remember_refusal(cast.marc.pk, cast.committee.pk)  # has never signed in
        assert actions.was_refused(actor_of(cast.claire), cast.marc.user.email) is None

    def test_only_a_mark_is_kept(self, cast):
        self.refuse(cast, cast.marc)
        (row,) = cast.committee._meta.apps.get_model("people.RefusedAddress").objects.values()
        assert "marc" not in str(row).lower() and "@" not in str(row)

    def test_whoever_is_suspended_is_recognised(self, cast, monkeypatch):
        monkeypatch.setitem(WIRED, MemberSuspended, Wiring())
        cast.marc.user.last_login = timezone.now()
        cast.marc.user.save()
        actions.suspend_member(cast.marc, actor=actor_of(cast.claire), organisation=cast.committee)
        assert actions.was_refused(actor_of(cast.claire), cast.marc.user.email) is not None
