"""Whoever keeps the accounts: what was accepted, to pay it and to export the year; and nothing else."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.walk import all_addresses
from tests.cast import Cast, actor_of, sign_in
from vecu.core.access import Scope
from vecu.core.errors import Denied
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.people.policy import RIGHTS, Can
from vecu.people.tests.factories import MembershipFactory, PersonFactory
from vecu.recognition import actions
from vecu.recognition.actions.claims import Costs
from vecu.recognition.tests.factories import make_activity, make_approved, make_draft, make_paid, make_sent

FORMATS = ("csv", "hours_csv", "xlsx")


@pytest.fixture
def keeper(cast: Cast) -> Person:
    person = PersonFactory(given_name="Odile", with_account=True)
    MembershipFactory(person=person, organisation=cast.committee, role=Role.TREASURER)
    return person


@pytest.fixture
def odile(cast: Cast, client: Client, keeper: Person) -> Any:
    return sign_in(client, keeper)


def test_the_smallest_right() -> None:
    assert RIGHTS[Role.TREASURER] == {Can.KEEP_ACCOUNTS: Scope.ASSIGNED}
    gated = {address.name for address in all_addresses() if address.gate == Can.KEEP_ACCOUNTS}
    assert gated == {"claim_list", "claim_detail", "claim_pay", "receipt_open", "accounts_export"}


def test_what_was_accepted_is_seen_and_paid(cast: Cast, keeper: Person, odile: Any) -> None:
    accepted, paid = make_approved(cast, receipts=1), make_paid(cast, make_activity(cast, cast.marc))
    listed = odile.get(reverse("claim_list") + "?show=all").content.decode()
    assert str(accepted.pk) in listed and str(paid.pk) in listed
    page = odile.get(reverse("claim_detail", args=[accepted.pk])).content.decode()
    assert "Hélène" in page and reverse("claim_decide", args=[accepted.pk]) not in page
    assert reverse("activity_status", args=[accepted.activity_id]) not in page
    asked = {"receipt": str(accepted.receipts.get().pk)}
    assert odile.post(reverse("receipt_open", args=[accepted.pk]), asked).status_code == 200
    version = {"sent_at": f"{accepted.sent_at.timestamp():.6f}", "paid_on": f"{timezone.localdate()}"}
    assert odile.post(reverse("claim_pay", args=[accepted.pk]), version).status_code == 303
    accepted.refresh_from_db()
    assert (accepted.state, accepted.paid_by) == ("paid", keeper)


def test_the_year_is_exported(cast: Cast, odile: Any) -> None:
    claim = make_paid(cast)
    told = {"year": claim.happened_on.year, "format": "csv"}
    assert "Hélène Dubreuil" in odile.post(reverse("accounts_export"), told).content.decode("utf-8-sig")


def test_the_export_holds_nothing_else(cast: Cast, odile: Any) -> None:
    """Claims that were accepted; neither those looked at, sent back or taken back, nor who did what."""
    year = make_paid(cast).happened_on.year
    for number, end in enumerate((None, actions.refuse, actions.withdraw_claim)):
        costs = Costs(km=42, vehicle="any", journey=f"Valmont – Kerguen {number}")
        claim = make_sent(cast, make_activity(cast, cast.marc), costs=costs)
        if end is actions.refuse:
            end(claim, actor=actor_of(cast.claire), answer="Il manque le billet.")
        elif end is not None:
            end(claim, actor=actor_of(cast.marc))
    make_activity(cast, cast.helene, contact=True)
    told = {name: odile.post(reverse("accounts_export"), {"year": year, "format": name}) for name in FORMATS}
    claims, hours = (told[name].content.decode("utf-8-sig") for name in ("csv", "hours_csv"))
    assert claims.count("\n") == 2 and "Hélène Dubreuil" in claims
    assert "Marc" not in claims + hours and "Kerguen" not in claims and "Hélène" not in hours
    [header, *rows] = csv.reader(io.StringIO(hours), delimiter=";")
    assert {row[1]: row[header.index("Heures au total")] for row in rows} == {
        "Formation": "12,00",
        "Temps d’accompagnement": "0,50",
    }
    book = openpyxl.load_workbook(io.BytesIO(told["xlsx"].content)).worksheets
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Hélène Dubreuil" in cells and "Marc" not in cells and "Kerguen" not in cells
    sign_in(odile, cast.claire)
    whole = odile.post(reverse("accounts_export"), {"year": year, "format": "csv"}).content.decode("utf-8-sig")
    assert whole.count("Kerguen") == 3  # whoever decides has them all


def test_what_is_not_accepted_is_not_seen_nor_decided(cast: Cast, keeper: Person, odile: Any) -> None:
    me = actor_of(keeper, cast.committee)
    for claim in (make_draft(cast), make_sent(cast, receipts=1)):
        assert odile.get(reverse("claim_detail", args=[claim.pk])).status_code == 404
        assert str(claim.pk) not in odile.get(reverse("claim_list") + "?show=all").content.decode()
    with pytest.raises(Denied):
        actions.approve(claim, actor=me)
    with pytest.raises(Denied):
        actions.read_receipt(claim.receipts.get(), actor=me)
    accepted = make_approved(cast, make_activity(cast, cast.marc))
    with pytest.raises(Denied):
        actions.cancel(accepted, actor=me, answer="Payée deux fois.")
    assert odile.get(reverse("claim_decide", args=[accepted.pk])).status_code == 403


def test_elsewhere_nothing(cast: Cast, keeper: Person, odile: Any) -> None:
    with pytest.raises(Denied):
        actions.export_accounts(cast.hospital, 2026, actor=actor_of(keeper, cast.committee))
    assert odile.get(reverse("today")).headers["Location"] == reverse("claim_list")
    for name in ("peer_list", "request_list", "activity_list", "scale_list", "member_list", "gathering_list"):
        assert odile.get(reverse(name)).status_code == 403
