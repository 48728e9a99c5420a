"""Figures count what they say, once, and the network's page is the sum of its committees'."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from conftest import CheckedClient
from tests.cast import Cast, make_cast, sign_in
from vecu.accompaniment.enums import CallOutcome, RequestClosing, RequestRole, RequestSource
from vecu.accompaniment.models import CallAttempt, SupportRequest, UnmetNeed
from vecu.accompaniment.tests.factories import ProgrammeFactory, RequestFactory
from vecu.impact import figures
from vecu.impact.definitions import BOOK
from vecu.impact.periods import choices, period_of
from vecu.impact.pooling import Figure, Pool
from vecu.peers.tests.factories import PeerFactory
from vecu.people.models import Organisation
from vecu.people.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def make_requests(organisation: Organisation, count: int, **fields: object) -> list[SupportRequest]:
    programme = ProgrammeFactory(organisation=organisation)
    first = SupportRequest.objects.filter(organisation=organisation).count()
    return [RequestFactory(programme=programme, number=first + n + 1, **fields) for n in range(count)]


def value(code: str, *organisations: Organisation, period: str = "12") -> float | int | None:
    return figure(code, *organisations, period=period).value


def figure(code: str, *organisations: Organisation, period: str = "12") -> Figure:
    summary = figures.report(organisations, period_of(period))
    return next(f for f in summary.figures if f.definition.code == code)


def lines(title: str, *organisations: Organisation) -> dict[str, int | None]:
    found = figures.tables(Pool(organisations, period_of("12")))
    return {cell.label: cell.count for cell in next(t.rows for t in found if t.title == title)}


def test_requests_are_counted_in_their_period_only(cast: Cast) -> None:
    make_requests(cast.committee, 7)
    make_requests(cast.committee, 6, received_at=timezone.now() - timedelta(days=400))
    assert value("requests", cast.committee) == 7


def test_a_request_entered_twice_by_mistake_is_not_counted(cast: Cast) -> None:
    make_requests(cast.committee, 6)
    make_requests(cast.committee, 1, closed=True, closing=RequestClosing.DUPLICATE)
    assert value("requests", cast.committee) == 6


def test_the_network_is_the_sum_of_its_parts(cast: Cast) -> None:
    make_requests(cast.committee, 6)
    make_requests(cast.hospital, 5)
    parts = [value("requests", cast.committee), value("requests", cast.hospital)]
    assert value("requests", cast.committee, cast.hospital) == sum(part or 0 for part in parts) == 11


def test_someone_engaged_in_two_places_is_one_person(cast: Cast) -> None:
    for person in PersonFactory.create_batch(5):
        PeerFactory(organisation=cast.committee, person=person)
        PeerFactory(organisation=cast.hospital, person=person)
    PeerFactory(organisation=cast.hospital)
    assert value("peers", cast.committee) == 5
    assert value("peers", cast.committee, cast.hospital) == 6


def test_one_person_in_two_places_is_not_found_by_adding_them_up(cast: Cast) -> None:
    both = PersonFactory()
    for organisation in (cast.committee, cast.hospital):
        PeerFactory(organisation=organisation, person=both)
        PeerFactory.create_batch(5, organisation=organisation)
    together = figure("peers", cast.committee, cast.hospital)
    assert (together.value, together.about) == (12, True)


def test_days_to_first_contact(cast: Cast) -> None:
    """Median and nearest-rank 90th percentile of 1, 2, … 10 days."""
    at = (timezone.now() - timedelta(days=30)).replace(hour=12)
    for days in range(1, 11):
        make_requests(cast.committee, 1, received_at=at, first_contact_at=at + timedelta(days=days))
    assert value("days_median", cast.committee) == 5.5
    assert value("days_p90", cast.committee) == 9


def test_an_average_of_four_is_hidden(cast: Cast) -> None:
    at = timezone.now() - timedelta(days=30)
    make_requests(cast.committee, 4, received_at=at, first_contact_at=at + timedelta(days=2))
    assert value("days_median", cast.committee) is None
    make_requests(cast.committee, 1, received_at=at, first_contact_at=at + timedelta(days=2))
    assert value("days_median", cast.committee) == 2


def test_called_in_time_leaves_out_promises_still_running(cast: Cast) -> None:
    past = timezone.now() - timedelta(days=20)
    for number, request in enumerate(make_requests(cast.committee, 12, received_at=past)):
        called_at = past + timedelta(hours=2) if number < 6 else past + timedelta(days=15)
        CallAttempt.objects.create(
            organisation=cast.committee, request=request, called_at=called_at, outcome=CallOutcome.REACHED
        )
    make_requests(cast.committee, 5)
    assert value("called_in_time", cast.committee) == 50


def test_small_groups_of_a_table_are_hidden_with_a_second_one(cast: Cast) -> None:
    make_requests(cast.committee, 12, source=RequestSource.ONLINE)
    make_requests(cast.committee, 7, source=RequestSource.WARD)
    make_requests(cast.committee, 2, source=RequestSource.PHONE)
    assert sorted(v for v in lines("source", cast.committee).values() if v is not None) == [12]


def test_relatives_and_patients_are_told_apart(cast: Cast) -> None:
    make_requests(cast.committee, 6, role=RequestRole.PATIENT)
    make_requests(cast.committee, 8, role=RequestRole.RELATIVE, relation="spouse")
    assert sorted(v or 0 for v in lines("role", cast.committee).values()) == [6, 8]


def test_needs_without_a_noted_reason_are_counted_all_the_same(cast: Cast) -> None:
    """The figure and its table are about the same needs."""
    for request in make_requests(cast.committee, 6, open=True):
        UnmetNeed.objects.create(organisation=cast.committee, request=request, noted_on=timezone.localdate())
    assert value("unmet", cast.committee) == 6
    assert lines("unmatched", cast.committee) == {"Raison non notée": 6}


# -- small groups


@pytest.mark.parametrize("count", [1, 4])
def test_a_small_count_is_hidden_with_its_n(cast: Cast, count: int) -> None:
    make_requests(cast.committee, count)
    found = figure("requests", cast.committee)
    assert (found.value, found.n, found.few) == (None, None, True)
    assert lines("source", cast.committee) == {}


def test_nobody_is_not_a_small_group(cast: Cast) -> None:
    found = figure("requests", cast.committee)
    assert (found.value, found.n, found.is_hidden) == (0, 0, False)


def test_the_network_less_the_committee_tells_nothing_of_a_small_hospital(cast: Cast) -> None:
    """Bertrand's page less Claire's page."""
    make_requests(cast.committee, 9, source=RequestSource.ONLINE)
    make_requests(cast.hospital, 2, source=RequestSource.ONLINE)
    claire, bertrand = figure("requests", cast.committee), figure("requests", *tree(cast))
    assert (claire.value, claire.at_least) == (9, False)
    assert (bertrand.value, bertrand.n, bertrand.at_least) == (9, 9, True)
    assert figure("requests", cast.hospital).value is None
    assert figure("matched", *tree(cast)).n == 9
    assert lines("source", *tree(cast)) == lines("source", cast.committee)


def test_the_network_less_the_committee_tells_nothing_of_a_line(cast: Cast) -> None:
    make_requests(cast.committee, 9, source=RequestSource.ONLINE)
    make_requests(cast.committee, 8, source=RequestSource.WARD)
    make_requests(cast.hospital, 6, source=RequestSource.ONLINE)
    make_requests(cast.hospital, 2, source=RequestSource.WARD)
    claire, bertrand = lines("source", cast.committee), lines("source", *tree(cast))
    assert sorted(count or 0 for count in claire.values()) == [8, 9]
    assert bertrand == claire  # nothing of the hospital's two lines is added
    tables = figures.tables(Pool(tree(cast), period_of("12")))
    assert all(cell.at_least for cell in tables[0].rows)


def test_n_does_not_tell_of_the_few_who_are_missing(cast: Cast) -> None:
    at = timezone.now() - timedelta(days=30)
    make_requests(cast.committee, 12, received_at=at, first_contact_at=at + timedelta(days=2))
    make_requests(cast.committee, 2, received_at=at)
    found = figure("days_median", cast.committee)
    assert (found.value, found.n, found.n_at_least) == (2, 10, True)


def test_few_of_many_are_hidden(cast: Cast) -> None:
    PeerFactory.create_batch(9, organisation=cast.committee)
    PeerFactory.create_batch(2, organisation=cast.committee, max_pairs=1, active_pairs=1)
    found = figure("load_full", cast.committee)
    assert (found.value, found.n) == (None, 11)


def this_year() -> dict[str, str]:
    return {"periode": str(timezone.localdate().year)}


def tree(cast: Cast) -> list[Organisation]:
    """What head office looks at."""
    return [cast.network, cast.committee, cast.hospital]


def test_every_figure_has_a_definition_and_every_definition_a_figure(cast: Cast) -> None:
    summary = figures.report([cast.committee], period_of("12"))
    assert {f.definition.code for f in summary.figures} == set(BOOK)


@pytest.mark.parametrize("code", [None, "", "12", "abc", "99999", "-1", "2024", "²", "٢٠٢٤", "9" * 5000])
def test_a_period_always_reads(code: str | None) -> None:
    period = period_of(code, date(2026, 11, 21))
    assert period.first <= period.last <= date(2026, 11, 21)


def test_periods_of_those_who_know_no_name_do_not_overlap() -> None:
    """The last twelve months less this year would be the end of last year."""
    for today in (date(2026, 11, 21), date(2026, 2, 3)):
        offered = choices(today, is_rolling=False)
        assert {period_of(code, today, is_rolling=False) for code in ("12", None, "abc")} <= set(offered)
        spans = sorted((period.first, period.last) for period in offered)
        assert all(last < first for (_first, last), (first, _last) in pairwise(spans))
    assert choices(date(2026, 11, 21))[0].code == "12"


@pytest.mark.parametrize(("who", "is_offered"), [("claire", True), ("bertrand", False), ("delphine", False)])
def test_the_last_twelve_months_are_for_those_who_follow_by_name(cast: Cast, who: str, is_offered: bool) -> None:
    asked = {"periode": "12", "organisation": str(cast.committee.pk)}
    client = sign_in(CheckedClient(), getattr(cast, who))
    assert ("12 derniers mois" in client.get(reverse("figures"), asked).text) is is_offered
    ends = period_of("12", is_rolling=is_offered)
    assert f"vecu-{ends.first}-{ends.last}.csv" in client.get(reverse("figures_csv"), asked)["Content-Disposition"]


@pytest.mark.parametrize("below", [True, False])
def test_of_those_below_a_coordinator_chooses_among_whole_years(cast: Cast, below: bool) -> None:
    """She knows the people of her own organisation by name, of the others only the figures: no period overlaps."""
    client = sign_in(CheckedClient(), cast.claire)
    asked = {"periode": "12", **({"organisation": str(cast.hospital.pk)} if below else {})}
    assert "12 derniers mois" not in client.get(reverse("figures"), asked).text
    whole = period_of("12", is_rolling=False)
    assert f"vecu-{whole.first}-{whole.last}.csv" in client.get(reverse("figures_csv"), asked)["Content-Disposition"]


# -- pages


def test_it_works(cast: Cast) -> None:
    make_requests(cast.committee, 6)
    client = sign_in(CheckedClient(), cast.claire)
    page = client.get(reverse("figures"))
    assert page.status_code == 200
    assert "n = 6" in page.content.decode()
    assert client.get(reverse("figures_definitions")).status_code == 200


def test_role_without_right_gets_403(cast: Cast) -> None:
    for person in (cast.helene, cast.nadia, cast.solene):
        assert sign_in(CheckedClient(), person).get(reverse("figures")).status_code == 403


def test_another_organisations_figures_cannot_be_asked(cast: Cast) -> None:
    """A copied link never gives more: an organisation out of reach is as if it had not been asked."""
    make_requests(cast.other_hospital, 9)
    page = sign_in(CheckedClient(), cast.claire).get(reverse("figures"), {"organisation": str(cast.other_hospital.pk)})
    assert "Hôpital de Bréhal" not in page.content.decode()
    assert "n = 9" not in page.content.decode()


def test_head_office_sees_its_tree_and_no_name(cast: Cast) -> None:
    make_requests(cast.committee, 6)
    make_requests(cast.hospital, 6)
    page = sign_in(CheckedClient(), cast.bertrand).get(reverse("figures"), this_year()).content.decode()
    assert "n = 12" in page
    assert "Nadia" not in page and "Hélène" not in page


def test_the_spreadsheet_carries_n_period_and_definition(cast: Cast) -> None:
    make_requests(cast.committee, 6)
    response = sign_in(CheckedClient(), cast.claire).get(reverse("figures_csv"))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert all(len(line.split('";"')) == 8 for line in lines)
    assert lines[1].startswith('"Demandes";"6"')


def test_page_and_spreadsheet_print_no_small_count(cast: Cast) -> None:
    """Head office sees the sum, the committee alone and the hospital alone: nowhere a count from 1 to 4."""
    at = timezone.now()
    make_requests(cast.committee, 9, received_at=at, first_contact_at=at)
    make_requests(cast.committee, 3, received_at=at, source=RequestSource.PHONE)
    make_requests(cast.hospital, 2, received_at=at, source=RequestSource.WARD)
    PeerFactory.create_batch(3, organisation=cast.hospital)
    client = sign_in(CheckedClient(), cast.bertrand)
    for chosen in ("", cast.committee.pk, cast.hospital.pk):
        query = {"organisation": str(chosen), **this_year()}
        page = html.fromstring(client.get(reverse("figures"), query).content)
        told = [cell.text_content() for cell in page.xpath("//*[@class='stat-value']|//td[@class='number']")]
        told += re.findall(r"n = (\S+)", page.text_content())
        table = client.get(reverse("figures_csv"), query).content.decode("utf-8-sig")
        for row in list(csv.reader(table.splitlines(), delimiter=";"))[1:]:
            told += [row[1], row[3]]
        assert len(told) > 40
        assert not {"1", "2", "3", "4"} & set(told)


def test_the_spreadsheet_says_what_the_page_says(cast: Cast) -> None:
    make_requests(cast.committee, 9)
    make_requests(cast.hospital, 2)
    client = sign_in(CheckedClient(), cast.bertrand)
    table = client.get(reverse("figures_csv"), this_year()).content.decode("utf-8-sig")
    assert '"Demandes";"Au moins 9";"count";"au moins 9"' in table
    assert "Au moins 9" in client.get(reverse("figures"), this_year()).content.decode()


def test_figures_cost_the_same_at_any_size(cast: Cast) -> None:
    client = sign_in(CheckedClient(), cast.claire)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("figures"))
        return len(captured)

    make_requests(cast.committee, 1)
    queries()
    few = queries()
    make_requests(cast.committee, 30)
    assert queries() == few
