"""Hours that come by themselves, claims and who decides about them."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.core import vault
from vecu.core.errors import Denied, Refused
from vecu.core.tables import JournalEntry
from vecu.core.tests.photos import photo
from vecu.people.enums import Role
from vecu.people.models import Membership
from vecu.recognition import actions, terms
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import ClaimState, Status
from vecu.recognition.models import Claim, Receipt, Scale
from vecu.recognition.tests.factories import (
    DRIVE,
    make_activity,
    make_approved,
    make_draft,
    make_paid,
    make_scale,
    make_sent,
    receipt,
)

TODAY = timezone.localdate


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=rf"^{code}: ")


class TestClaims:
    def test_it_works(self, cast: Cast) -> None:
        claim = make_sent(
            cast, costs=Costs(km=42, vehicle="any", journey="Valmont – Bréhal", tolls_cents=450), receipts=1
        )
        assert (claim.mileage_cents, claim.total_cents, claim.number, claim.state) == (2100, 2550, 1, "sent")
        assert str(claim.claimant) == "Hélène Dubreuil"
        actions.approve(claim, actor=actor_of(cast.claire))
        actions.pay(claim, actor=actor_of(cast.claire), paid_on=TODAY())
        claim.refresh_from_db()
        assert (claim.state, claim.paid_on, claim.paid_by) == ("paid", TODAY(), cast.claire)

    def test_the_same_activity_is_not_claimed_twice(self, cast: Cast) -> None:
        claim = make_draft(cast)
        with refused("already"):
            actions.start_claim(claim.activity, actor=actor_of(cast.helene), costs=DRIVE)
        actions.withdraw_claim(claim, actor=actor_of(cast.helene))
        assert actions.start_claim(claim.activity, actor=actor_of(cast.helene), costs=DRIVE).pk != claim.pk

    def test_nobody_claims_for_somebody_else(self, cast: Cast) -> None:
        activity, draft = make_activity(cast), make_draft(cast)
        for name in ("marc", "claire", "aicha"):
            with pytest.raises(Denied):
                actions.start_claim(activity, actor=actor_of(getattr(cast, name)), costs=DRIVE)
            with pytest.raises(Denied):
                actions.send_claim(draft, actor=actor_of(getattr(cast, name)))

    @pytest.mark.parametrize("km", [-1, 2001, 40_000])
    def test_kilometres_that_cannot_be_true(self, cast: Cast, km: int) -> None:
        with refused("strange_km"):
            make_draft(cast, costs=Costs(km=km, vehicle="any", journey="A – B"))

    @pytest.mark.parametrize("cents", [-1, 500_001])
    def test_amounts_that_cannot_be_true(self, cast: Cast, cents: int) -> None:
        with refused("strange_amount"):
            make_draft(cast, costs=Costs(tickets_cents=cents))

    def test_kilometres_need_a_scale_a_vehicle_and_a_journey(self, cast: Cast) -> None:
        activity, helene = make_activity(cast), actor_of(cast.helene)
        with refused("no_scale"):
            actions.start_claim(activity, actor=helene, costs=DRIVE)
        make_scale(cast)
        with refused("no_vehicle"):
            actions.start_claim(activity, actor=helene, costs=Costs(km=3, vehicle="car_5", journey="A – B"))
        with refused("no_journey"):
            actions.start_claim(activity, actor=helene, costs=Costs(km=3, vehicle="any", journey=" "))

    def test_what_is_not_kilometres_is_proved(self, cast: Cast) -> None:
        draft = make_draft(cast, costs=Costs(tickets_cents=1250))
        with refused("no_receipt"):
            actions.send_claim(draft, actor=actor_of(cast.helene))
        actions.add_receipt(draft, actor=actor_of(cast.helene), file=receipt())
        assert actions.send_claim(draft, actor=actor_of(cast.helene)).total_cents == 1250

    def test_nothing_is_not_sent(self, cast: Cast) -> None:
        with refused("nothing"):
            actions.send_claim(make_draft(cast, costs=Costs()), actor=actor_of(cast.helene))

    def test_what_was_sent_no_longer_changes(self, cast: Cast) -> None:
        claim = make_sent(cast, receipts=1)
        helene = actor_of(cast.helene)
        for act in (
            lambda: actions.edit_claim(claim, actor=helene, costs=DRIVE),
            lambda: actions.add_receipt(claim, actor=helene, file=receipt()),
            lambda: actions.remove_receipt(claim.receipts.get(), actor=helene),
            lambda: actions.send_claim(claim, actor=helene),
        ):
            with refused("sent"):
                act()

    def test_it_is_mended_and_sent_again_with_the_same_number(self, cast: Cast) -> None:
        claim = make_sent(cast)
        actions.refuse(claim, actor=actor_of(cast.claire), answer="Il manque le retour.")
        helene = actor_of(cast.helene)
        actions.edit_claim(claim, actor=helene, costs=Costs(km=84, vehicle="any", journey="Valmont – Bréhal, retour"))
        again = actions.send_claim(claim, actor=helene)
        assert (again.number, again.total_cents, again.state) == (1, 4200, "sent")
        assert make_sent(cast, make_activity(cast, cast.marc)).number == 2

    def test_a_number_is_never_given_again(self, cast: Cast) -> None:
        assert [make_sent(cast, make_activity(cast, person)).number for person in (cast.marc, cast.helene)] == [1, 2]
        actions.erase_recognition(cast.helene.pk)
        assert make_sent(cast, make_activity(cast, cast.marc)).number == 3


class TestScales:
    def test_a_scale_that_changed_in_the_middle_of_the_year(self, cast: Cast) -> None:
        """The day of the activity says which one counts, whenever the claim is sent."""
        year = TODAY().year - 1
        make_scale(cast, date(year, 1, 1), "0.500")
        make_scale(cast, date(year, 7, 1), "0.600")
        june, july = (make_activity(cast, happened_on=day) for day in (date(year, 6, 30), date(year, 7, 1)))
        assert [make_draft(cast, activity).mileage_cents for activity in (june, july)] == [2100, 2520]

    def test_the_29th_of_february(self, cast: Cast) -> None:
        make_scale(cast, date(2024, 2, 29), "0.700")
        leap = make_activity(cast, happened_on=date(2024, 2, 29))
        assert make_draft(cast, leap).mileage_cents == 2940
        with refused("no_scale"):
            make_draft(cast, make_activity(cast, happened_on=date(2024, 2, 28)))
        assert list(Claim.objects.in_year(2024)) == [Claim.objects.get(activity=leap)]

    def test_kilometres_of_the_year_count_towards_the_next_step(self, cast: Cast) -> None:
        rates = {"car_5": [(0, Decimal("0.636")), (100, Decimal("0.357"))]}
        told = {"starts_on": date(2023, 1, 1), "source": "arrêté", "rates": rates}
        actions.add_scale(cast.committee, actor=actor_of(cast.claire), **told)
        drive = Costs(km=80, vehicle="car_5", journey="A – B")
        day = date(TODAY().year - 1, 5, 2)
        assert make_sent(cast, make_activity(cast, happened_on=day), costs=drive).mileage_cents == 5088
        later = make_activity(cast, happened_on=day + timedelta(days=7))
        assert make_sent(cast, later, costs=drive).mileage_cents == 3414  # 20 × 0.636 + 60 × 0.357
        next_year = make_activity(cast, happened_on=day.replace(year=day.year + 1) - timedelta(days=120))
        assert make_draft(cast, next_year, costs=drive).mileage_cents == 5088

    def test_a_scale_added_later_changes_nothing_already_sent(self, cast: Cast) -> None:
        claim = make_sent(cast)
        make_scale(cast, claim.happened_on, "0.900")
        actions.approve(claim, actor=actor_of(cast.claire))
        claim.refresh_from_db()
        assert claim.mileage_cents == 2100

    def test_a_draft_is_reckoned_again_when_it_is_sent(self, cast: Cast) -> None:
        draft = make_draft(cast)
        make_scale(cast, draft.happened_on, "0.900")
        sent = actions.send_claim(draft, actor=actor_of(cast.helene))
        sent.refresh_from_db()
        assert (sent.mileage_cents, sent.total_cents) == (3780, 3780)

    def test_the_official_scale_is_taken_as_it_is(self, cast: Cast) -> None:
        scale = actions.take_official_scale(cast.committee, actor=actor_of(cast.claire))
        assert scale.rates.count() == 27 and scale.starts_on == date(2023, 1, 1) and "27 mars 2023" in scale.source
        with refused("same_day"):
            actions.take_official_scale(cast.committee, actor=actor_of(cast.claire))

    def test_strange_scales_are_refused(self, cast: Cast) -> None:
        def add(**more: Any) -> Scale:
            told = {"starts_on": TODAY(), "source": "Bureau", "rates": {"any": [(0, Decimal("0.5"))]}} | more
            return actions.add_scale(cast.committee, actor=actor_of(cast.claire), **told)

        one = [(0, Decimal("0.5"))]
        for code, more in (
            ("strange_date", {"starts_on": TODAY() + timedelta(days=400)}),
            ("no_source", {"source": " "}),
            ("no_rate", {"rates": {}}),
            ("two_ways", {"rates": {"any": one, "car_5": one}}),
            ("strange_rate", {"rates": {"any": [(0, Decimal("63.6"))]}}),
            ("strange_rate", {"rates": {"any": [(0, Decimal(0))]}}),
        ):
            with refused(code):
                add(**more)
        with pytest.raises(Denied):
            actions.add_scale(
                cast.hospital, actor=actor_of(cast.claire), starts_on=TODAY(), source="x", rates={"any": one}
            )

    def test_a_scale_that_served_stays(self, cast: Cast) -> None:
        claim, unused = make_sent(cast), make_scale(cast, date(2024, 1, 1))
        with refused("used"):
            actions.remove_scale(claim.scale, actor=actor_of(cast.claire))
        actions.remove_scale(unused, actor=actor_of(cast.claire))
        assert list(Scale.objects.all()) == [claim.scale]


class TestGifts:
    def test_the_exact_declaration_is_kept(self, cast: Cast) -> None:
        claim = make_sent(cast, is_gift=True)
        assert str(claim.waiver) == (
            "Je soussigné(e) Hélène Dubreuil certifie renoncer au remboursement des frais ci-dessus et les laisser à "
            "l’association en tant que don."
        )
        assert str(claim.waiver) == terms.waiver_of("Hélène Dubreuil")
        actions.approve(claim, actor=actor_of(cast.claire))
        assert claim.state == ClaimState.GIVEN and claim.paid_on is None
        with refused("stale"):
            actions.pay(claim, actor=actor_of(cast.claire), paid_on=TODAY())

    def test_it_is_ticked(self, cast: Cast) -> None:
        with refused("not_declared"):
            actions.send_claim(make_draft(cast), actor=actor_of(cast.helene), is_gift=True)

    def test_only_where_gifts_are_taken(self, cast: Cast) -> None:
        make_scale(cast, accepts_gifts=False)
        with refused("no_gifts"):
            actions.send_claim(make_draft(cast), actor=actor_of(cast.helene), is_gift=True, has_waived=True)

    def test_only_by_a_volunteer(self, cast: Cast) -> None:
        draft = make_draft(cast)
        actions.set_status(draft.activity, actor=actor_of(cast.claire), status=Status.EMPLOYEE)
        with refused("not_volunteer"):
            actions.send_claim(draft, actor=actor_of(cast.helene), is_gift=True, has_waived=True)

    def test_a_gift_keeps_its_volunteer(self, cast: Cast) -> None:
        claim = make_sent(cast, is_gift=True)
        with refused("gift"):
            actions.set_status(claim.activity, actor=actor_of(cast.claire), status=Status.EMPLOYEE)

    def test_sent_back_then_asked_for_it_is_no_gift_any_more(self, cast: Cast) -> None:
        claim = make_sent(cast, is_gift=True)
        actions.refuse(claim, actor=actor_of(cast.claire), answer="Le kilométrage semble faux.")
        again = actions.send_claim(claim, actor=actor_of(cast.helene))
        again.refresh_from_db()
        assert not again.is_gift and str(again.waiver) == ""


class TestDecisions:
    def test_nobody_decides_about_their_own(self, cast: Cast) -> None:
        Membership.objects.create(person=cast.claire, organisation=cast.committee, role=Role.PEER, started_on=TODAY())
        claim = make_sent(cast, make_activity(cast, cast.claire))
        claire = actor_of(cast.claire)
        for act in (
            lambda: actions.approve(claim, actor=claire),
            lambda: actions.refuse(claim, actor=claire, answer="non non"),
            lambda: actions.pay(claim, actor=claire, paid_on=TODAY()),
            lambda: actions.cancel(claim, actor=claire, answer="non non"),
            lambda: actions.set_status(claim.activity, actor=claire, status=Status.EMPLOYEE),
        ):
            with refused("own"):
                act()

    def test_only_those_who_may(self, cast: Cast) -> None:
        claim = make_sent(cast)
        for name in ("helene", "marc", "solene", "youssef", "delphine"):
            with pytest.raises(Denied):
                actions.approve(claim, actor=actor_of(getattr(cast, name)))

    def test_no_is_said_with_a_reason(self, cast: Cast) -> None:
        claim = make_sent(cast)
        with refused("no_answer"):
            actions.refuse(claim, actor=actor_of(cast.claire), answer="  ")
        actions.refuse(claim, actor=actor_of(cast.claire), answer="Ajoutez le ticket du parking.")
        assert (claim.state, str(claim.answer)) == ("refused", "Ajoutez le ticket du parking.")

    def test_what_is_paid_is_not_taken_back(self, cast: Cast) -> None:
        claim = make_paid(cast)
        with refused("in_the_accounts"):
            actions.withdraw_claim(claim, actor=actor_of(cast.helene))
        with refused("no_answer"):
            actions.cancel(claim, actor=actor_of(cast.claire), answer="")
        actions.cancel(claim, actor=actor_of(cast.claire), answer="Payé deux fois, rendu par virement.")
        claim.refresh_from_db()
        assert claim.state == "cancelled" and claim.cancelled_at and claim.paid_on
        assert make_draft(cast, claim.activity).pk != claim.pk  # it can be asked for again

    def test_the_day_of_payment_can_be_true(self, cast: Cast) -> None:
        claim = make_approved(cast)
        for code, days in (("future", 1), ("too_early", -1)):
            with refused(code):
                actions.pay(claim, actor=actor_of(cast.claire), paid_on=TODAY() + timedelta(days=days))

    def test_what_was_sent_again_since_is_not_decided(self, cast: Cast) -> None:
        claim, claire, helene = make_sent(cast), actor_of(cast.claire), actor_of(cast.helene)
        old = Claim.objects.get(pk=claim.pk)
        actions.refuse(claim, actor=claire, answer="Il manque le retour.")
        actions.send_claim(claim, actor=helene)
        for act in (actions.approve, partial(actions.refuse, answer="Non."), partial(actions.approve, seen="")):
            with refused("stale"):
                act(old, actor=claire)
        assert Claim.objects.get().state == ClaimState.SENT

    def test_what_is_accepted_is_cancelled_by_whoever_decides(self, cast: Cast) -> None:
        claim = make_approved(cast)
        with refused("accepted"):
            actions.withdraw_claim(claim, actor=actor_of(cast.helene))
        actions.cancel(claim, actor=actor_of(cast.claire), answer="À votre demande.")
        assert claim.state == ClaimState.CANCELLED

    def test_an_old_click_is_refused(self, cast: Cast) -> None:
        claim = make_sent(cast)
        stale = Claim.objects.get(pk=claim.pk)
        actions.approve(claim, actor=actor_of(cast.claire))
        with refused("stale"):
            actions.approve(stale, actor=actor_of(cast.claire))


class TestStatus:
    def test_it_is_said_of_one_session(self, cast: Cast) -> None:
        first, second = make_activity(cast), make_activity(cast)
        claire = actor_of(cast.claire)
        with refused("no_price"):
            actions.set_status(first, actor=claire, status=Status.PAID_SESSION, payer="CHU")
        with refused("strange_price"):
            actions.set_status(first, actor=claire, status=Status.PAID_SESSION, payer="CHU", hourly_cents=50_001)
        actions.set_status(first, actor=claire, status=Status.PAID_SESSION, payer="CHU", hourly_cents=4000)
        second.refresh_from_db()
        assert (first.fee_cents, second.status) == (12000, "volunteer")
        actions.set_status(first, actor=claire, status=Status.VOLUNTEER, payer="CHU", hourly_cents=4000)
        first.refresh_from_db()
        assert (first.payer, first.hourly_cents) == ("", None)

    def test_time_is_declared_by_oneself(self, cast: Cast) -> None:
        activity = make_activity(cast)
        actions.declare_time(activity, actor=actor_of(cast.helene), preparation=45, travel=30)
        with refused("strange_length"):
            actions.declare_time(activity, actor=actor_of(cast.helene), preparation=0, travel=721)
        for name in ("marc", "claire"):
            with pytest.raises(Denied):
                actions.declare_time(activity, actor=actor_of(getattr(cast, name)), preparation=5, travel=0)


class TestReceipts:
    @pytest.mark.parametrize("content", [b"", b"bonjour", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00"])
    def test_what_is_neither_an_image_nor_a_pdf_is_refused(self, cast: Cast, content: bytes) -> None:
        draft = make_draft(cast)
        with refused("image_unreadable"):
            actions.add_receipt(draft, actor=actor_of(cast.helene), file=io.BytesIO(content))
        assert not Receipt.objects.exists()

    def test_it_is_sealed_and_read_by_whoever_decides(self, cast: Cast) -> None:
        claim = make_sent(cast, receipts=1)
        kept = claim.receipts.get()
        assert actions.read_receipt(kept, actor=actor_of(cast.helene)) == actions.read_receipt(
            kept, actor=actor_of(cast.claire)
        )
        assert JournalEntry.objects.filter(is_reading=True, verb="receipt.read").count() == 1
        with pytest.raises(Denied):
            actions.read_receipt(kept, actor=actor_of(cast.marc))
        vault.destroy(claim.vault_id)

    def test_twelve_at_most(self, cast: Cast) -> None:
        draft = make_draft(cast, receipts=12)
        with refused("too_many"):
            actions.add_receipt(draft, actor=actor_of(cast.helene), file=photo())
