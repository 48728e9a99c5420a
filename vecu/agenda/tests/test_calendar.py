"""Calendars: what they say and do not say, and two real programs that read them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from tests.cast import Cast, actor_of
from vecu.agenda import actions, calendar
from vecu.agenda.models import CalendarFeed, Gathering, HalfDay
from vecu.agenda.tests.factories import HOUR, first_half_day, make_gathering
from vecu.people.models import Person, Site

PARIS = ZoneInfo("Europe/Paris")
BIN = Path(sys.executable).parent
DAY = timedelta(days=1)


def at(*moment: int, fold: int = 0) -> datetime:
    return datetime(*moment, tzinfo=PARIS, fold=fold).astimezone(UTC)  # type: ignore[arg-type]


def events_of(person: Person) -> list[Event]:
    return list(Calendar.from_ical(calendar.feed(person.pk)).walk("VEVENT"))


def one_of(person: Person) -> Event:
    [event] = events_of(person)
    return event


@pytest.fixture
def group(cast: Cast) -> Gathering:
    """Hélène has a place in two days, in a ward whose name says much."""
    Site.objects.filter(pk=cast.ward.pk).update(name="CHU de Valmont, oncologie")
    gathering = make_gathering(cast, title="Cancer du sein, groupe du jeudi")
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    return gathering


def test_a_calendar_says_when_and_in_which_town_and_nothing_more(cast: Cast, group: Gathering) -> None:
    text = calendar.feed(cast.helene.pk).decode()
    event = one_of(cast.helene)
    assert (event["summary"], event["location"], event["status"]) == ("Rendez-vous Vécu", "Valmont", "CONFIRMED")
    unfolded = text.replace("\r\n ", "")
    for word in ("ancer", "oncologie", "Salle 2", "Solène", "Hélène", "upervision", str(group.pk)):
        assert word not in unfolded, word


def test_hours_are_those_of_paris_with_its_rules(cast: Cast, group: Gathering) -> None:
    made = Calendar.from_ical(calendar.feed(cast.helene.pk))
    [rules] = made.walk("VTIMEZONE")
    zone = rules.to_tz()
    for year in range(2026, 2036):
        for month in range(1, 13):
            noon = datetime(year, month, 15, 12, 0)
            assert noon.replace(tzinfo=zone).utcoffset() == noon.replace(tzinfo=PARIS).utcoffset()
    event = one_of(cast.helene)
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event.decoded("dtstart") == first_half_day(group).starts_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(2027, 3, 28, 0, 30), at(2027, 3, 28, 4, 0)),
        (at(2027, 10, 31, 0, 30), at(2027, 10, 31, 4, 0)),
        (at(2027, 10, 31, 2, 30), at(2027, 10, 31, 2, 30, fold=1)),
        (at(2027, 10, 31, 1, 30), at(2027, 10, 31, 2, 15, fold=1)),
    ],
    ids=["spring", "autumn", "twice", "into the second"],
)
def test_nights_when_clocks_change(cast: Cast, start: datetime, end: datetime) -> None:
    gathering = make_gathering(cast, half_days=[(start, end, None, "")])
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    event = one_of(cast.helene)
    assert event.decoded("dtstart").astimezone(UTC) == start
    assert event.decoded("dtend").astimezone(UTC) == end


def test_a_move_keeps_the_uid_and_grows_the_sequence(cast: Cast, group: Gathering) -> None:
    before = one_of(cast.helene)
    half_day = first_half_day(group)
    when = half_day.starts_at + DAY
    actions.move_half_day(half_day, actor=actor_of(cast.claire), starts_at=when, ends_at=when + HOUR)
    after = one_of(cast.helene)
    assert (before["uid"], before["sequence"] + 1) == (after["uid"], after["sequence"])
    assert after["dtstamp"].dt >= before["dtstamp"].dt


def test_what_is_cancelled_is_said_to_be(cast: Cast, group: Gathering) -> None:
    before = one_of(cast.helene)["sequence"]
    actions.cancel_gathering(group, actor=actor_of(cast.claire))
    event = one_of(cast.helene)
    assert (event["status"], event["sequence"]) == ("CANCELLED", before + 1)
    assert event["summary"] == "Rendez-vous Vécu, annulé"


def test_a_half_day_taken_out_is_cancelled_alone(cast: Cast, group: Gathering) -> None:
    claire, when = actor_of(cast.claire), timezone.now() + 9 * DAY
    actions.add_half_day(group, actor=claire, starts_at=when, ends_at=when + HOUR)
    actions.remove_half_day(first_half_day(group), actor=claire)
    assert [event["status"] for event in events_of(cast.helene)] == ["CANCELLED", "CONFIRMED"]


def test_leaving_and_coming_back_only_grows_the_sequence(cast: Cast, group: Gathering) -> None:
    seen, claire = [one_of(cast.helene)], actor_of(cast.claire)
    actions.withdraw(group.enrolments.standing().get(), actor=actor_of(cast.helene))
    seen.append(one_of(cast.helene))
    actions.enrol(group, cast.helene, actor=claire)
    seen.append(one_of(cast.helene))
    actions.withdraw(group.enrolments.standing().get(), actor=actor_of(cast.helene))
    seen.append(one_of(cast.helene))
    assert [event["status"] for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert [event["sequence"] for event in seen] == [0, 1, 2, 3]


def test_whoever_waits_and_whoever_leads(cast: Cast, group: Gathering) -> None:
    actions.edit_gathering(group, actor=actor_of(cast.claire), places=1)
    actions.enrol(group, cast.marc, actor=actor_of(cast.claire))
    assert (one_of(cast.marc)["status"], one_of(cast.solene)["status"]) == ("TENTATIVE", "CONFIRMED")
    assert events_of(cast.nadia) == []


def test_the_feed_asks_the_same_number_of_queries(cast: Cast, group: Gathering) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            calendar.feed(cast.helene.pk)
        return len(captured)

    before = asked()
    for n in range(5):
        other = make_gathering(cast, timezone.now() + (3 + n) * DAY, timezone.now() + (13 + n) * DAY)
        actions.enrol(other, cast.helene, actor=actor_of(cast.claire))
    assert asked() == before == 2


def make_address(person: Person) -> str:
    _feed, token = actions.make_address(person, actor=actor_of(person))
    return reverse("calendar_feed", args=[token])


def test_the_address_opens_only_while_its_person_is_here(client: Any, cast: Cast, group: Gathering) -> None:
    url = make_address(cast.helene)
    response = client.get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert client.post(url).status_code == 405
    assert client.get(url.replace(".ics", "x.ics")).status_code == 404
    token = url.rsplit("/", 1)[-1].removesuffix(".ics")
    assert token not in str(list(CalendarFeed.objects.values()))
    Person.objects.filter(pk=cast.helene.pk).update(stopped_at=timezone.now(), stop_reason="death")
    assert client.get(url).status_code == 404


def test_a_calendar_in_english(client: Any, cast: Cast, group: Gathering) -> None:
    _feed, token = actions.make_address(cast.helene, actor=actor_of(cast.helene), language="en")
    body = client.get(reverse("calendar_feed", args=[token]), headers={"Accept-Language": "fr"}).content.decode()
    assert "Vécu appointment" in body


# -- real programs


def run(tmp_path: Path, *command: str, given: str = "") -> str:
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Europe/Paris"}
    done = subprocess.run([str(BIN / command[0]), *command[1:]], env=home, input=given, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def khal(tmp_path: Path, *command: str) -> str:
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[vecu]]\npath = {tmp_path}/khal\n"
        "[default]\ndefault_calendar = vecu\n"
        "[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )
    (tmp_path / "khal").mkdir(exist_ok=True)
    return run(tmp_path, "khal", "-c", str(config), *command)


def test_khal_imports_it_and_shows_the_right_hours(tmp_path: Path, cast: Cast) -> None:
    """Also in the two nights when clocks change; imported again after a move, there is one event and it has moved."""
    starts = [at(2027, 1, 14, 9, 30), at(2027, 3, 28, 1, 0), at(2027, 10, 31, 1, 0)]
    gathering = make_gathering(cast, *starts, hours=3)
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    file = tmp_path / "vecu.ics"
    file.write_bytes(calendar.feed(cast.helene.pk))
    khal(tmp_path, "import", "--batch", str(file))
    shown = khal(tmp_path, "list", "--format", "{start} {end} {title}", "2027-01-01", "365d")
    for line in (
        "2027-01-14 09:30 2027-01-14 12:30",
        "2027-03-28 01:00 2027-03-28 05:00",
        "2027-10-31 01:00 2027-10-31 03:00",
    ):
        assert f"{line} Rendez-vous Vécu" in shown
    winter = HalfDay.objects.get(starts_at=starts[0])
    when = at(2027, 7, 14, 14, 0)
    actions.move_half_day(winter, actor=actor_of(cast.claire), starts_at=when, ends_at=when + HOUR)
    file.write_bytes(calendar.feed(cast.helene.pk))
    khal(tmp_path, "import", "--batch", str(file))
    shown = khal(tmp_path, "list", "--format", "{start} {end} {title}", "2027-01-01", "365d")
    assert "2027-07-14 14:00 2027-07-14 15:00 Rendez-vous Vécu" in shown
    assert "2027-01-14" not in shown


VDIR = """
[general]
status_path = "{home}/status/"
[pair vecu]
a = "site"
b = "files"
collections = null
[storage site]
type = "http"
url = "{url}"
[storage files]
type = "filesystem"
path = "{home}/events/"
fileext = ".ics"
"""


@pytest.mark.django_db(transaction=True)
def test_vdirsyncer_subscribes_and_follows_changes(tmp_path: Path, live_server: Any, cast: Cast) -> None:
    """Over HTTP, from the running site: what is moved moves, what is cancelled says so."""
    gathering = make_gathering(cast, timezone.now() + 2 * DAY, timezone.now() + 3 * DAY)
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    config = tmp_path / "vdir.conf"
    config.write_text(VDIR.format(home=tmp_path, url=f"{live_server.url}{make_address(cast.helene)}"))
    (tmp_path / "events").mkdir()

    def synced() -> list[str]:
        run(tmp_path, "vdirsyncer", "-c", str(config), "discover", given="y\ny\n")
        run(tmp_path, "vdirsyncer", "-c", str(config), "sync")
        return [file.read_text() for file in (tmp_path / "events").glob("*.ics")]

    assert ["STATUS:CONFIRMED" in text for text in synced()] == [True, True]
    half_day = first_half_day(gathering)
    when = half_day.starts_at + 7 * DAY
    actions.move_half_day(half_day, actor=actor_of(cast.claire), starts_at=when, ends_at=when + HOUR)
    moved = synced()
    assert sorted("SEQUENCE:1" in text for text in moved) == [False, True]
    assert f"{timezone.localtime(when, PARIS):%Y%m%dT%H%M%S}" in "".join(moved)
    actions.cancel_gathering(gathering, actor=actor_of(cast.claire))
    assert ["STATUS:CANCELLED" in text for text in synced()] == [True, True]
