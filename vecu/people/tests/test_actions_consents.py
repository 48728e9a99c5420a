"""The ledger of consents, and invitations."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import actor_of
from vecu.core.errors import Denied, Refused
from vecu.people import actions
from vecu.people.actions import invitations
from vecu.people.actor import PUBLIC
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role
from vecu.people.events import ConsentWithdrawn
from vecu.people.models import (
    Consent,
    ConsentText,
    Invitation,
)
from vecu.people.tests.factories import UNTRUSTED

pytestmark = pytest.mark.django_db


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
        assert told == [ConsentWithdrawn(cast.nadia.pk, cast.committee.pk, "contact", consent.withdrawn_at)]
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
