"""Story 4. Marc applies, is met, trains forty hours, signs, is ready; his convention ends, and Claire knew it before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, expect

from tests.access.world import DAY, Side, make_member
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks, watch
from tests.e2e.people import PHONE, Reader, check_letters_say_nothing, evening, make_committee, morning, run_jobs
from vecu.agenda import actions as agenda
from vecu.agenda.enums import Presence
from vecu.agenda.models import HalfDay
from vecu.peers.models import Peer
from vecu.people import actions as people
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.recruitment.actions import recruitments
from vecu.recruitment.models import Application, InterviewSlot, Recruitment
from vecu.training.models import Attestation, Cohort, Course

MARC = "marc.kervadec@courrier.example"
WHY = "On m’a tenu la main, je voudrais tenir celle d’un autre."
NOTES = "Parle de son frère avec une voix très basse."
CLINIC = "Clinique des Tilleuls"
SignIn = Callable[..., None]


@pytest.fixture
def clock(live_site: LiveSite) -> Iterator[Any]:
    with time_machine.travel(evening(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def committee(clock: Any) -> Side:
    side = make_committee()
    side.rows["recruitment"] = recruitments.set_up(
        side.organisation, actor=side.claire, is_open=True, profiles=["companion", "witness"], phone="01 99 00 12 34"
    )
    side.rows["clinic"] = people.create_site(
        side.organisation, actor=side.claire, name=CLINIC, town="Valmont", departement="44"
    )
    side.rows["sabine"] = make_member(side.organisation, Role.TRAINER, "Sabine", "Thiébaut")
    mail.outbox.clear()
    return side


def test_from_an_application_to_a_convention_that_ends(
    committee: Side, clock: Any, live_site: LiveSite, open_context: Callable[..., BrowserContext], sign_in: SignIn
) -> None:
    def reader(**options: Any) -> Reader:
        page = open_context(**options).new_page()
        watch(page, live_site.url)
        return Reader(page, live_site.url)

    tonight = timezone.now()
    marc, claire, solene, sabine = reader(viewport=PHONE), reader(), reader(), reader()
    code = applies_and_comes_back_to_it(marc, committee["recruitment"])
    application = Application.objects.get()

    clock.move_to(morning(tonight))
    sign_in(solene.page, committee.psychologist)
    offers_an_hour(solene, days=3)
    sign_in(claire.page, committee.coordinator)
    invites(claire, application)
    run_jobs()
    chooses_an_hour(marc, code)

    clock.move_to(morning(tonight, 5))
    sign_in(solene.page, committee.psychologist)
    records_the_interview(solene)
    sign_in(claire.page, committee.coordinator)
    answers_yes(claire, application)
    run_jobs()
    application.refresh_from_db()
    peer = Peer.objects.get(person=application.person_id)
    reads_the_answer_and_opens_his_space(marc, code)

    sign_in(sabine.page, committee["sabine"])
    cohort = opens_a_group(sabine)
    enrols(sabine, cohort, peer.person)
    half_days = list(HalfDay.objects.filter(gathering=cohort.gathering).order_by("starts_at"))
    for half_day in half_days[:-1]:
        clock.move_to(half_day.ends_at)
        agenda.record_presence(half_day, peer.person, Presence.PRESENT, actor=committee.claire)
    sign_in(marc.page, peer.person)
    reads_what_is_missing(marc)
    clock.move_to(half_days[-1].starts_at + timedelta(minutes=20))
    sign_in(sabine.page, committee["sabine"])
    has_the_last_one_signed(sabine, half_days[-1], peer.person)
    clock.move_to(half_days[-1].ends_at + timedelta(hours=1))
    sign_in(sabine.page, committee["sabine"])
    attestation = attests(sabine, cohort)
    anyone_checks_it(reader(viewport=PHONE), attestation)

    sign_in(marc.page, peer.person)
    signs(marc, "charter")
    signs(marc, "confidentiality")
    sign_in(claire.page, committee.coordinator)
    ends_on = timezone.localdate() + 200 * DAY
    puts_the_rest_in_order(claire, peer, committee, ends_on)
    check_letters_say_nothing()

    clock.move_to(at_nine(ends_on, -60))
    run_jobs()
    sign_in(claire.page, committee.coordinator)
    knew_it_before(claire)
    clock.move_to(at_nine(ends_on, 0))
    sign_in(claire.page, committee.coordinator)
    claire.open("peer_detail", peer.pk)
    expect(ready_line(claire)).not_to_contain_text(".")
    clock.move_to(at_nine(ends_on, 1))
    sign_in(claire.page, committee.coordinator)
    is_not_ready_there_and_says_why(claire, peer)
    check_letters_say_nothing()
    for one in (marc, claire, solene, sabine):
        one.page.watch.check()  # type: ignore[attr-defined]


def applies_and_comes_back_to_it(marc: Reader, recruitment: Recruitment) -> str:
    """Six short pages on a phone, left in the middle and taken up again without an account. Returns his code."""
    marc.open("apply")
    marc.follow("apply_step", recruitment.pk, "companion", "you")
    marc.tick(kind="patient", is_adult="yes")
    marc.send()
    marc.fill(condition="Sclérose en plaques")
    marc.tick(hindsight="years_2_5")
    marc.send()
    marc.is_at("apply_step", recruitment.pk, "companion", "offer")
    marc.send_to("apply_pause")
    left = marc.page.locator("main .receipt").inner_text()
    marc.page.context.clear_cookies()
    marc.open("apply_resume")
    marc.fill(code=left)
    marc.send()
    marc.is_at("apply_step", recruitment.pk, "companion", "offer")
    marc.tick(rhythm="monthly", times="week_am", channels="phone")
    marc.page.locator('main [name="departement"]').select_option("44")
    marc.send()
    marc.fill(motivation=WHY, limits="Pas la nuit.")
    marc.send()
    marc.tick(membership="member", conflict="no", charter="yes")
    marc.send()
    marc.send()  # too early: he is told what is missing
    expect(marc.page.locator("main .errors, main [role=alert]").first).to_be_visible()
    marc.fill(given_name="Marc", family_name="Kervadec", phone="01 99 00 61 62", email=MARC)
    marc.page.locator('main [name="agrees"]').check()
    marc.send()
    marc.is_at("apply_review", recruitment.pk, "companion")
    marc.says(WHY)
    page_checks(marc.page, tab=False)
    marc.send()
    marc.is_at("apply_done")
    marc.shoot("4-applied")
    return marc.page.locator("main .receipt").inner_text()


def offers_an_hour(solene: Reader, days: int) -> None:
    solene.open("slot_list")
    solene.fill(day=f"{timezone.localdate() + days * DAY:%Y-%m-%d}", hour="10:00")
    solene.send('main form:has([name="hour"])')
    assert InterviewSlot.objects.count() == 1


def invites(claire: Reader, application: Application) -> None:
    """From her first screen."""
    claire.open("application_list")
    claire.follow("application_detail", application.pk)
    claire.says(WHY)
    claire.shoot("4-application")
    claire.send_to("application_invite", application.pk)
    claire.is_at("application_detail", application.pk)


def chooses_an_hour(marc: Reader, code: str) -> None:
    marc.open("application_follow")
    if marc.page.locator('main [name="code"]').count():
        marc.fill(code=code)
        marc.send()
    marc.send_to("interview_book", InterviewSlot.objects.get().pk)
    marc.says("10\u00a0h")


def records_the_interview(solene: Reader) -> None:
    """The guide for those who decide with her; her notes for nobody else."""
    slot = InterviewSlot.objects.get()
    solene.open("slot_list")
    solene.follow("interview_record", slot.pk)
    solene.fill(motivation="Rendre ce qu’il a reçu.", notes=NOTES)
    solene.tick(outcome="favourable")
    solene.send()
    solene.is_at("slot_list")


def answers_yes(claire: Reader, application: Application) -> None:
    claire.open("application_detail", application.pk)
    expect(claire.page.locator("main")).not_to_contain_text(NOTES)
    claire.follow("application_decide", application.pk)
    claire.tick(outcome="accepted")
    claire.send()
    claire.is_at("application_letter", application.pk)
    claire.says("Marc")
    claire.send()
    claire.is_at("application_detail", application.pk)


def reads_the_answer_and_opens_his_space(marc: Reader, code: str) -> None:
    marc.open("application_follow")
    if marc.page.locator('main [name="code"]').count():
        marc.fill(code=code)
        marc.send()
    marc.says("Claire")
    marc.opens_her_space(MARC, "01 99 00 61 62")
    marc.open("my_peer")
    page_checks(marc.page, tab=False)


def opens_a_group(sabine: Reader) -> Cohort:
    """Six days in two places: forty-two hours of presence for a training of forty."""
    sabine.open("course_add")
    sabine.fill(title="Quarante heures", organiser="Comité de Loire-Valmont", minutes="40 h")
    sabine.page.locator('main [name="qualification"]').select_option(index=1)
    sabine.send()
    course = Course.objects.get()
    sabine.open("cohort_open", course.pk)
    sabine.page.locator('main [name="host"]').select_option(label="Sabine Thiébaut")
    first = timezone.localdate() + 7 * DAY
    for number in range(1, 7):
        day = first + (number - 1) * 7 * DAY
        place = "Salle du comité" if number < 4 else "Maison des associations"
        sabine.fill(**{f"day_{number}": f"{day:%Y-%m-%d}", f"place_{number}": place})
    sabine.send()
    cohort = Cohort.objects.get()
    sabine.is_at("cohort_detail", cohort.pk)
    return cohort


def enrols(sabine: Reader, cohort: Cohort, person: Person) -> None:
    """Marc, and a nurse sent by another place, on one list."""
    sabine.page.locator('main [name="person"]').select_option(str(person.pk))
    sabine.send_to("trainee_add", cohort.pk)
    sabine.is_at("cohort_detail", cohort.pk)
    sabine.page.locator('main details:has([name="given_name"]) > summary').first.click()
    sabine.fill(given_name="Lucie", family_name="Bréhat")
    sabine.send_to("newcomer_add", cohort.pk)
    sabine.says("Marc", "Lucie")
    sabine.shoot("4-cohort")
    page_checks(sabine.page, tab=False)


def reads_what_is_missing(marc: Reader) -> None:
    marc.open("own_training")
    marc.says("38\u00a0h\u00a030", "40\u00a0h")
    marc.shoot("4-hours")


def has_the_last_one_signed(sabine: Reader, half_day: HalfDay, person: Person) -> None:
    """On the tablet, with the name typed: a finger is not needed."""
    sabine.open("attendance_record", half_day.pk)
    sabine.page.locator(f'main [name="presence_{person.pk}"][value="present"]').check()
    sabine.send()
    sabine.open("attendance_sign", half_day.pk, person.pk)
    sabine.page.locator('main [name="was_there"]').check()
    sabine.fill(typed="Marc Kervadec")
    sabine.send()
    sabine.is_at("attendance_record", half_day.pk)


def attests(sabine: Reader, cohort: Cohort) -> Attestation:
    sabine.open("cohort_detail", cohort.pk)
    sabine.send_to("cohort_issue", cohort.pk)
    attestation = Attestation.objects.get()
    sabine.open("attestation_detail", attestation.pk)
    with sabine.page.expect_download() as coming:
        sabine.follow("attestation_pdf", attestation.pk)
    path = coming.value.path()
    assert path.read_bytes().startswith(b"%PDF-")
    return attestation


def anyone_checks_it(reader: Reader, attestation: Attestation) -> None:
    """Name, title, date, and nothing more."""
    reader.open("attestation_find")
    reader.fill(code=str(attestation.code))
    reader.send()
    reader.says("Marc Kervadec", "Quarante heures")
    for word in ("Sclérose", MARC, "61 62"):
        expect(reader.page.locator("main")).not_to_contain_text(word)


def signs(marc: Reader, kind: str) -> None:
    marc.open("my_peer")
    marc.follow("undertaking_sign", kind)
    marc.page.locator("main form").first.evaluate("form => form.scrollIntoView()")
    marc.send()


def puts_the_rest_in_order(claire: Reader, peer: Peer, side: Side, ends_on: date) -> None:
    """A convention with the clinic and the insurance: then, and only then, he is ready there."""
    claire.open("peer_detail", peer.pk)
    expect(ready_line(claire)).to_contain_text("onvention")
    claire.shoot("4-peer")
    claire.open("convention_add")
    claire.fill(partner=CLINIC, starts_on=f"{timezone.localdate():%Y-%m-%d}", ends_on=f"{ends_on:%Y-%m-%d}")
    claire.tick(sites=str(side["clinic"].pk))
    claire.send()
    claire.open("peer_detail", peer.pk)
    claire.page.locator('main details:has([name="kind"]) > summary').first.click()
    claire.page.locator('main [name="kind"]').select_option("insurance")
    claire.fill(obtained_on=f"{timezone.localdate():%Y-%m-%d}")
    claire.send_to("clearance_record", peer.pk)
    expect(ready_line(claire)).not_to_contain_text(".")


def ready_line(claire: Reader) -> Locator:
    """The line of the clinic: its name alone when all is in order, what is missing below it otherwise."""
    return claire.page.locator(f'main li:has(> b:text-is("{CLINIC}"))').first


def at_nine(day: date, shift: int) -> datetime:
    return timezone.make_aware(datetime.combine(day + shift * DAY, datetime.min.time().replace(hour=9)))


def knew_it_before(claire: Reader) -> None:
    """From her first screen to what ends, and to the page that renews it."""
    claire.open("today")
    claire.follow("expiry_list")
    claire.says(CLINIC)
    claire.shoot("4-ends")
    page_checks(claire.page, tab=False)


def is_not_ready_there_and_says_why(claire: Reader, peer: Peer) -> None:
    claire.open("peer_detail", peer.pk)
    expect(ready_line(claire)).to_contain_text("onvention")
    page_checks(claire.page, tab=False)
