"""Rules of duty, alerts, reports and calls for help."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast
from vecu.core import jobs, journal, vault
from vecu.core.crypto import ERASED
from vecu.core.errors import Denied, Refused
from vecu.people.actor import system
from vecu.safeguarding import duty
from vecu.safeguarding.actions import alerts, duties, reports, retention, talks
from vecu.safeguarding.enums import (
    AlertKind,
    AlertOutcome,
    AlertState,
    Danger,
    ReportOutcome,
    ReportReason,
    ReportState,
    TalkState,
)
from vecu.safeguarding.gate import pairing_gate
from vecu.safeguarding.models import Alert, AlertClock, Report, TalkRequest
from vecu.safeguarding.tests.factories import beat, make_duty

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def open_alert(cast: Cast, now: datetime | None = None) -> Alert:
    return alerts.open_alert(
        cast.committee,
        actor=actor_of(cast.helene),
        kind=AlertKind.WORRY,
        subject=cast.nadia,
        danger=Danger.UNSURE,
        facts="Ne répond plus.",
        now=now,
    )


# -- the gate


def test_pairing_needs_hours_a_person_and_a_path(cast: Cast) -> None:
    assert len(pairing_gate(cast.committee.pk).missing) == 3
    make_duty(cast.committee, cast.claire)
    assert pairing_gate(cast.committee.pk).is_open
    assert not pairing_gate(cast.other_hospital.pk).is_open


def test_a_shift_nobody_confirmed_does_not_open_pairing(cast: Cast) -> None:
    shift = make_duty(cast.committee, cast.claire)
    shift.confirmed_at = None
    shift.save()
    assert not pairing_gate(cast.committee.pk).is_open


# -- the true state of duty


def test_on_duty_only_within_hours_with_a_yes_and_a_living_relay(cast: Cast) -> None:
    now = timezone.now()
    shift = make_duty(cast.committee, cast.claire, now)
    assert not duty.state(cast.committee.pk, now).is_on_duty, "no worker has beaten"
    beat(now)
    assert duty.state(cast.committee.pk, now).is_on_duty
    assert not duty.state(cast.committee.pk, shift.ends_at + timedelta(minutes=1)).is_on_duty


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=PARIS), datetime(2026, 10, 25, tzinfo=PARIS)])
def test_hours_keep_their_local_time_on_nights_when_clocks_change(cast: Cast, day: datetime) -> None:
    duties.set_duty_hours(
        cast.committee, actor=actor_of(cast.claire), hours=[(weekday, time(9), time(17)) for weekday in range(7)]
    )
    spans = duty.spans(duty.roster(cast.committee.pk, day).hours, day.date(), 2)
    assert [(s.astimezone(PARIS).hour, e.astimezone(PARIS).hour) for s, e in spans] == [(9, 17), (9, 17)]


def test_a_hole_in_the_next_seven_days_is_found(cast: Cast) -> None:
    now = timezone.make_aware(datetime(2026, 11, 16, 8))
    duties.set_duty_hours(cast.committee, actor=actor_of(cast.claire), hours=[(0, time(9), time(12))])
    assert len(duty.holes(cast.committee.pk, now)) == 1
    duties.add_shift(
        cast.committee,
        actor=actor_of(cast.claire),
        person=cast.claire,
        starts_at=timezone.make_aware(datetime(2026, 11, 16, 9)),
        ends_at=timezone.make_aware(datetime(2026, 11, 16, 11)),
    )
    hole = duty.holes(cast.committee.pk, now)[0]
    assert timezone.localtime(hole.starts_at).hour == 11


def test_only_the_person_named_can_say_yes(cast: Cast) -> None:
    now = timezone.now()
    shift = duties.add_shift(
        cast.committee,
        actor=actor_of(cast.claire),
        person=cast.solene,
        starts_at=now,
        ends_at=now + timedelta(hours=8),
    )
    assert shift.confirmed_at is None
    with pytest.raises(Refused, match="not_yours"):
        duties.confirm_shift(shift, actor=actor_of(cast.claire))
    duties.confirm_shift(shift, actor=actor_of(cast.solene))
    assert shift.confirmed_at is not None


def test_a_peer_cannot_be_on_duty(cast: Cast) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="not_staff"):
        duties.add_shift(
            cast.committee, actor=actor_of(cast.claire), person=cast.helene, starts_at=now, ends_at=now + timedelta(1)
        )


@pytest.mark.parametrize("hours", [[(0, time(9), time(8))], [(0, time(9), time(12)), (0, time(11), time(14))]])
def test_hours_that_make_no_sense_are_refused(cast: Cast, hours: list[tuple[int, time, time]]) -> None:
    with pytest.raises(Refused):
        duties.set_duty_hours(cast.committee, actor=actor_of(cast.claire), hours=hours)


# -- alerts and their clocks


def run_until(moment: datetime) -> None:
    jobs.run_due(now=moment)


def test_each_circle_is_told_at_its_minute_and_once(cast: Cast) -> None:
    now = timezone.now()
    make_duty(cast.committee, cast.claire, now)
    alert = open_alert(cast, now)
    told = []
    for minutes in (0, 14, 15, 29, 30, 59, 60, 61):
        run_until(now + timedelta(minutes=minutes, seconds=1))
        run_until(now + timedelta(minutes=minutes, seconds=1))
        told.append(AlertClock.objects.filter(alert=alert).exclude(done_at=None).count())
    assert told == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_clock_set_back_does_not_delay_the_next_circle(cast: Cast) -> None:
    """Fifteen minutes are fifteen minutes for whoever waits, whatever the machine says the hour is."""
    now = timezone.now()
    make_duty(cast.committee, cast.claire, now)
    alert = open_alert(cast, now)
    jobs.prolong("relay", now)
    run_until(now + timedelta(seconds=1))
    hour = timedelta(hours=1)
    jobs.prolong("relay", now - hour)
    told = []
    for minutes in (14, 16, 29, 31, 61):
        run_until(now - hour + timedelta(minutes=minutes))
        told.append(AlertClock.objects.filter(alert=alert).exclude(done_at=None).count())
    assert told == [1, 2, 2, 3, 4]


@pytest.mark.parametrize(
    "at", [datetime(2026, 3, 29, 1, 50, tzinfo=PARIS), datetime(2026, 10, 25, 2, 50, tzinfo=PARIS)]
)
def test_the_clocks_run_through_nights_when_clocks_change(cast: Cast, at: datetime) -> None:
    with time_machine.travel(at.astimezone(UTC), tick=False):
        make_duty(cast.committee, cast.claire, at.astimezone(UTC))
        alert = open_alert(cast, timezone.now())
        told = []
        for minutes in (0, 14, 16, 29, 31, 59, 61):
            run_until(timezone.now() + timedelta(minutes=minutes, seconds=1))
            told.append(AlertClock.objects.filter(alert=alert).exclude(done_at=None).count())
    assert told == [1, 1, 2, 2, 3, 3, 4]


def test_taking_the_alert_stops_the_clocks(cast: Cast) -> None:
    now = timezone.now()
    make_duty(cast.committee, cast.claire, now)
    alert = open_alert(cast, now)
    run_until(now + timedelta(seconds=1))
    alerts.take_alert(alert, actor=actor_of(cast.claire))
    run_until(now + timedelta(hours=2))
    assert AlertClock.objects.filter(alert=alert).exclude(done_at=None).count() == 1


def test_the_person_on_duty_is_told_and_nobody_hears_of_an_alert_about_themselves(cast: Cast) -> None:
    now = timezone.now()
    make_duty(cast.committee, cast.claire, now)
    alert = alerts.open_alert(
        cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.claire, now=now
    )
    run_until(now + timedelta(minutes=61))
    told = set(AlertClock.objects.filter(alert=alert).values_list("told", flat=True)) - {None}
    assert cast.claire.pk not in told


def test_an_alert_is_closed_by_its_owner_with_a_reason(cast: Cast) -> None:
    alert = open_alert(cast)
    with pytest.raises(Refused, match="stale"):
        alerts.close_alert(alert, actor=actor_of(cast.claire), outcome=AlertOutcome.PERSON_SAFE)
    alerts.take_alert(alert, actor=actor_of(cast.claire))
    with pytest.raises(Refused, match="note_missing"):
        alerts.close_alert(alert, actor=actor_of(cast.claire), outcome=AlertOutcome.OTHER)
    alerts.close_alert(alert, actor=actor_of(cast.claire), outcome=AlertOutcome.PERSON_SAFE)
    assert alert.state == AlertState.CLOSED
    assert alert.expires_on is not None


def test_a_peer_cannot_take_an_alert_and_another_organisation_sees_none(cast: Cast) -> None:
    alert = open_alert(cast)
    with pytest.raises(Denied):
        alerts.take_alert(alert, actor=actor_of(cast.helene))
    assert not Alert.objects.visible_to(actor_of(cast.youssef)).exists()


def test_reading_an_alert_is_shown_to_the_person(cast: Cast) -> None:
    alert = open_alert(cast)
    alerts.read_alert(alert, actor=actor_of(cast.solene))
    assert [entry.actor_id for entry in journal.for_subject(cast.nadia.pk)] == [cast.solene.pk]


def test_words_of_a_closed_alert_are_erased_and_the_count_stays(cast: Cast) -> None:
    alert = open_alert(cast)
    alerts.take_alert(alert, actor=actor_of(cast.claire))
    alerts.close_alert(alert, actor=actor_of(cast.claire), outcome=AlertOutcome.PERSON_SAFE)
    assert retention.erase_expired(timezone.localdate()) == 0
    assert retention.erase_expired(alert.expires_on) == 1
    assert Alert.objects.get(pk=alert.pk).facts == ERASED
    assert retention.erase_expired(alert.expires_on) == 0


def test_an_alert_that_cannot_be_erased_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [open_alert(cast), open_alert(cast)]
    Alert.objects.update(expires_on=timezone.localdate())
    write = journal.write

    def write_but_one(actor: Any, verb: str, row: Any, **more: Any) -> Any:
        if row.pk == told[0].pk:
            raise RuntimeError
        return write(actor, verb, row, **more)

    monkeypatch.setattr(retention.journal, "write", write_but_one)
    with pytest.raises(jobs.SomeFailed):
        retention.erase_expired(timezone.localdate())
    vault.forget()
    assert [Alert.objects.get(pk=one.pk).facts == ERASED for one in told] == [False, True]


# -- reports


def receive(cast: Cast) -> Report:
    return reports.receive_report(
        organisation_id=cast.committee.pk,
        thread_key=uuid.uuid4(),
        message_key=uuid.UUID(int=7),
        reporter=cast.nadia,
        reported=cast.helene,
        reason=ReportReason.MEDICAL,
        words="Elle me dit d’arrêter.",
    )


def test_reporting_twice_is_one_report(cast: Cast) -> None:
    assert receive(cast).pk == receive(cast).pk


def test_lines_open_only_for_who_took_the_report_and_both_people_are_told(cast: Cast) -> None:
    report = receive(cast)
    claire = actor_of(cast.claire)
    with pytest.raises(Refused, match="not_taken"):
        reports.record_reading(report, actor=claire, message_keys=[report.message_key])
    reports.take_report(report, actor=claire)
    assert not reports.is_open_for(report, actor=claire)
    reports.record_reading(report, actor=claire, message_keys=[report.message_key])
    assert reports.is_open_for(report, actor=claire)
    assert not reports.is_open_for(report, actor=actor_of(cast.solene))
    assert not reports.is_open_for(report, actor=claire, now=timezone.now() + timedelta(minutes=31))


def test_the_reporter_gets_an_answer(cast: Cast) -> None:
    report = receive(cast)
    reports.take_report(report, actor=actor_of(cast.claire))
    with pytest.raises(Refused, match="answer_missing"):
        reports.answer_report(report, actor=actor_of(cast.claire), outcome=ReportOutcome.REMINDER, answer="  ")
    with pytest.raises(Refused, match="not_yours"):
        reports.answer_report(report, actor=actor_of(cast.solene), outcome=ReportOutcome.REMINDER, answer="Merci")
    reports.answer_report(report, actor=actor_of(cast.claire), outcome=ReportOutcome.REMINDER, answer="Merci")
    assert report.state == ReportState.ANSWERED and report.expires_on is not None


# -- « j’ai besoin de parler »


def ask(cast: Cast) -> TalkRequest:
    return talks.ask_to_talk(
        actor=actor_of(cast.helene), person_id=cast.helene.pk, organisation_id=cast.committee.pk, words="Dur."
    )


def test_the_psychologist_is_told_and_the_peer_sees_who_calls(cast: Cast) -> None:
    talk = ask(cast)
    assert ask(cast).pk == talk.pk, "pressing again gives the same one"
    with pytest.raises(Refused, match="past"):
        talks.promise_call(talk, actor=actor_of(cast.solene), call_at=timezone.now() - timedelta(hours=1))
    talks.promise_call(talk, actor=actor_of(cast.solene), call_at=timezone.now() + timedelta(hours=1))
    assert talk.state == TalkState.PROMISED and talk.answered_by_id == cast.solene.pk


def test_words_are_erased_once_they_talked(cast: Cast) -> None:
    talk = ask(cast)
    talks.finish_talk(talk, actor=actor_of(cast.solene))
    assert TalkRequest.objects.get(pk=talk.pk).words == ERASED


def test_a_coordinator_does_not_read_a_call_for_help(cast: Cast) -> None:
    ask(cast)
    assert not TalkRequest.objects.visible_to(actor_of(cast.claire)).exists()


def test_a_talk_is_asked_for_oneself_where_one_takes_part(cast: Cast) -> None:
    for person, organisation in ((cast.nadia, cast.committee), (cast.helene, cast.other_hospital)):
        with pytest.raises(Denied):
            talks.ask_to_talk(actor=actor_of(cast.helene), person_id=person.pk, organisation_id=organisation.pk)
    assert not TalkRequest.objects.exists()


def test_the_system_may_open_a_talk_for_a_peer(cast: Cast) -> None:
    talk = talks.ask_to_talk(
        actor=system(cast.committee.pk), person_id=cast.helene.pk, organisation_id=cast.committee.pk
    )
    assert talk.state == TalkState.ASKED
