"""Conventions with other structures: sites, referents, dates, the sealed paper, renewals."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from vecu.core.errors import Denied, Refused
from vecu.core.tests.photos import photo
from vecu.peers import actions, readiness
from vecu.peers.models import Convention, SiteAgreement
from vecu.peers.tests.factories import AgreementFactory
from vecu.people.tests.factories import SiteFactory

DAY = timedelta(days=1)
TODAY = timezone.localdate


def record(world: SimpleNamespace, **given: Any) -> Convention:
    fields = {"partner": "CHU de Valmont", "sites": [world.site], "starts_on": TODAY() - 400 * DAY, **given}
    return actions.record_convention(world.here, actor=fields.pop("actor", world.claire), **fields)


@pytest.fixture
def bare(world: SimpleNamespace) -> SimpleNamespace:
    """A world without any convention yet."""
    SiteAgreement.objects.all().delete()
    return world


def is_ready(world: SimpleNamespace, on: date | None = None) -> bool:
    return readiness.readiness(world.helene, world.site, on).is_ready


def test_one_that_ends_today_still_holds_today_and_no_longer_tomorrow(bare: SimpleNamespace) -> None:
    record(bare, ends_on=TODAY())
    assert is_ready(bare)
    missing = readiness.readiness(bare.helene, bare.site, TODAY() + DAY).missing
    assert [(one.kind, one.code, one.on) for one in missing] == [("agreement", "expired", TODAY())]


def test_it_holds_at_its_sites_only(bare: SimpleNamespace) -> None:
    other = SiteFactory(organisation=bare.here)
    record(bare)
    assert is_ready(bare) and not readiness.readiness(bare.helene, other).is_ready


def test_dates_written_before_become_its_own(bare: SimpleNamespace) -> None:
    start = TODAY() - 10 * DAY
    AgreementFactory(site=bare.site, organisation=bare.here, starts_on=start, ends_on=None)
    convention = record(bare, starts_on=start)
    assert SiteAgreement.objects.get().convention == convention


def test_those_without_an_end_come_last(bare: SimpleNamespace, enter: Any) -> None:
    for partner, ends_on in (("Sans fin", None), ("Plus tard", TODAY() + 300 * DAY), ("Bientôt", TODAY() + 9 * DAY)):
        record(bare, partner=partner, ends_on=ends_on)
    page = enter("claire").get(reverse("agreement_list")).text
    assert page.index("Bientôt") < page.index("Plus tard") < page.index("Sans fin")


def test_the_paper_is_sealed_and_given_back(bare: SimpleNamespace) -> None:
    convention = record(bare, file=photo())
    assert actions.read_file(convention, actor=bare.claire)[:2] == b"\xff\xd8"
    with pytest.raises(Refused):
        actions.attach_file(convention, actor=bare.claire, file=SimpleUploadedFile("a.pdf", b"not a pdf"))
    with pytest.raises(Refused, match="papier"):
        actions.read_file(record(bare), actor=bare.claire)


def test_a_renewal_is_a_new_one_and_only_once(bare: SimpleNamespace) -> None:
    old = record(bare, ends_on=TODAY() - DAY)
    assert not is_ready(bare)
    new = record(bare, starts_on=TODAY(), replaces=old)
    assert is_ready(bare) and new.replaces == old and Convention.objects.count() == 2
    with pytest.raises(Refused, match="déjà"):
        record(bare, starts_on=TODAY(), replaces=old)


def test_removed_with_its_sites(bare: SimpleNamespace) -> None:
    actions.remove_convention(record(bare), actor=bare.claire)
    assert not SiteAgreement.objects.exists() and not is_ready(bare)


def test_refused(world: SimpleNamespace) -> None:
    for wrong in ({"sites": []}, {"sites": [SiteFactory(organisation=world.elsewhere)]}, {"partner": " "}):
        with pytest.raises(Refused):
            record(world, **wrong)
    with pytest.raises(Refused):
        record(world, referent=world.people["youssef"])
    for stranger in (world.solene, world.herself, world.youssef):
        with pytest.raises(Denied):
            record(world, actor=stranger)
    assert not Convention.objects.exists()


class TestPages:
    def test_it_works(self, enter: Any, world: SimpleNamespace) -> None:
        client = enter("claire")
        typed = {
            "partner": "Hôpital de Bréhal",
            "sites": [str(world.site.pk)],
            "starts_on": TODAY().isoformat(),
            "ends_on": (TODAY() + 364 * DAY).isoformat(),
            "referent": str(world.people["claire"].pk),
            "partner_referent": "Mme Le Gall, 01 99 00 60 60",
            "file": photo(),
        }
        answer = client.post(reverse("convention_add"), typed)
        convention = Convention.objects.get()
        assert answer.status_code == 303 and answer.url == reverse("convention_detail", args=[convention.pk])
        page = client.get(answer.url).text
        assert "Mme Le Gall" in page and world.site.name in page and "Claire" in page
        assert "Hôpital de Bréhal" in client.get(reverse("agreement_list")).text
        file = client.post(reverse("convention_file", args=[convention.pk]))
        assert file["Content-Disposition"] == 'attachment; filename="convention.jpg"'
        assert client.post(answer.url, {"file": photo()}).status_code == 303
        assert client.post(answer.url, {}).status_code == 422
        client.post(reverse("convention_remove", args=[convention.pk]))
        assert not Convention.objects.exists()

    def test_renewing_is_one_page_already_filled_in(self, enter: Any, world: SimpleNamespace) -> None:
        old = record(world, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        client, renew = enter("claire"), reverse("convention_renew", args=[old.pk])
        page = client.get(renew).text
        assert "CHU de Valmont" in page and "2027-01-01" in page and "2027-12-31" in page
        typed = {"partner": "CHU", "sites": [str(world.site.pk)], "starts_on": "2027-01-01", "ends_on": "2026-12-01"}
        assert client.post(renew, typed).status_code == 422
        assert client.post(renew, {**typed, "ends_on": ""}).status_code == 303
        assert old.renewals.count() == 1

    def test_dates_are_completed_or_removed(self, enter: Any, world: SimpleNamespace) -> None:
        client, agreement = enter("claire"), SiteAgreement.objects.get()
        assert str(agreement.pk) in client.get(reverse("agreement_list")).text
        assert (
            agreement.starts_on.isoformat() in client.get(reverse("convention_add"), {"agreement": agreement.pk}).text
        )
        assert enter("youssef").post(reverse("agreement_remove", args=[agreement.pk])).status_code == 404
        enter("claire").post(reverse("agreement_remove", args=[agreement.pk]))
        assert not SiteAgreement.objects.exists()

    def test_other_organisation_gets_404(self, enter: Any, world: SimpleNamespace) -> None:
        convention = record(world)
        client = enter("youssef")
        for name in ("convention_detail", "convention_renew", "convention_file", "convention_remove"):
            assert client.post(reverse(name, args=[convention.pk])).status_code == 404

    def test_role_without_right_gets_403(self, enter: Any, world: SimpleNamespace) -> None:
        for name in ("solene", "helene"):
            assert enter(name).get(reverse("convention_add")).status_code == 403
