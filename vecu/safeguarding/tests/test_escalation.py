"""The clocks of an alert, walked: within hours, outside, in a hole, with a paid line; killed, in the night when clocks
change, mail down, two alerts about one person, the person on duty being the subject."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.core import jobs, journal
from vecu.core.errors import Refused
from vecu.core.tables import Job, JobState, JournalEntry
from vecu.people.models import Membership, Person
from vecu.safeguarding import context, duty
from vecu.safeguarding.actions import alerts, duties, reviews
from vecu.safeguarding.enums import AlertKind, AlertOutcome, AlertState, Danger, ReviewKind
from vecu.safeguarding.gate import pairing_gate
from vecu.safeguarding.models import Alert, AlertClock, AlertReview, DutyShift
from vecu.safeguarding.tests.factories import beat, make_duty

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 11, 17, tzinfo=PARIS)
STEPS = ("duty", "second", "referent", "head")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return TUESDAY.replace(hour=hour, minute=minute) + timedelta(days=day)


def office_hours(cast: Cast, **line: Any) -> DutyShift:
    """Nine to six, every day; Claire first, Solène second and referent, all the week."""
    claire = actor_of(cast.claire)
    duties.set_duty_hours(cast.committee, actor=claire, hours=[(day, time(9), time(18)) for day in range(7)])
    duties.write_crisis_path(
        cast.committee, actor=claire, steps="Appeler.", referent=cast.solene, head=cast.claire, phone="01 99 00 45 45"
    )
    week = {"starts_at": at(0), "ends_at": at(0, day=9)}
    second = duties.add_shift(cast.committee, actor=claire, person=cast.solene, rank=2, **week)
    duties.confirm_shift(second, actor=actor_of(cast.solene))
    return duties.add_shift(cast.committee, actor=claire, person=cast.claire, **week, **line)


def raised(cast: Cast, now: datetime, subject: Person | None = None) -> Alert:
    return alerts.open_alert(
        cast.committee,
        actor=actor_of(cast.helene),
        kind=AlertKind.WORRY,
        subject=subject or cast.nadia,
        now=now,
    )


def done(alert: Alert) -> list[str]:
    rows = AlertClock.objects.filter(alert=alert).exclude(done_at=None)
    return sorted(rows.values_list("step", flat=True), key=STEPS.index)


def walk(alert: Alert, start: datetime, *minutes: float) -> list[int]:
    """How many circles were told at each of these minutes after `start`; each minute is lived twice."""
    told = []
    for minute in minutes:
        for _twice in range(2):
            jobs.run_due(now=start + timedelta(minutes=minute))
        told.append(len(done(alert)))
    return told


MINUTES = (0, 14.9, 15, 29.9, 30, 59.9, 60, 600)
EXPECTED = [1, 1, 2, 2, 3, 3, 4, 4]


def test_within_hours_each_circle_at_its_minute(cast: Cast) -> None:
    office_hours(cast)
    alert = raised(cast, at(10))
    assert alert.counted_from == at(10) and not alert.is_from_closed_hours
    assert walk(alert, at(10), *MINUTES) == EXPECTED
    told = {clock.step: {person.given_name for person in clock.told.all()} for clock in alert.clocks.all()}
    assert told == {"duty": {"Claire"}, "second": {"Solène"}, "referent": {"Solène", "Claire"}, "head": {"Claire"}}


def test_outside_hours_the_clocks_wait_for_the_opening(cast: Cast) -> None:
    office_hours(cast)
    alert = raised(cast, at(22))
    assert alert.counted_from == at(9, day=1) and alert.is_from_closed_hours
    assert walk(alert, at(22), 0, 60, 600) == [0, 0, 0]
    assert walk(alert, at(9, day=1), *MINUTES) == EXPECTED


def test_a_hole_in_the_roster_stops_no_clock(cast: Cast) -> None:
    office_hours(cast)
    DutyShift.objects.all().delete()
    alert = raised(cast, at(10))
    assert walk(alert, at(10), *MINUTES) == EXPECTED
    first = alert.clocks.get(step="duty")
    assert {person.given_name for person in first.told.all()} == {"Claire"}, "it falls to whoever coordinates"


def test_a_paid_line_is_answered_at_any_hour_so_clocks_run(cast: Cast) -> None:
    office_hours(cast, phone="01 99 00 46 46", rings_outside_hours=True)
    assert duty.state(cast.committee.pk, at(22)).phone == "01 99 00 46 46"
    assert not duty.state(cast.committee.pk, at(22)).is_on_duty, "someone answers the phone, nobody reads"
    alert = raised(cast, at(22))
    assert walk(alert, at(22), *MINUTES) == EXPECTED


def test_a_line_that_is_not_paid_for_is_shown_within_hours_only(cast: Cast) -> None:
    office_hours(cast, phone="01 99 00 46 46")
    assert duty.state(cast.committee.pk, at(10)).phone == "01 99 00 46 46"
    assert duty.state(cast.committee.pk, at(22)).phone == ""
    with pytest.raises(Refused, match="no_phone"):
        office_hours(cast, rings_outside_hours=True)


def test_without_any_hours_nobody_is_left_to_wait(cast: Cast) -> None:
    alert = raised(cast, at(22))
    assert walk(alert, at(22), *MINUTES) == EXPECTED


@pytest.mark.parametrize(
    ("opened", "counted"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=PARIS), datetime(2026, 3, 29, 9, tzinfo=PARIS)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=PARIS), datetime(2026, 10, 25, 9, tzinfo=PARIS)),
    ],
)
def test_the_opening_keeps_its_hour_on_the_wall_after_nights_when_clocks_change(
    cast: Cast, opened: datetime, counted: datetime
) -> None:
    office_hours(cast)
    alert = raised(cast, opened.astimezone(UTC))
    assert alert.counted_from == counted
    assert walk(alert, counted.astimezone(UTC), *MINUTES) == EXPECTED


def test_a_step_asked_for_twice_is_made_once(cast: Cast) -> None:
    office_hours(cast)
    alert = raised(cast, at(10))
    for _twice in range(2):
        alerts.escalate(alert.pk, "duty", now=at(10))
    assert JournalEntry.objects.filter(verb="alert.told_duty").count() == 1


# -- a worker killed at each step


class Killed(BaseException):
    """As a kill -9: no handler sees it, the transaction is lost, the lease stays until it runs out."""


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("place", ["before", "told", "journal", "publish"])
def test_a_worker_killed_skips_no_step_and_doubles_none(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, step: int, place: str
) -> None:
    office_hours(cast)
    alert = raised(cast, at(10))
    due = at(10) + timedelta(minutes=(0, 15, 30, 60)[step])
    jobs.run_due(now=due - timedelta(seconds=1))

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    target, name = {
        "before": (alerts, "circle"),
        "told": (AlertClock, "save"),
        "journal": (journal, "write"),
        "publish": (alerts, "publish"),
    }[place]
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(target, name, die)
        jobs.run_due(now=due)
    assert len(done(alert)) == step, "nothing half done is seen"
    assert jobs.run_due(now=due) == 0, "the lease of the dead holds"
    jobs.run_due(now=due + jobs.LEASE + timedelta(seconds=1))
    assert done(alert) == list(STEPS[: step + 1])
    assert JournalEntry.objects.filter(verb=f"alert.told_{STEPS[step]}").count() == 1
    assert walk(alert, at(10), 120) == [4]
    assert JournalEntry.objects.filter(verb__startswith="alert.told_").count() == 4


# -- mail down, relay down


def test_when_letters_do_not_leave_the_page_says_whom_to_ring(cast: Cast) -> None:
    now = timezone.now()
    make_duty(cast.committee, cast.solene, now)
    beat()
    alert = raised(cast, now)
    claire = sign_in(CheckedClient(), cast.claire)
    page = claire.get(reverse("alert_detail", args=[alert.pk])).content.decode()
    assert "Les courriels ne partent pas" not in page
    assert "Vécu n’appelle personne" in page and 'href="tel:' in page.split("Qui appeler")[1]
    Job.objects.create(kind="mail", payload={}, run_at=now + timedelta(minutes=1), attempts=1, state=JobState.QUEUED)
    page = claire.get(reverse("alert_detail", args=[alert.pk])).content.decode()
    assert "Les courriels ne partent pas" in page


def test_whom_to_ring_names_each_once_and_never_the_subject(cast: Cast) -> None:
    office_hours(cast, phone="01 99 00 46 46")
    alert = raised(cast, at(10))
    lines = context.whom_to_ring(alert, at(10))
    assert [(line.name, line.phone) for line in lines] == [
        ("Claire", "01 99 00 46 46"),
        ("Solène", cast.solene.phone),
    ]
    about_claire = raised(cast, at(10), subject=cast.claire)
    assert [line.name for line in context.whom_to_ring(about_claire, at(10))] == ["Solène"]


def test_two_minutes_after_the_last_beat_every_page_of_the_team_says_so(cast: Cast) -> None:
    make_duty(cast.committee, cast.claire)
    claire, nadia = (sign_in(CheckedClient(), person) for person in (cast.claire, cast.nadia))
    for seconds, is_said in ((110, False), (125, True)):
        beat(timezone.now() - timedelta(seconds=seconds))
        for name in ("today", "alert_list", "duty_page", "member_list"):
            page = claire.get(reverse(name)).content.decode()
            assert ("Le relais n’est pas assuré" in page) == is_said, name
        page = nadia.get(reverse("help_now")).content.decode()
        assert ("<textarea" not in page) == is_said, "« prévenir l’équipe » is hidden, the numbers stay"
        assert 'href="tel:3114"' in page
        assert "Le relais n’est pas assuré" not in nadia.get(reverse("today")).content.decode()


# -- two alerts about one person; the person on duty


def test_two_alerts_about_one_person_keep_their_own_name_and_clocks(cast: Cast) -> None:
    office_hours(cast)
    first, second = raised(cast, at(10)), raised(cast, at(10, 5))
    jobs.run_due(now=at(10, 6))
    alerts.take_alert(first, actor=actor_of(cast.claire))
    jobs.run_due(now=at(12))
    assert (done(first), done(second)) == (["duty"], list(STEPS))
    solene = sign_in(CheckedClient(), cast.solene)
    page = solene.get(reverse("alert_detail", args=[second.pk])).content.decode()
    assert "Une autre alerte est en cours" in page and reverse("alert_detail", args=[first.pk]) in page
    alerts.take_alert(second, actor=actor_of(cast.solene))
    alerts.close_alert(first, actor=actor_of(cast.claire), outcome=AlertOutcome.PERSON_SAFE)
    second.refresh_from_db()
    assert second.state == AlertState.TAKEN, "closing one closes one"


def test_when_the_person_on_duty_is_the_subject_others_are_told_and_they_see_nothing(cast: Cast) -> None:
    office_hours(cast)
    alert = raised(cast, at(10), subject=cast.claire)
    jobs.run_due(now=at(12))
    told = {person.pk for clock in alert.clocks.all() for person in clock.told.all()}
    assert told == {cast.solene.pk}
    claire = sign_in(CheckedClient(), cast.claire)
    assert claire.get(reverse("alert_detail", args=[alert.pk])).status_code == 404


# -- the first screen of the day


@pytest.mark.parametrize("how", ["role ended", "stopped"])
def test_whoever_left_is_promised_to_nobody(cast: Cast, how: str) -> None:
    """Their yes went with them: nobody is said to be on duty, pairing closes, and others are told."""
    beat()
    make_duty(cast.committee, cast.solene)
    assert duty.state(cast.committee.pk).is_on_duty and pairing_gate(cast.committee.pk).is_open
    if how == "stopped":
        Person.objects.filter(pk=cast.solene.pk).update(stopped_at=timezone.now(), stop_reason="other")
    else:
        Membership.objects.filter(person=cast.solene).update(ended_on=timezone.localdate())
    assert not duty.state(cast.committee.pk).is_on_duty
    assert not pairing_gate(cast.committee.pk).is_open
    assert duty.holes(cast.committee.pk)
    alert = alerts.open_alert(
        cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.nadia, danger=Danger.YES
    )
    now = timezone.now()
    for step, _minutes in alerts.ESCALATION:  # the path names them as referent and as head too
        assert alerts.circle(alert, step, now) == [cast.claire], step
    assert [line.name for line in context.whom_to_ring(alert, now)] == [cast.claire.given_name]


def test_what_was_raised_in_the_night_comes_before_the_day_until_it_has_a_name(cast: Cast) -> None:
    now = timezone.now()
    alert = raised(cast, now - timedelta(hours=3))
    Alert.objects.filter(pk=alert.pk).update(counted_from=now - timedelta(minutes=1))
    claire = sign_in(CheckedClient(), cast.claire)
    first = claire.get(reverse("today"))
    assert first["Location"] == reverse("alert_opening")
    for _again in range(2):
        page = claire.get(reverse("alert_opening")).content.decode()
        assert reverse("alert_take", args=[alert.pk]) in page and "Avant toute autre chose" in page
        assert claire.get(reverse("today")).status_code == 303, "looking at it is not enough"
    claire.post(reverse("alert_take", args=[alert.pk]))
    assert claire.get(reverse("today")).status_code == 200
    assert claire.get(reverse("alert_opening"))["Location"] == reverse("today")
    assert sign_in(CheckedClient(), cast.helene).get(reverse("today")).status_code == 200


# -- looked at again


def test_reviews_at_a_day_and_a_week_and_the_peer_is_not_left_alone(cast: Cast) -> None:
    office_hours(cast)
    alert = raised(cast, at(10))
    planned = {review.kind: (review.due_at, review.person_id) for review in alert.reviews.all()}
    assert planned == {
        ReviewKind.DAY: (at(10, day=1), None),
        ReviewKind.WEEK: (at(10, day=7), None),
        ReviewKind.DEBRIEF: (at(10, day=1), cast.helene.pk),
    }
    asked_by_herself = alerts.open_alert(
        cast.committee, actor=actor_of(cast.nadia), kind=AlertKind.HELP_NOW, subject=cast.nadia, now=at(10)
    )
    assert not asked_by_herself.reviews.filter(kind=ReviewKind.DEBRIEF).exists()


def test_a_review_due_is_on_the_first_screen_and_is_noted_once(cast: Cast) -> None:
    beat()
    alert = raised(cast, timezone.now() - timedelta(days=2))
    alerts.take_alert(alert, actor=actor_of(cast.claire))
    alerts.close_alert(alert, actor=actor_of(cast.claire), outcome=AlertOutcome.PERSON_SAFE)
    review = AlertReview.objects.get(alert=alert, kind=ReviewKind.DEBRIEF)
    url = reverse("review_record", args=[review.pk])
    solene = sign_in(CheckedClient(), cast.solene)
    assert url in solene.get(reverse("today")).content.decode()
    page = solene.get(url)
    assert page.status_code == 200 and "Hélène" in page.content.decode()
    assert solene.post(url, {"note": " "}).status_code == 422
    assert solene.post(url, {"note": "Elle va bien, elle dort."}).status_code == 303
    assert solene.post(url, {"note": "Encore."}).status_code == 409
    assert url not in solene.get(reverse("today")).content.decode()
    assert "Elle va bien, elle dort." in solene.get(reverse("alert_detail", args=[alert.pk])).content.decode()
    assert sign_in(CheckedClient(), cast.helene).get(url).status_code == 403
    assert sign_in(CheckedClient(), cast.youssef).get(url).status_code == 404


def test_whoever_closes_may_choose_the_day_of_the_last_look(cast: Cast) -> None:
    alert = raised(cast, at(10))
    alerts.take_alert(alert, actor=actor_of(cast.claire))
    day = (TUESDAY + timedelta(days=3)).date()
    alerts.close_alert(alert, actor=actor_of(cast.claire), outcome=AlertOutcome.PERSON_SAFE, review_on=day, now=at(11))
    assert alert.reviews.get(kind=ReviewKind.WEEK).due_at == at(9, day=3)
    with pytest.raises(Refused, match="note_missing"):
        reviews.record_review(alert.reviews.get(kind=ReviewKind.WEEK), actor=actor_of(cast.claire), note="")


@pytest.mark.parametrize("outcome", ["", "nothing"])
def test_nothing_closes_without_a_reason_not_even_by_hand(cast: Cast, outcome: str) -> None:
    alert = raised(cast, timezone.now())
    claire = sign_in(CheckedClient(), cast.claire)
    claire.post(reverse("alert_take", args=[alert.pk]))
    assert claire.post(reverse("alert_close", args=[alert.pk]), {"outcome": outcome}).status_code == 422
    alert.refresh_from_db()
    assert alert.state == AlertState.TAKEN


def test_no_job_ever_closes_an_alert(cast: Cast) -> None:
    alert = raised(cast, timezone.now())
    for days in (1, 8, 400):
        jobs.tick(timezone.now() + timedelta(days=days))
        Job.objects.filter(kind="core.backup").delete()
        jobs.run_due(now=timezone.now() + timedelta(days=days + 1), limit=300)
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_a_coordinator_opens_an_alert_about_someone_named(cast: Cast) -> None:
    claire = sign_in(CheckedClient(), cast.claire)
    url = f"{reverse('alert_open')}?personne={cast.nadia.pk}"
    assert "Saule doré" in claire.get(url).content.decode()
    assert claire.post(url, {"kind": "no_sign", "danger": "yes"}).status_code == 303
    assert Alert.objects.get().subject_id == cast.nadia.pk
    elsewhere = Membership.objects.filter(organisation=cast.other_hospital).first()
    assert claire.get(f"{reverse('alert_open')}?personne={elsewhere.person_id}").status_code == 404
    assert claire.get(f"{reverse('alert_open')}?personne=nobody").status_code == 404
