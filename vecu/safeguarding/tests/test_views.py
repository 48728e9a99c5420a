"""Pages of safeguarding: who may open them, what they say, what they keep when something is wrong."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.core import journal, once
from vecu.core.access import visible
from vecu.core.moments import NBSP
from vecu.core.tables import JournalEntry
from vecu.people.actor import system
from vecu.people.models import Person
from vecu.safeguarding.actions import alerts, talks
from vecu.safeguarding.enums import AlertKind, AlertState
from vecu.safeguarding.models import Alert, AlertClock, CrisisPath, DutyHours, DutyShift, TalkRequest
from vecu.safeguarding.tests.factories import beat, make_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def entered(person: Person) -> CheckedClient:
    return sign_in(CheckedClient(), person)  # type: ignore[no-any-return]


@pytest.fixture
def alert(cast: Cast) -> Alert:
    return alerts.open_alert(
        cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.nadia, facts="Ne répond plus."
    )


STAFF_PAGES = [
    "alert_list",
    "alert_open",
    "duty_page",
    "duty_hours",
    "duty_shift_add",
    "crisis_path",
    "crisis_path_write",
    "report_list",
]


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_it_works(cast: Cast, name: str) -> None:
    make_duty(cast.committee, cast.claire)
    assert entered(cast.claire).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", [n for n in STAFF_PAGES if n != "alert_open"])
def test_role_without_right_gets_403(cast: Cast, name: str) -> None:
    assert entered(cast.helene).get(reverse(name)).status_code == 403


def test_other_organisation_gets_404(cast: Cast, alert: Alert) -> None:
    assert entered(cast.youssef).get(reverse("alert_detail", args=[alert.pk])).status_code == 404
    assert entered(cast.youssef).post(reverse("alert_take", args=[alert.pk])).status_code == 404


def test_a_visitor_signs_in_first(client: CheckedClient) -> None:
    assert client.get(reverse("alert_list")).status_code == 302


def test_help_now_gives_the_numbers_before_anything_else(cast: Cast) -> None:
    beat()
    page = entered(cast.nadia).get(reverse("help_now")).content.decode()
    main = page[page.index("<main") :]
    assert main.index('href="tel:3114"') < main.index("<form")


def test_help_now_says_truly_whether_someone_reads(cast: Cast) -> None:
    client = entered(cast.nadia)
    assert "le relais n’est pas assuré" in client.get(reverse("help_now")).content.decode()
    make_duty(cast.committee, cast.claire)
    beat()
    assert "Une personne est d’astreinte jusqu’à" in client.get(reverse("help_now")).content.decode()
    DutyShift.objects.update(confirmed_at=None)
    page = client.get(reverse("help_now")).content.decode()
    assert "Personne ne lit en ce moment" in page


def test_asking_for_help_opens_an_alert_about_oneself(cast: Cast) -> None:
    beat()
    client = entered(cast.nadia)
    response = client.post(reverse("help_now"), {"danger": "yes", "facts": "Je n’en peux plus."})
    opened = Alert.objects.get()
    assert response.status_code == 303
    assert opened.subject_id == cast.nadia.pk and opened.danger == "yes"
    assert "15 ou le 112" in client.get(response["Location"]).content.decode()


def test_a_wrong_answer_keeps_what_was_written(cast: Cast) -> None:
    beat()
    response = entered(cast.nadia).post(reverse("help_now"), {"danger": "perhaps", "facts": "Gardez <b>mes</b> mots"})
    assert response.status_code == 422
    assert "Gardez &lt;b&gt;mes&lt;/b&gt; mots" in response.content.decode()
    assert not Alert.objects.exists()


def test_staff_who_ask_for_help_see_that_it_has_gone(cast: Cast) -> None:
    client = entered(cast.claire)
    response = client.post(reverse("help_now"), {"danger": "unsure", "facts": "Je n’en peux plus."})
    assert client.get(response["Location"]).status_code == 200
    alert = Alert.objects.get()
    assert client.get(reverse("alert_detail", args=[alert.pk])).status_code == 404
    assert not visible(AlertClock, actor_of(cast.claire)).exists()
    assert visible(AlertClock, actor_of(cast.solene)).count() == len(alerts.ESCALATION)


def test_hours_are_said_as_people_say_them(cast: Cast) -> None:
    beat()
    make_duty(cast.committee, cast.claire)
    DutyHours.objects.update(ends=time(23, 30))
    page = entered(cast.claire).get(reverse("duty_page")).text
    assert f"0{NBSP}h</time> – <time" in page and f"23{NBSP}h{NBSP}30</time>" in page
    assert "23:30</" not in page


def test_the_page_says_all_that_the_team_will_see(cast: Cast) -> None:
    """The alert shows a first name, a pseudonym, a phone number and the words: all of it is said before."""
    beat()
    told = entered(cast.nadia).get(reverse("help_now")).text
    assert "votre prénom, votre pseudonyme, votre numéro de téléphone" in told
    assert "rien d’autre" not in told


@pytest.mark.parametrize("page", ["alert_close", "opening_ask"])
def test_what_a_form_shown_again_lets_read_is_journaled(cast: Cast, alert: Alert, page: str) -> None:
    client = entered(cast.claire)
    for expected in (1, 2):
        response = client.post(reverse(page, args=[alert.pk]), {"_once": once.new_key()})
        assert response.status_code == 422 and "Ne répond plus." in response.text
        entries = JournalEntry.objects.filter(verb="alert", is_reading=True, subject_id=cast.nadia.pk)
        assert entries.count() == expected
    assert journal.verify() == []


def test_someone_else_cannot_follow_my_alert(cast: Cast) -> None:
    opened = alerts.open_alert(cast.committee, actor=actor_of(cast.nadia), kind=AlertKind.HELP_NOW, subject=cast.nadia)
    assert entered(cast.nadia).get(reverse("help_now_sent", args=[opened.pk])).status_code == 200
    assert entered(cast.marc).get(reverse("help_now_sent", args=[opened.pk])).status_code == 404


def test_taking_and_closing_from_the_page(cast: Cast, alert: Alert) -> None:
    client = entered(cast.claire)
    client.post(reverse("alert_take", args=[alert.pk]))
    wrong = client.post(reverse("alert_close", args=[alert.pk]), {"outcome": "", "note": "Rappelée à 10 h"})
    assert wrong.status_code == 422 and "Rappelée à 10 h" in wrong.content.decode()
    client.post(reverse("alert_close", args=[alert.pk]), {"outcome": "person_safe"})
    alert.refresh_from_db()
    assert alert.state == AlertState.CLOSED


def test_a_stale_click_is_explained(cast: Cast, alert: Alert) -> None:
    alerts.take_alert(Alert.objects.get(pk=alert.pk), actor=actor_of(cast.solene))
    alerts.close_alert(Alert.objects.get(pk=alert.pk), actor=actor_of(cast.solene), outcome="person_safe")  # type: ignore[arg-type]
    response = entered(cast.claire).post(reverse("alert_take", args=[alert.pk]))
    assert response.status_code == 409
    assert "Quelqu’un" in response.content.decode()


def test_a_page_left_open_takes_from_nobody(cast: Cast, alert: Alert) -> None:
    """« I take it », pressed on a page where the alert was still free."""
    solene = entered(cast.solene)
    solene.post(reverse("alert_take", args=[alert.pk]))
    late = entered(cast.claire).post(reverse("alert_take", args=[alert.pk]))
    assert late.status_code == 409
    alert.refresh_from_db()
    assert alert.owner_id == cast.solene.pk


def test_taking_over_says_from_whom(cast: Cast, alert: Alert) -> None:
    claire, address = entered(cast.claire), reverse("alert_take", args=[alert.pk])
    entered(cast.solene).post(address)
    assert (
        f'name="seen" value="{cast.solene.pk}"' in claire.get(reverse("alert_detail", args=[alert.pk])).content.decode()
    )
    wrong = claire.post(address, {"seen": str(cast.nadia.pk)})
    assert wrong.status_code == 409 and "qui s’en occupe" in wrong.content.decode()
    assert claire.post(address, {"seen": "x"}).status_code == 409
    assert claire.post(address, {"seen": str(cast.solene.pk)}).status_code == 303
    alert.refresh_from_db()
    assert alert.owner_id == cast.claire.pk


def test_hours_are_saved_and_wrong_ones_explained(cast: Cast) -> None:
    client = entered(cast.claire)
    wrong = client.post(reverse("duty_hours"), {"starts_0": "09:00", "ends_0": "08:00", "starts_1": "10:00"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "Lundi" in page and "Mardi" in page and not DutyHours.objects.exists()
    assert client.post(reverse("duty_hours"), {"starts_0": "09:00", "ends_0": "17:00"}).status_code == 303
    assert DutyHours.objects.get().weekday == 0


def test_a_shift_is_named_confirmed_and_removed(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = {
        "person": str(cast.solene.pk),
        "rank": "1",
        "first_day": tomorrow.isoformat(),
        "first_hour": "09:00",
        "last_day": tomorrow.isoformat(),
        "last_hour": "17:00",
    }
    client = entered(cast.claire)
    assert client.post(reverse("duty_shift_add"), {**data, "last_hour": "08:00"}).status_code == 422
    assert client.post(reverse("duty_shift_add"), {**data, "person": str(cast.helene.pk)}).status_code == 422
    assert client.post(reverse("duty_shift_add"), data).status_code == 303
    shift = DutyShift.objects.get()
    entered(cast.solene).post(reverse("duty_shift_confirm", args=[shift.pk]))
    shift.refresh_from_db()
    assert shift.confirmed_at is not None
    assert client.post(reverse("duty_shift_remove", args=[shift.pk])).status_code == 303
    assert not DutyShift.objects.exists()


def test_a_crisis_path_is_written_as_a_new_version(cast: Cast) -> None:
    client = entered(cast.claire)
    data = {
        "steps": "Appeler.",
        "phone": "01 99 00 45 45",
        "referent": str(cast.solene.pk),
        "head": str(cast.claire.pk),
    }
    for _ in range(2):
        assert client.post(reverse("crisis_path_write"), data).status_code == 303
    assert [path.version for path in CrisisPath.objects.all()] == [2, 1]


def test_needing_to_talk_is_one_press_and_is_answered(cast: Cast) -> None:
    peer, psychologist = entered(cast.helene), entered(cast.solene)
    assert peer.post(reverse("talk_ask"), {"words": ""}).status_code == 303
    talk = TalkRequest.objects.get()
    asked = peer.get(reverse("talk_ask")).text
    assert "le plus souvent le jour ouvré suivant" in asked and "aussitôt" not in asked
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert psychologist.get(reverse("talk_detail", args=[talk.pk])).status_code == 200
    psychologist.post(reverse("talk_detail", args=[talk.pk]), {"day": tomorrow.isoformat(), "hour": "10:00"})
    assert "Solène vous appelle" in peer.get(reverse("talk_ask")).content.decode()
    assert entered(cast.claire).get(reverse("talk_detail", args=[talk.pk])).status_code == 403


def test_when_it_is_too_heavy_to_wait_a_number_answers(cast: Cast) -> None:
    client = entered(cast.helene)
    for _asked in range(2):
        main = client.get(reverse("talk_ask")).text.split("<main")[1].split("</main")[0]
        assert "Si c’est trop lourd maintenant" in main and 'href="tel:3114"' in main
        client.post(reverse("talk_ask"), {"words": ""})


def test_a_talk_asked_elsewhere_hides_nothing_here(cast: Cast) -> None:
    elsewhere = cast.other_hospital
    talks.ask_to_talk(actor=system(elsewhere.pk), person_id=cast.helene.pk, organisation_id=elsewhere.pk)
    client = entered(cast.helene)
    client.post(reverse("talk_ask"), {"words": ""})
    assert TalkRequest.objects.filter(organisation=cast.committee, person=cast.helene).count() == 1


def test_only_the_one_who_asked_can_take_it_back(cast: Cast) -> None:
    talk = talks.ask_to_talk(actor=actor_of(cast.helene), person_id=cast.helene.pk, organisation_id=cast.committee.pk)
    assert entered(cast.marc).post(reverse("talk_withdraw", args=[talk.pk])).status_code == 404


HOSTILE = [
    "'\"><svg onload=alert(1)>",
    "{{7*7}}",
    "\u202egnirts",
    "=cmd|' /C calc'!A0",
    "a" * 100_000,
    "\x00",
    "👩‍👩‍👧",
    "2^63",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["help_now", "alert_open", "crisis_path_write", "duty_shift_add", "duty_hours"])
def test_hostile_input_never_breaks(cast: Cast, name: str, text: str) -> None:
    beat()
    keys = (
        "danger",
        "facts",
        "kind",
        "where",
        "steps",
        "phone",
        "referent",
        "head",
        "person",
        "rank",
        "first_day",
        "first_hour",
        "starts_0",
        "ends_0",
    )
    response: Any = entered(cast.claire).post(reverse(name), dict.fromkeys(keys, text))
    assert response.status_code in (303, 409, 422, 400), response.status_code


def test_lists_cost_the_same_at_any_size(cast: Cast) -> None:
    client = entered(cast.claire)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("alert_list")).status_code == 200
        return len(captured)

    alerts.open_alert(cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.nadia)
    queries()
    few = queries()
    for _ in range(30):
        alerts.open_alert(cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.nadia)
    assert queries() == few
