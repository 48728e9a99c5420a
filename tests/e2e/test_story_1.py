"""Story 1. Nadia asks in the evening from her phone; Claire calls, chooses Hélène; they write; it is followed to its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from tests.access.world import Side
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks, watch
from tests.e2e.people import (
    PHONE,
    Reader,
    check_letters_say_nothing,
    evening,
    letters,
    make_committee,
    make_past,
    morning,
    run_jobs,
)
from vecu.accompaniment.models import Evaluation, FollowUp, Pair, Proposal, SupportRequest
from vecu.messaging.models import Message

NADIA, WORDS = "n.benali@messagerie.example", "Je voudrais parler avec quelqu’un qui travaille encore avec la maladie."


@pytest.fixture
def clock(live_site: LiveSite) -> Iterator[Any]:
    with time_machine.travel(evening(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def committee(clock: Any) -> Side:
    side = make_committee()
    make_past(side, 6)
    mail.outbox.clear()
    return side


def test_from_the_first_word_to_the_figure(
    committee: Side,
    clock: Any,
    live_site: LiveSite,
    open_context: Callable[..., BrowserContext],
    sign_in: Callable[..., None],
) -> None:
    def reader(**options: Any) -> Reader:
        page = open_context(**options).new_page()
        watch(page, live_site.url)
        return Reader(page, live_site.url)

    tonight = timezone.now()
    nadia = reader(viewport=PHONE)
    code = asks_with_the_keyboard(nadia, committee)
    request = SupportRequest.objects.get(person__awaited__isnull=False)
    follows_by_its_code(nadia, code)

    clock.move_to(morning(tonight))
    run_jobs()
    claire = reader()
    claire.sign_in_as_staff(committee.coordinator)
    calls_and_records_the_agreement(claire, request)
    proposal = proposes_the_best(claire, request)
    run_jobs()

    helene = reader(viewport=PHONE)
    helene.sign_in_by_code("helene.dubreuil@courrier.example")
    pair = accepts(helene, proposal)
    clock.move_to(morning(tonight) + timedelta(hours=3))
    nadia.opens_her_space(NADIA, "01 99 00 61 61")
    request.person.refresh_from_db()
    sign_in(helene.page, committee.peer_person)
    agrees_to_be_asked(nadia)
    they_write(nadia, helene, pair)
    they_show_their_first_names(nadia, helene, pair)
    writes_without_javascript(reader(viewport=PHONE, java_script_enabled=False), nadia, pair)

    clock.move_to(morning(tonight, 3))
    sign_in(helene.page, committee.peer_person)
    logs_a_hard_call_in_three_taps(helene, pair)
    solene = reader()
    psychologist_has_it(solene, committee, sign_in)

    clock.move_to(morning(tonight, 11))
    sign_in(claire.page, committee.coordinator)
    makes_the_points(claire, clock, sign_in, committee, pair)
    closes(claire, pair)
    sign_in(nadia.page, request.person)
    answers_three_questions(nadia, pair)

    sign_in(claire.page, committee.coordinator)
    reads_the_figure(claire)
    check_letters_say_nothing()
    for one in (nadia, claire, helene, solene):
        one.page.watch.check()  # type: ignore[attr-defined]


def asks_with_the_keyboard(nadia: Reader, committee: Side) -> str:
    """Four questions at ten past ten, without a finger on the screen. Returns the follow-up code."""
    programme = committee["programme"]
    nadia.open("home")
    assert nadia.link_to("ask").count()
    nadia.open("ask")
    nadia.is_at("ask_who", programme.pk)
    nadia.says("01 99 00 12 34".replace(" ", "\u00a0"))
    nadia.shoot("1-who")
    nadia.choose_with_keys("role", "patient")
    nadia.choose_with_keys("age_group", "adult")
    nadia.press_with_keys()
    nadia.is_at("ask_story", programme.pk)
    nadia.type_into("condition", "Sclérose en plaques")
    nadia.tick_with_keys("matters", "travail")
    nadia.choose_with_keys("stage", "living_with")
    nadia.type_into("own_words", WORDS)
    nadia.shoot("1-story")
    nadia.press_with_keys()
    nadia.is_at("ask_wishes", programme.pk)
    nadia.page.go_back()  # she looks back: nothing is lost
    expect(nadia.page.locator('[name="own_words"]')).to_have_value(WORDS)
    nadia.press_with_keys()
    nadia.tick_with_keys("channels", "phone")
    nadia.tick_with_keys("channels", "writing")
    nadia.press_with_keys()
    nadia.is_at("ask_contact", programme.pk)
    nadia.press_with_keys()  # too early: told what is missing, in words
    expect(nadia.page.locator("main .errors, main [role=alert]").first).to_be_visible()
    nadia.type_into("given_name", "Nadia")
    nadia.type_into("phone", "01 99 00 61 61")
    nadia.tick_with_keys("call_parts", "morning")
    nadia.type_into("email", NADIA)
    nadia.tick_with_keys("agrees_contact")
    nadia.tick_with_keys("agrees_keeping")
    nadia.press_with_keys()
    nadia.is_at("ask_review", programme.pk)
    nadia.says("Nadia", WORDS)
    assert not SupportRequest.objects.filter(person__awaited__isnull=False).exists()
    nadia.press_with_keys("main form button:not([type=button])")
    nadia.is_at("ask_done")
    nadia.says("Claire", "3114")
    nadia.shoot("1-received")
    page_checks(nadia.page, tab=False)
    code = nadia.page.locator(".receipt").inner_text()
    assert re.fullmatch(r"(\d{4}\s?){4}", code)
    return code


def follows_by_its_code(nadia: Reader, code: str) -> None:
    nadia.open("ask_follow")
    nadia.fill(code=code)
    nadia.send()
    nadia.says("01 99 00 12 34".replace(" ", "\u00a0"))


def calls_and_records_the_agreement(claire: Reader, request: SupportRequest) -> None:
    """At nine she stands first among those to call; Claire calls, and writes down the agreement."""
    claire.shoot("2-today")
    expect(claire.page.locator("main .badge-alert")).to_have_count(0)  # the call is due by tomorrow: nothing is late
    first = claire.page.locator('main li a[href^="/demandes/"]').first
    assert first.get_attribute("href") == reverse("request_detail", args=[request.pk])
    first.click()
    claire.is_at("request_detail", request.pk)
    claire.says("Nadia", WORDS)
    claire.send(outcome="reached")
    claire.follow("request_open", request.pk)
    claire.tick(channel="oral")
    claire.shoot("2-agreement")
    claire.send()
    request.refresh_from_db()
    assert request.state == "open" and request.consent is not None


def proposes_the_best(claire: Reader, request: SupportRequest) -> Proposal:
    """Three peers side by side, each with reasons in words; Hélène stands first."""
    claire.open("board_request", request.pk)
    columns = claire.page.locator("article.peer")
    expect(columns).to_have_count(3)
    for number in range(3):
        reasons = columns.nth(number).locator("dd").all_inner_texts()
        assert len(reasons) >= 3 and all(len(reason.strip()) > 8 for reason in reasons), reasons
        assert not re.search(r"\d+\s*(%|/|points?)", " ".join(reasons)), "no score is ever shown"
    claire.shoot("2-three-peers")
    page_checks(claire.page, tab=False)
    chosen = columns.filter(has_text="Hélène")
    if chosen.locator("form").count():
        chosen.locator("form button").click()
    else:
        chosen.locator("a.btn").first.click()
        claire.tick(choice_reason="story")
        claire.send()
    claire.page.wait_for_load_state()
    proposal: Proposal = Proposal.objects.get(request=request)
    assert proposal.state == "asked"
    return proposal


def accepts(helene: Reader, proposal: Proposal) -> Pair:
    """She reads what it is about, never who; once she has said yes, the two meet under pseudonyms."""
    helene.open("proposal_detail", proposal.pk)
    helene.says("Sclérose en plaques")
    said = helene.page.content()
    assert "Nadia" not in said and "61 61" not in said and NADIA not in said
    helene.shoot("3-proposal")
    page_checks(helene.page, tab=False)
    helene.send(answer="yes")
    pair: Pair = Pair.objects.get(proposal=proposal)
    helene.is_at("exchange", pair.pk)
    expect(helene.page.locator("h1")).to_contain_text(pair.beneficiary.pseudonym)
    said = helene.page.content()
    assert "61 61" not in said and NADIA not in said and "Nadia" not in said and "Benali" not in said
    return pair


def agrees_to_be_asked(nadia: Reader) -> None:
    nadia.open("consent_give", "evaluation")
    nadia.send()
    nadia.is_at("consent_list")


def they_write(nadia: Reader, helene: Reader, pair: Pair) -> None:
    """What one writes shows on the other's screen by itself: the page was not loaded again."""
    helene.open("exchange", pair.pk)
    helene.page.evaluate("window.wasHereBefore = true")
    nadia.open("today")
    nadia.follow("exchange", pair.pk)
    nadia.is_at("exchange", pair.pk)
    nadia.type_into("body", "Bonjour. Je ne sais pas par où commencer.")
    nadia.tab_to("main .composer form button:not([type=button])")
    nadia.page.keyboard.press("Enter")
    expect(nadia.page.locator(".bubble")).to_have_count(1)
    expect(helene.page.locator(".bubble")).to_have_count(1)
    helene.says("par où commencer")
    assert helene.page.evaluate("window.wasHereBefore") is True
    helene.page.locator('[name="body"]').fill("On commence par où vous voulez.")
    helene.send(".composer form")
    nadia.says("On commence par où vous voulez.")
    nadia.shoot("4-exchange")
    page_checks(nadia.page)


def they_show_their_first_names(nadia: Reader, helene: Reader, pair: Pair) -> None:
    """Each ticks it; nothing shows before the second has."""
    for reader, other, is_shown in ((nadia, "Hélène", False), (helene, "Nadia", True)):
        reader.open("thread_settings", pair.thread_id)
        reader.page.locator('[name="shows_first_name"]').check()
        reader.send("main form:has([name=shows_first_name])")
        reader.open("exchange", pair.pk)
        heading = expect(reader.page.locator("h1"))
        heading.to_contain_text(other) if is_shown else heading.not_to_contain_text(other)
    nadia.open("exchange", pair.pk)
    expect(nadia.page.locator("h1")).to_contain_text("Hélène")


def writes_without_javascript(plain: Reader, nadia: Reader, pair: Pair) -> None:
    """The same session in a browser without JavaScript; and the warning before a phone number."""
    plain.page.context.add_cookies(nadia.page.context.cookies())  # type: ignore[arg-type]
    plain.open("exchange", pair.pk)
    plain.fill(body="Appelez-moi au 01 99 00 44 55")
    plain.send(".composer form")
    plain.says("Un numéro de téléphone")
    assert Message.objects.filter(thread=pair.thread).count() == 2
    plain.open("exchange", pair.pk)
    plain.fill(body="Plutôt le matin, si cela vous va.")
    plain.send(".composer form")
    plain.says("Plutôt le matin")
    assert Message.objects.filter(thread=pair.thread).count() == 3


def logs_a_hard_call_in_three_taps(helene: Reader, pair: Pair) -> None:
    """Open, the face, send. Then « j'ai besoin de parler »."""
    helene.open("today")
    helene.follow("contact_add", pair.pk)
    helene.page.locator('label.face:has([name="feeling"][value="hard"])').click()
    helene.shoot("5-contact")
    helene.send()
    helene.is_at("contact_done", pair.pk)
    helene.follow("talk_ask")
    helene.send("main form:has([name=words])")
    expect(helene.page.locator("main .alert").first).to_be_visible()
    pair.refresh_from_db()
    assert pair.state == "ongoing" and pair.contacts.count() == 1


def psychologist_has_it(solene: Reader, committee: Side, sign_in: Callable[..., None]) -> None:
    """The same hour: a letter that says nothing, and Hélène first on her screen."""
    run_jobs()
    told = letters("solene.kerboul@courrier.example")
    assert told, "a letter tells the psychologist to come and see"
    sign_in(solene.page, committee.psychologist)
    solene.open("today")
    solene.says("Hélène")
    solene.page.locator('main a[href^="/besoin-de-parler/"]').first.click()
    solene.says("Hélène")


def makes_the_points(claire: Reader, clock: Any, sign_in: Callable[..., None], committee: Side, pair: Pair) -> None:
    """At seven days and at one month: Claire notes how it goes, from her first screen."""
    for kind in ("after_first", "one_month"):
        point = FollowUp.objects.get(pair=pair, kind=kind)
        clock.move_to(nine_of(point))
        run_jobs()
        sign_in(claire.page, committee.coordinator)
        claire.open("today")
        claire.page.locator(f'main a[href*="{pair.pk}"], main a[href*="{point.pk}"]').first.click()
        if claire.link_to("follow_up_record", point.pk).count():
            claire.follow("follow_up_record", point.pk)
        claire.tick(outcome="goes_well")
        claire.send()
        claire.is_at("pair_detail", pair.pk)
        point.refresh_from_db()
        assert point.done_at is not None


def nine_of(point: FollowUp) -> datetime:
    """The morning of the day a point is due, or now if that day has passed."""
    due = timezone.make_aware(datetime.combine(point.due_on, time(9, 5)))
    return max(due, timezone.now() + timedelta(minutes=1))


def closes(claire: Reader, pair: Pair) -> None:
    claire.open("pair_detail", pair.pk)
    claire.follow("pair_close", pair.pk)
    claire.tick(closing="need_met")
    claire.send()
    claire.is_at("pair_detail", pair.pk)
    run_jobs()


def answers_three_questions(nadia: Reader, pair: Pair) -> None:
    question = Evaluation.objects.get(pair=pair, side="beneficiary")
    nadia.open("today")
    nadia.follow("evaluation_answer", question.pk)
    nadia.tick(first="5", second="4", third="5")
    nadia.send()
    question.refresh_from_db()
    assert (question.first, question.second, question.third) == (5, 4, 5)


def reads_the_figure(claire: Reader) -> None:
    """How many days people waited, with the number it rests on."""
    claire.open("figures")
    claire.says("n = ")
    claire.shoot("6-figures")
    assert re.search(r"n\s*=\s*7\b", claire.page.locator("main").inner_text()), "the six before, and Nadia"
