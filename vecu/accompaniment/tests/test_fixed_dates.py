"""A day that does not move, an operation: the person is called before it, and comes first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import actor_of, sign_in
from vecu.accompaniment import panels
from vecu.accompaniment.actions import programmes, requests, triage
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.tests.factories import ProgrammeFactory, RequestFactory, WardDoorFactory
from vecu.core import moments

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=PARIS)


def said(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%d/%m %H:%M")


@pytest.mark.parametrize(
    ("received_at", "fixed_on", "call_by"),
    [
        (MONDAY, None, "02/12 23:59"),
        (MONDAY, date(2026, 12, 10), "02/12 23:59"),  # what is promised comes first
        (MONDAY, date(2026, 12, 3), "02/12 18:00"),
        (MONDAY, date(2026, 12, 2), "01/12 18:00"),
        (datetime(2026, 12, 3, 10, tzinfo=PARIS), date(2026, 12, 7), "04/12 18:00"),  # Monday: the Friday before
        (datetime(2026, 12, 23, 10, tzinfo=PARIS), date(2026, 12, 28), "24/12 18:00"),  # Christmas, then a weekend
        (MONDAY, date(2026, 11, 30), "30/11 12:00"),  # today: in two hours
        (MONDAY.replace(hour=17), date(2026, 12, 1), "30/11 19:00"),
        (MONDAY, date(2026, 11, 29), "02/12 23:59"),  # passed: it hurries nothing
    ],
)
def test_the_call_comes_before_the_day(received_at: datetime, fixed_on: date | None, call_by: str) -> None:
    assert said(programmes.call_before(ProgrammeFactory(), received_at, fixed_on)) == call_by


def test_a_day_learnt_before_the_call_brings_it_forward_and_never_puts_it_off(cast) -> None:
    programme = ProgrammeFactory(organisation=cast.committee)
    request: SupportRequest = RequestFactory(programme=programme, received_at=MONDAY)
    steps = [(date(2026, 12, 2), "01/12 18:00"), (date(2026, 12, 3), "01/12 18:00"), (None, "01/12 18:00")]
    for fixed_on, call_by in steps:
        requests.change_request(
            request, actor=actor_of(cast.claire), asker=Asker("Nadia"), told=Told(fixed_on=fixed_on), now=MONDAY
        )
        request.refresh_from_db()
        assert (request.fixed_on, said(request.call_by)) == (fixed_on, call_by)


def test_who_comes_back_before_the_day_is_called_before_it(cast) -> None:
    day = date(2026, 12, 2)
    request = RequestFactory(programme=ProgrammeFactory(organisation=cast.committee), closed=True, fixed_on=day)
    triage.reopen_request(request, actor=actor_of(cast.claire), now=MONDAY)
    assert said(request.call_by) == "01/12 18:00"


def test_it_comes_first_and_shows_its_day(client, cast) -> None:
    programme, now, day = ProgrammeFactory(organisation=cast.committee), timezone.now(), timezone.localdate()
    plain = RequestFactory(programme=programme, received_at=now - timedelta(minutes=5))
    dated, _code = requests.receive_request(
        programme,
        actor=actor_of(cast.claire),
        source="phone",
        asker=Asker("Rosemonde", phone="01 99 00 22 33"),
        told=Told(fixed_on=day),
    )
    new = panels.requests_today(actor_of(cast.claire), now).new
    assert [row.pk for row in new] == [dated.pk, plain.pk]
    badge = f'<span class="badge badge-mirabelle">Avant le <time datetime="{day.isoformat()}">'
    sign_in(client, cast.claire)
    today, listed = client.get(reverse("today")).text, client.get(reverse("request_list")).text
    assert today.count(badge) == listed.count(badge) == 1
    names = [listed.index(str(row.pk)) for row in (dated, plain)]
    assert names == sorted(names)


def test_the_ward_is_told_the_day_of_the_call(client) -> None:
    door, today = WardDoorFactory(), timezone.localdate()
    data = {"given_name": "R.", "phone": "01 99 00 44 55", "agrees": "on", "fixed_on": today.isoformat()}
    page = client.get(client.post(reverse("ward_request", args=[door.token]), data)["Location"]).text
    call_by = timezone.localtime(SupportRequest.objects.get().call_by)
    assert call_by < timezone.now() + timedelta(hours=2, minutes=1)
    assert moments.say_date(call_by, weekday=True) in page
