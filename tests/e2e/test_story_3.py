"""Story 3. Someone followed dies: one action, nothing leaves any more about them, the peer is looked after."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from tests.access.requests import log, pair_up
from tests.access.world import EVALUATED, Side
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks, watch
from tests.e2e.people import PHONE, Reader, check_letters_say_nothing, evening, make_committee, make_past, morning
from vecu.accompaniment.models import Evaluation, FollowUp, Pair, SupportRequest
from vecu.core import jobs
from vecu.core.tables import Job, JobState
from vecu.messaging.actions import messages
from vecu.messaging.models import Notice
from vecu.people import actions as people
from vecu.people.enums import ConsentChannel
from vecu.people.models import Person


def test_one_action_stops_everything(
    live_site: LiveSite, open_context: Callable[..., BrowserContext], sign_in: Callable[..., None]
) -> None:
    with time_machine.travel(morning(evening()), tick=True):
        side = make_committee()
        make_past(side, 6)
        pair = pair_up(side, 20)
        log(side, pair, 15)
        messages.send_message(pair.thread, actor=side.helene, body="À mardi.")
        for purpose in EVALUATED:
            people.record_consent(
                side.person, purpose, actor=side.claire, organisation=side.organisation, channel=ConsentChannel.ORAL
            )
        before = counts()

        page = open_context().new_page()
        watch(page, live_site.url)
        claire = Reader(page, live_site.url)
        sign_in(page, side.coordinator)
        claire.open("figures")
        figures = claire.page.locator("main").inner_text()

        claire.open("pair_detail", pair.pk)
        claire.follow("person_stop", side.person.pk)
        claire.shoot("8-stop")
        page_checks(claire.page, tab=False)
        claire.tick(reason="death")
        mail.outbox.clear()
        claire.send()
        claire.is_at("pair_detail", pair.pk)

        told = Notice.objects.filter(person=side.person).count()
        assert everything_that_runs() > 20
        nothing_left_about(side.person)
        assert Notice.objects.filter(person=side.person).count() <= told
        assert not Evaluation.objects.filter(pair=pair).exists(), "nobody is asked anything after a death"

        peer_is_looked_after(claire, side, pair, sign_in)
        helene_sees_no_cold_notice(Reader(open_context(viewport=PHONE).new_page(), live_site.url), side, pair, sign_in)

        assert counts() == before, "the counts stay"
        sign_in(page, side.coordinator)
        claire.open("figures")
        assert first_numbers(claire.page.locator("main").inner_text()) == first_numbers(figures)
        page.watch.check()  # type: ignore[attr-defined]
        check_letters_say_nothing()


def counts() -> tuple[int, int, int]:
    """Requests, pairs and contacts: what activity was."""
    pairs = Pair.objects.all()
    return SupportRequest.objects.count(), pairs.count(), sum(pair.contacts.count() for pair in pairs)


def first_numbers(text: str) -> list[str]:
    """The number of requests and of pairs, first on the page."""
    return re.findall(r"\d+", text.split("n =")[0])[:4]


def everything_that_runs() -> int:
    """Each clock there is, at each of the days to come, and all that it queues."""
    count, start = 0, timezone.now()
    ran: set[str] = set()
    for days in (0, 1, 2, 3, 5, 8, 15, 31, 45, 60, 89):
        now = start + timedelta(days=days)
        jobs.tick(now)
        count += jobs.run_due(now=now)
        ran |= set(Job.objects.filter(state=JobState.DONE).values_list("kind", flat=True))
    assert set(jobs.PERIODS) <= ran, "every periodic job ran"
    return count


def nothing_left_about(person: Person) -> None:
    address = str(person.contact_email)
    assert [letter for letter in mail.outbox if address in letter.to] == []


def peer_is_looked_after(claire: Reader, side: Side, pair: Pair, sign_in: Callable[..., None]) -> None:
    """A point with the peer, tomorrow at the latest, with words to say; a human makes it."""
    point = FollowUp.objects.get(pair=pair, kind="bereavement")
    assert point.due_on <= timezone.localdate() + timedelta(days=3)
    sign_in(claire.page, side.coordinator)
    claire.open("today")
    claire.page.locator(f'main a[href*="{pair.pk}"], main a[href*="{point.pk}"]').first.click()
    claire.open("pair_detail", pair.pk)
    claire.says("Hélène")
    claire.shoot("8-peer")
    claire.follow("follow_up_record", point.pk)
    claire.tick(outcome="goes_well")
    claire.send()
    claire.is_at("pair_detail", pair.pk)


def helene_sees_no_cold_notice(helene: Reader, side: Side, pair: Pair, sign_in: Callable[..., None]) -> None:
    """No notice told her; her exchange is closed and can still be read; she may ask to talk."""
    assert not Notice.objects.filter(person=side.peer_person, kind="pair_closed", url_key=str(pair.pk)).exists()
    sign_in(helene.page, side.peer_person)
    helene.open("exchange", pair.pk)
    helene.says("À mardi.")
    expect(helene.page.locator('[name="body"]')).to_have_count(0)
    expect(helene.link_to("talk_ask").first).to_be_visible()
