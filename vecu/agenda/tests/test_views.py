"""The pages: who reaches them, what they refuse, and how many queries they ask."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, actor_of, sign_in
from vecu.agenda import actions
from vecu.agenda.enums import EnrolmentState, GatheringState, Presence
from vecu.agenda.models import Attendance, CalendarFeed, Enrolment, Gathering, HalfDay
from vecu.agenda.tests.factories import HOUR, first_half_day, make_gathering, make_peers

DAY = timedelta(days=1)


def plan(**given: Any) -> dict[str, Any]:
    return {
        "kind": "supervision",
        "title": "Groupe du jeudi",
        "places": "8",
        "day": (timezone.localdate() + 10 * DAY).isoformat(),
        "starts": "18:00",
        "ends": "20:00",
        "place": "Salle 2",
        **given,
    }


def test_gathering_plan_makes_a_monthly_group(client: Any, cast: Cast) -> None:
    sign_in(client, cast.solene)
    body = plan(host=str(cast.solene.pk), site=str(cast.ward.pk), repeat="month", times="6")
    response = client.post(reverse("gathering_plan"), body)
    gathering = Gathering.objects.get()
    assert response.url == reverse("gathering_detail", args=[gathering.pk])
    days = [timezone.localtime(row.starts_at) for row in gathering.half_days.all()]
    assert len(days) == 6
    assert {(day.hour, day.weekday()) for day in days} == {(18, days[0].weekday())}
    page = client.get(response.url).content.decode()
    assert "Groupe du jeudi" in page and "Salle 2" in page


def test_gathering_plan_takes_a_morning_and_an_afternoon(client: Any, cast: Cast) -> None:
    sign_in(client, cast.claire)
    body = plan(host=str(cast.claire.pk), starts="09:00", ends="12:00", again_starts="13:30", again_ends="17:00")
    client.post(reverse("gathering_plan"), body)
    assert [row.length for row in HalfDay.objects.all()] == [3 * HOUR, 3.5 * HOUR]


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": ""},
        {"day": "3026-01-01"},
        {"day": "9999-12-31", "starts": "20:00", "ends": "08:00", "repeat": "month", "times": "24"},
        {"day": "0001-01-01"},
        {"starts": "18:00", "ends": "18:00"},
        {"starts": "08:00", "ends": "20:00"},
        {"again_starts": "14:00"},
        {"again_starts": "19:00", "again_ends": "21:00"},
        {"repeat": "month"},
        {"repeat": "month", "times": "500"},
        {"places": "0"},
        {"kind": "party"},
        {"site": "11111111-1111-1111-1111-111111111111"},
        {"host": "11111111-1111-1111-1111-111111111111"},
        {"title": " "},
    ],
)
def test_gathering_plan_says_what_to_mend_and_loses_nothing(client: Any, cast: Cast, wrong: dict[str, str]) -> None:
    sign_in(client, cast.claire)
    response = client.post(reverse("gathering_plan"), plan(host=str(cast.claire.pk)) | {"title": "Le mardi"} | wrong)
    assert response.status_code == 422
    assert "data-vecu-errors" in response.content.decode()
    assert wrong.get("title") or "Le mardi" in response.content.decode()
    assert not Gathering.objects.exists()


def test_role_without_right_gets_403(client: Any, cast: Cast) -> None:
    gathering = make_gathering(cast)
    sign_in(client, cast.helene)
    half_day = first_half_day(gathering)
    for name, key in (
        ("gathering_list", []),
        ("gathering_plan", []),
        ("gathering_detail", [gathering.pk]),
        ("attendance_record", [half_day.pk]),
        ("attendance_sheet", [half_day.pk]),
        ("attendance_paper", [half_day.pk]),
    ):
        assert client.get(reverse(name, args=key)).status_code == 403, name


def test_other_organisation_gets_404(client: Any, cast: Cast) -> None:
    gathering = make_gathering(cast)
    enrolment = actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    half_day = first_half_day(gathering)
    sign_in(client, cast.youssef)
    for name, key in (
        ("gathering_detail", gathering),
        ("gathering_edit", gathering),
        ("half_day_add", gathering),
        ("half_day_move", half_day),
        ("attendance_record", half_day),
        ("attendance_sheet", half_day),
        ("own_gathering", gathering),
        ("own_sign", half_day),
    ):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404, name
    for name, key in (
        ("gathering_cancel", gathering),
        ("half_day_remove", half_day),
        ("enrolment_remove", enrolment),
        ("own_withdraw", gathering),
        ("own_join", gathering),
    ):
        assert client.post(reverse(name, args=[key.pk])).status_code == 404, name
    assert client.get(reverse("attendance_sign", args=[half_day.pk, cast.helene.pk])).status_code == 404


def test_enrolment_add_and_remove(client: Any, cast: Cast) -> None:
    gathering = make_gathering(cast, places=1)
    sign_in(client, cast.claire)
    url = reverse("enrolment_add", args=[gathering.pk])
    for person in (cast.helene, cast.marc):
        client.post(url, {"person": str(person.pk)})
    page = client.get(reverse("gathering_detail", args=[gathering.pk])).content.decode()
    assert "Hélène D." in page and "Marc O." in page
    again = client.post(url, {"person": str(cast.helene.pk)})
    assert again.status_code == 422
    assert client.post(url, {"person": str(cast.nadia.pk)}).status_code == 422
    first = Enrolment.objects.enrolled().get()
    client.post(reverse("enrolment_remove", args=[first.pk]))
    assert Enrolment.objects.enrolled().get().person == cast.marc


def test_half_day_add_move_and_remove(client: Any, cast: Cast) -> None:
    gathering = make_gathering(cast)
    sign_in(client, cast.solene)
    day = (timezone.localdate() + 20 * DAY).isoformat()
    told = {"day": day, "starts": "09:00", "ends": "12:00", "site": "", "place": "Maison commune"}
    client.post(reverse("half_day_add", args=[gathering.pk]), told)
    added = HalfDay.objects.order_by("-starts_at")[0]
    assert added.place == "Maison commune"
    wrong = client.post(reverse("half_day_add", args=[gathering.pk]), told)
    assert wrong.status_code == 422
    client.post(reverse("half_day_move", args=[added.pk]), told | {"starts": "14:00", "ends": "17:00"})
    added.refresh_from_db()
    assert timezone.localtime(added.starts_at).hour == 14
    client.post(reverse("half_day_remove", args=[added.pk]))
    assert client.post(reverse("half_day_remove", args=[first_half_day(gathering).pk])).status_code == 409


def test_gathering_edit_and_cancel(client: Any, cast: Cast) -> None:
    gathering = make_gathering(cast)
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    actions.enrol(gathering, cast.marc, actor=actor_of(cast.claire))
    sign_in(client, cast.claire)
    url = reverse("gathering_edit", args=[gathering.pk])
    told = {"title": "Groupe du lundi", "host": str(cast.solene.pk), "places": "6", "is_open": "on"}
    assert client.post(url, told | {"places": "1"}).status_code == 422
    client.post(url, told)
    gathering.refresh_from_db()
    assert (gathering.title, gathering.places, gathering.is_open) == ("Groupe du lundi", 6, True)
    client.post(reverse("gathering_cancel", args=[gathering.pk]))
    gathering.refresh_from_db()
    assert gathering.state == GatheringState.CANCELLED


def begun(cast: Cast) -> HalfDay:
    gathering = make_gathering(cast, timezone.now() - HOUR)
    for person in (cast.helene, cast.marc):
        actions.enrol(gathering, person, actor=actor_of(cast.claire))
    return first_half_day(gathering)


def test_attendance_record_notes_the_whole_list(client: Any, cast: Cast) -> None:
    half_day = begun(cast)
    sign_in(client, cast.solene)
    url = reverse("attendance_record", args=[half_day.pk])
    assert "Hélène Dubreuil" in client.get(url).content.decode()
    told = {f"presence_{cast.helene.pk}": "present", f"presence_{cast.marc.pk}": "excused"}
    assert client.post(url, told).status_code == 303
    assert dict(Attendance.objects.values_list("person_id", "presence")) == {
        cast.helene.pk: Presence.PRESENT,
        cast.marc.pk: Presence.EXCUSED,
    }
    assert client.post(url, {f"presence_{cast.helene.pk}": "late"}).status_code == 422


def test_attendance_sign_with_the_keyboard_alone(client: Any, cast: Cast) -> None:
    half_day = begun(cast)
    sign_in(client, cast.solene)
    url = reverse("attendance_sign", args=[half_day.pk, cast.helene.pk])
    page = client.get(url).content.decode()
    assert "Marc" not in page
    assert client.post(url, {"was_there": "on"}).status_code == 422
    assert client.post(url, {"typed": "Hélène Dubreuil"}).status_code == 422
    assert client.post(url, {"was_there": "on", "drawn": "[[1"}).status_code == 422
    assert client.post(url, {"was_there": "on", "typed": "Hélène Dubreuil"}).status_code == 303
    assert "Hélène Dubreuil" in client.get(reverse("attendance_sheet", args=[half_day.pk])).content.decode()
    assert client.get(reverse("attendance_sign", args=[half_day.pk, cast.nadia.pk])).status_code == 404


def test_attendance_sheet_draws_the_signature_again(client: Any, cast: Cast) -> None:
    half_day = begun(cast)
    actions.sign_presence(half_day, cast.helene, actor=actor_of(cast.solene), signature="[[10,10,90,60]]")
    sign_in(client, cast.solene)
    page = client.get(reverse("attendance_sheet", args=[half_day.pk])).content.decode()
    assert 'd="M10 10L90 60"' in page


def test_own_gatherings_shows_mine_and_what_i_may_join(client: Any, cast: Cast) -> None:
    mine, offered = make_gathering(cast), make_gathering(cast, title="Groupe ouvert", is_open=True)
    hidden = make_gathering(cast, title="Groupe fermé")
    actions.enrol(mine, cast.helene, actor=actor_of(cast.claire))
    sign_in(client, cast.helene)
    page = client.get(reverse("own_gatherings")).content.decode()
    assert "Groupe du jeudi" in page and "Groupe ouvert" in page and "Groupe fermé" not in page
    assert client.get(reverse("own_gathering", args=[hidden.pk])).status_code == 404
    client.post(reverse("own_join", args=[offered.pk]))
    assert Enrolment.objects.get(gathering=offered).state == EnrolmentState.ENROLLED
    client.post(reverse("own_withdraw", args=[offered.pk]))
    assert Enrolment.objects.get(gathering=offered).state == EnrolmentState.WITHDRAWN
    assert client.post(reverse("own_join", args=[mine.pk])).status_code == 403


def test_own_sign(client: Any, cast: Cast) -> None:
    half_day = begun(cast)
    sign_in(client, cast.helene)
    url = reverse("own_sign", args=[half_day.pk])
    assert client.get(url).status_code == 200
    assert url in client.get(reverse("own_gathering", args=[half_day.gathering_id])).content.decode()
    client.post(url, {"was_there": "on", "drawn": "[[10,10,90,60]]"})
    assert Attendance.objects.get().person == cast.helene


def test_a_list_of_any_length_asks_the_same_number_of_queries(client: Any, cast: Cast) -> None:
    sign_in(client, cast.claire)
    people = make_peers(cast.committee, 4)
    addresses = [reverse("gathering_list"), f"{reverse('gathering_list')}?show=past"]
    counts = []
    for size in (1, 6):
        for n in range(size):
            group = make_gathering(cast, timezone.now() + (n + 1) * DAY, title=f"Groupe {size} {n}", places=2)
            for person in people[: 1 + n % 4]:
                actions.enrol(group, person, actor=actor_of(cast.claire))
        client.get(addresses[0])
        asked = []
        for url in (*addresses, reverse("gathering_detail", args=[Gathering.objects.latest("created_at").pk])):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(url).status_code == 200
            asked.append(len(captured))
        counts.append(asked)
    assert counts[0] == counts[1]


def test_one_s_own_page_asks_the_same_number_of_queries(client: Any, cast: Cast) -> None:
    sign_in(client, cast.helene)
    counts = []
    for size in (1, 5):
        for n in range(size):
            for title in ("À venir", "Ouvert"):
                group = make_gathering(cast, timezone.now() + (n + 1) * DAY, title=title, is_open=title == "Ouvert")
                if title == "À venir":
                    actions.enrol(group, cast.helene, actor=actor_of(cast.claire))
            past = make_gathering(cast, timezone.now() - (size * 10 + n + 1) * DAY)
            actions.enrol(past, cast.helene, actor=actor_of(cast.claire))
            actions.record_presence(first_half_day(past), cast.helene, Presence.PRESENT, actor=actor_of(cast.solene))
        client.get(reverse("own_gatherings"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("own_gatherings")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_calendar_address_is_shown_once_and_renewed(client: Any, cast: Cast) -> None:
    sign_in(client, cast.helene)
    url = reverse("calendar_address")
    first = address_in(client.post(url).content.decode())
    assert client.get(first).status_code == 200
    assert first not in client.get(url).content.decode()
    second = address_in(client.post(url).content.decode())
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert CalendarFeed.objects.count() == 1
    client.post(reverse("calendar_remove"))
    assert client.get(second).status_code == 404


def address_in(page: str) -> str:
    """The secret address in a page, without its host."""
    found = re.search(r"https?://[^/]+(/calendrier/[\w-]+\.ics)", page)
    assert found is not None
    return found[1]
