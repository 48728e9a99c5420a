"""The rules of the people area."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.cast import actor_of, make_cast
from vecu.core import jobs, journal, retention, vault
from vecu.core.access import visible
from vecu.core.errors import Denied, Refused
from vecu.core.events import WIRED, Wiring
from vecu.core.tables import Job, JobState, JournalEntry
from vecu.people import actions, erasures
from vecu.people.actions import erasing, invitations
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import ConsentChannel, ConsentPurpose, OrganisationKind, Role, StopReason
from vecu.people.events import ConsentWithdrawn, PersonStopped
from vecu.people.models import (
    Consent,
    ConsentText,
    ErasureRequest,
    Invitation,
    Membership,
    Organisation,
    Person,
    Tombstone,
    User,
)
from vecu.people.tests.factories import PersonFactory, SiteFactory

pytestmark = pytest.mark.django_db
UNTRUSTED = ["helene", "nadia", "solene", "delphine", "bertrand", "etienne"]


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def told(monkeypatch):
    """Events published, with the followers of other areas left out."""
    heard = []
    for event in (ConsentWithdrawn, PersonStopped):
        monkeypatch.setitem(WIRED, event, Wiring(now=[heard.append]))
    return heard


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


class TestConsents:
    def record(self, cast, **fields):
        return actions.record_consent(
            **{
                "person": cast.nadia,
                "purpose": ConsentPurpose.CONTACT,
                "actor": actor_of(cast.claire),
                "organisation": cast.committee,
                "channel": ConsentChannel.ORAL,
            }
            | fields
        )

    def test_texts_shipped_are_published_once(self):
        assert len(actions.publish_texts()) == len(ConsentPurpose)
        assert actions.publish_texts() == []
        text = actions.current_text(ConsentPurpose.CONTACT)
        parts = [text.title_fr, text.body_fr, text.title_en, text.body_en]
        assert text.sha256 == hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def test_texts_shipped_exist_in_both_languages_and_promise_no_emergency(self):
        for text in actions.publish_texts():
            assert len(text.body_fr) > 200 and len(text.body_en) > 200
            assert "'" not in text.body_fr

    def test_ledger_says_who_wrote_it_down_and_how(self, cast):
        consent = self.record(cast, channel=ConsentChannel.PAPER)
        assert (consent.recorded_by, consent.channel) == (cast.claire, ConsentChannel.PAPER)
        assert actions.has_consent(cast.nadia, ConsentPurpose.CONTACT, cast.committee)
        assert not actions.has_consent(cast.nadia, ConsentPurpose.EVALUATION, cast.committee)

    def test_recorded_twice_is_one(self, cast):
        assert self.record(cast).pk == self.record(cast).pk

    def test_new_words_replace_and_the_old_line_stays(self, cast):
        old = self.record(cast)
        actions.publish_text(
            cast.committee,
            ConsentPurpose.CONTACT,
            actor=actor_of(cast.claire),
            **{"title_fr": "a", "body_fr": "b", "title_en": "c", "body_en": "d"},
        )
        assert actions.has_consent(cast.nadia, ConsentPurpose.CONTACT, cast.committee)
        new = self.record(cast)
        assert new.text_id != old.text_id
        old.refresh_from_db()
        assert old.withdrawn_at is not None
        assert Consent.objects.filter(person=cast.nadia).standing().get() == new

    def test_same_words_again_are_refused(self, cast):
        words = {"title_fr": "a", "body_fr": "b", "title_en": "c", "body_en": "d"}
        for expected in (1, None):
            if expected:
                actions.publish_text(cast.committee, ConsentPurpose.CONTACT, actor=actor_of(cast.claire), **words)
            else:
                with pytest.raises(Refused, match="same_words"):
                    actions.publish_text(cast.committee, ConsentPurpose.CONTACT, actor=actor_of(cast.claire), **words)
        assert ConsentText.objects.filter(organisation=cast.committee).count() == 1

    def test_withdrawn_by_the_person_and_what_follows_is_told(self, cast, told):
        consent = self.record(cast)
        actions.withdraw_consent(consent, actor=actor_of(cast.nadia))
        assert not actions.has_consent(cast.nadia, ConsentPurpose.CONTACT, cast.committee)
        assert told == [ConsentWithdrawn(cast.nadia.pk, cast.committee.pk, "contact")]
        with pytest.raises(Refused, match="already_withdrawn"):
            actions.withdraw_consent(consent, actor=actor_of(cast.nadia))

    def test_coordinator_writes_down_a_withdrawal_by_phone(self, cast, told):
        actions.withdraw_consent(self.record(cast), actor=actor_of(cast.claire))
        assert len(told) == 1

    @pytest.mark.parametrize("who", ["helene", "youssef", "solene", "etienne"])
    def test_nobody_else_withdraws(self, cast, who, told):
        consent = self.record(cast)
        with pytest.raises(Denied):
            actions.withdraw_consent(consent, actor=actor_of(getattr(cast, who)))
        assert told == []

    def test_nobody_agrees_for_another(self, cast):
        with pytest.raises(Denied):
            actions.give_consent(
                cast.nadia, ConsentPurpose.CONTACT, actor=actor_of(cast.claire), organisation=cast.committee
            )
        with pytest.raises(Denied):
            self.record(cast, actor=actor_of(cast.youssef))
        with pytest.raises(Denied):
            self.record(cast, organisation=cast.other_hospital)


class TestStopPerson:
    def test_everything_waiting_is_cancelled_and_nothing_leaves_later(self, cast, told):
        ran = []
        jobs.KINDS.pop("people.test", None)
        jobs.job("people.test")(ran.append)
        jobs.enqueue("people.test", about=cast.nadia.pk)
        jobs.enqueue("people.test", about=cast.helene.pk)
        actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DEATH)
        jobs.enqueue("people.test", about=cast.nadia.pk)
        jobs.run_due()
        assert len(ran) == 1
        assert Job.objects.filter(about=cast.nadia.pk, state=JobState.CANCELLED).count() == 2
        assert told == [PersonStopped(cast.nadia.pk, cast.committee.pk, "death", cast.claire.pk)]
        assert cast.nadia not in Person.objects.reachable()
        jobs.KINDS.pop("people.test")

    def test_twice_is_refused(self, cast, told):
        actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DISTRESS)
        with pytest.raises(Refused, match="already_stopped"):
            actions.stop_person(cast.nadia, actor=actor_of(cast.claire), reason=StopReason.DEATH)

    def test_only_a_named_human_resumes(self, cast, told):
        actions.stop_person(cast.nadia, actor=system(cast.committee.pk), reason=StopReason.RELAPSE)
        with pytest.raises(Refused, match="human_needed"):
            actions.resume_person(cast.nadia, actor=system(cast.committee.pk), reason="elle va mieux")
        with pytest.raises(Refused, match="no_reason"):
            actions.resume_person(cast.nadia, actor=actor_of(cast.claire), reason="")
        actions.resume_person(cast.nadia, actor=actor_of(cast.claire), reason="elle va mieux")
        assert actions.may_leave(cast.nadia.pk)
        entry = JournalEntry.objects.get(verb="person.resume")
        assert (entry.actor_id, entry.reason) == (cast.claire.pk, "elle va mieux")

    @pytest.mark.parametrize("who", [*UNTRUSTED, "youssef"])
    def test_others_are_denied(self, cast, who, told):
        with pytest.raises(Denied):
            actions.stop_person(cast.nadia, actor=actor_of(getattr(cast, who)), reason=StopReason.DEATH)
        assert told == []


class TestInvitations:
    def invite(self, cast, email="Nouvelle@courrier.example", role=Role.PEER, **fields):
        return invitations.prepare(email, role, cast.committee, actor=actor_of(cast.claire), **fields)

    def test_secret_is_not_kept(self, cast):
        invitation, token = self.invite(cast)
        assert token not in str(Invitation.objects.values().get())
        assert actions.find_invitation(token) == invitation
        assert actions.find_invitation(token + "x") is None

    def test_accepted_once(self, cast):
        invitation, token = self.invite(cast)
        person = actions.accept_invitation(invitation, actor=PUBLIC, given_name="Rose", has_shared_mailbox=True)
        assert person.user.email == "nouvelle@courrier.example"
        assert person.user.has_shared_mailbox
        assert person.memberships.get().role == Role.PEER
        assert actions.find_invitation(token) is None
        with pytest.raises(Refused):
            actions.accept_invitation(invitation, actor=actor_of(person), given_name="Rose")

    def test_out_of_date_after_seven_days(self, cast):
        _invitation, token = self.invite(cast, now=timezone.now() - timedelta(days=7, minutes=1))
        assert actions.find_invitation(token) is None

    def test_known_address_accepts_signed_in_and_keeps_one_account(self, cast):
        invitation, _token = self.invite(cast, email=cast.aicha.user.email)
        with pytest.raises(Refused, match="sign_in_first"):
            actions.accept_invitation(invitation, actor=PUBLIC, given_name="Aïcha")
        with pytest.raises(Refused, match="sign_in_first"):
            actions.accept_invitation(invitation, actor=actor_of(cast.etienne))
        person = actions.accept_invitation(invitation, actor=actor_of(cast.aicha))
        assert person == cast.aicha
        assert actor_of(cast.aicha, cast.committee).roles == {Role.PEER}
        assert actor_of(cast.aicha, cast.other_hospital).roles == {Role.PEER}

    def test_invitation_for_another_address_is_not_taken_while_signed_in(self, cast):
        invitation, _token = self.invite(cast)
        with pytest.raises(Refused, match="sign_out_first"):
            actions.accept_invitation(invitation, actor=actor_of(cast.etienne), given_name="Étienne")

    def test_one_at_a_time_then_withdrawn(self, cast):
        invitation = actions.invite(
            "x@courrier.example", Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee
        )
        with pytest.raises(Refused, match="already_invited"):
            actions.invite("X@courrier.example", Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee)
        actions.withdraw_invitation(invitation, actor=actor_of(cast.claire))
        actions.invite("x@courrier.example", Role.PEER, actor=actor_of(cast.claire), organisation=cast.committee)

    @pytest.mark.parametrize("who", [*UNTRUSTED, "youssef"])
    def test_others_are_denied(self, cast, who):
        with pytest.raises(Denied):
            actions.invite(
                "x@courrier.example",
                Role.PEER,
                actor=actor_of(getattr(cast, who)),
                organisation=cast.committee,
            )

    def test_head_office_comes_from_above(self, cast):
        with pytest.raises(Refused, match="given_from_above"):
            actions.invite(
                "x@courrier.example", Role.HEAD_OFFICE, actor=actor_of(cast.claire), organisation=cast.committee
            )

    def test_secret_is_forgotten_after_thirty_days(self, cast):
        invitation, _token = self.invite(cast)
        invitations.forget_invitations(timezone.now() + timedelta(days=31))
        assert Invitation.objects.get(pk=invitation.pk).token_hash is None


class TestErasure:
    def test_seven_days_to_change_ones_mind(self, cast):
        request = actions.ask_erasure(cast.nadia, actor=actor_of(cast.nadia))
        erasing.erase_due(timezone.now() + timedelta(days=6))
        assert Person.objects.get(pk=cast.nadia.pk).given_name == "Nadia"
        actions.cancel_erasure(request, actor=actor_of(cast.nadia))
        erasing.erase_due(timezone.now() + timedelta(days=8))
        assert Person.objects.get(pk=cast.nadia.pk).given_name == "Nadia"

    def test_nothing_readable_is_left(self, cast):
        key = cast.nadia.vault_id
        actions.ask_erasure(cast.nadia, actor=actor_of(cast.nadia))
        erasing.erase_due(timezone.now() + timedelta(days=8))
        person = Person.objects.get(pk=cast.nadia.pk)
        assert person.erased_at is not None and person.user is None
        assert not person.memberships.exists() and not person.consents.exists()
        assert not User.objects.filter(email__contains="nadia").exists()
        assert vault.opened(key).is_destroyed
        assert "Nadia" not in str([vars(row) for row in Person.objects.all()])
        assert person.pseudonym != cast.nadia.handle
        assert not actions.may_leave(person.pk)

    def test_only_the_person_asks(self, cast):
        for who in ("claire", "youssef", "helene"):
            with pytest.raises(Denied):
                actions.ask_erasure(cast.nadia, actor=actor_of(getattr(cast, who)))
        assert not ErasureRequest.objects.exists()

    def test_last_coordinator_hands_over_first(self, cast):
        with pytest.raises(Refused, match="last_coordinator"):
            actions.ask_erasure(cast.claire, actor=actor_of(cast.claire))

    def test_restored_backup_is_erased_again(self, cast):
        Tombstone.objects.create(mark=erasing.tombstone_mark(cast.marc), erased_at=timezone.now())
        assert actions.bury_again() == 1
        assert Person.objects.get(pk=cast.marc.pk).erased_at is not None
        assert Person.objects.get(pk=cast.helene.pk).erased_at is None

    def test_areas_above_add_their_part(self, cast, monkeypatch):
        done = []
        part = erasures.Part(preview=lambda person: [erasures.Fate("X")], erase=lambda person: done.append(person.pk))
        monkeypatch.setattr(erasures, "PARTS", [*erasures.PARTS, part])
        assert erasures.preview(cast.nadia)[0].what == "X"
        actions.erase_person(cast.nadia, actor=system())
        assert done == [cast.nadia.pk]

    def test_unused_account_is_warned_twice_then_erased(self, cast):
        start = timezone.now()
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=start)
        User.objects.filter(pk=cast.helene.user_id).update(last_login=start)
        for day in range(300, 420):
            now = start + timedelta(days=day)
            erasing.close_idle_accounts(now)
            erasing.erase_due(now)
        assert Job.objects.filter(kind="people.mail_idle").count() == 2
        assert Person.objects.get(pk=cast.nadia.pk).erased_at is not None
        assert Person.objects.get(pk=cast.helene.pk).erased_at is None

    def test_signing_in_again_undoes_it(self, cast):
        start = timezone.now()
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=start)
        erasing.close_idle_accounts(start + timedelta(days=366))
        User.objects.filter(pk=cast.nadia.user_id).update(last_login=start + timedelta(days=370))
        erasing.erase_due(start + timedelta(days=400))
        assert Person.objects.get(pk=cast.nadia.pk).erased_at is None
        assert not ErasureRequest.objects.exists()


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


class TestRetention:
    def test_what_is_past_its_end_goes_and_the_board_says_so(self, cast):
        invitations.prepare("x@courrier.example", Role.PEER, cast.committee, actor=actor_of(cast.claire))
        later = timezone.now() + timedelta(days=33)
        line = next(line for line in retention.board(later) if line.clock.model == "people.Invitation")
        assert (line.kept, line.forgotten) == (1, 1)
        assert retention.apply(later, dry=True)["people.Invitation"] == 1
        assert Invitation.objects.exists()
        retention.apply(later)
        assert not Invitation.objects.exists()

    def test_nothing_goes_before_its_end(self, cast):
        invitations.prepare("x@courrier.example", Role.PEER, cast.committee, actor=actor_of(cast.claire))
        retention.apply(timezone.now() + timedelta(days=29))
        assert Invitation.objects.exists()


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
