"""Asking for a peer: four questions, a last look, a receipt. Open to everyone, without an account.

Answers live in a sealed draft known to this browser's session only; nothing of them is in an address, a title or
a log. Every step can be left, taken again and sent twice without harm.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import UUIDField
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vecu.accompaniment import summary
from vecu.accompaniment.actions import drafts, programmes, requests
from vecu.accompaniment.enums import AgeGroup, RequestRole
from vecu.accompaniment.forms.asking import ContactForm, GuardianForm, StepForm, StoryForm, WhoForm, WishesForm
from vecu.accompaniment.models import Programme, RequestDraft, SupportRequest
from vecu.accompaniment.views import pristine
from vecu.core import receipts
from vecu.core.access import public, visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.core.prepared import Asked, PreparedRows
from vecu.messaging import help_words
from vecu.peers import territory
from vecu.peers.forms.choices import illness_datalist
from vecu.people.actions import seals, throttles
from vecu.people.actor import PUBLIC, Actor
from vecu.people.policy import Can

DRAFT_KEY, SENT_KEY = "ask_draft", "ask_sent"
RECEIPT_SHOWN_SECONDS = 1800
STEPS = {
    "who": "ask_who",
    "guardian": "ask_minor",
    "story": "ask_story",
    "wishes": "ask_wishes",
    "contact": "ask_contact",
}
PAGES = {
    "who": "accompaniment/ask_who.html",
    "story": "accompaniment/ask_story.html",
    "wishes": "accompaniment/ask_wishes.html",
    "contact": "accompaniment/ask_contact.html",
}


# Read on every page of the wizard: written once.
OPEN = PreparedRows(Programme, lambda: visible(Programme, PUBLIC).filter(pk=Asked("pk", UUIDField())), "organisation")


@dataclass(frozen=True)
class Desk:
    """Where someone stands: the programme, the draft of this browser, and as whom they ask."""

    programme: Programme
    draft: RequestDraft | None
    actor: Actor

    @property
    def answers(self) -> dict[str, Any]:
        return (self.draft.answers or {}) if self.draft is not None else {}

    def kept(self, step: str) -> dict[str, Any]:
        return dict(self.answers.get(step, {}))

    @property
    def recalls_help(self) -> bool:
        """Whether the writer's own words recall the help lines to them, as in an exchange: shown, never noted."""
        return _recalls_help(self.kept("story"))

    @property
    def shown(self) -> dict[str, Any]:
        """What every question shows."""
        return {"programme": self.programme, "recalls_help": self.recalls_help}


@public
def ask(request: HttpRequest) -> HttpResponse:
    """Which programme: asked only when several are open. Public: it shows what is published."""
    found = visible(Programme, PUBLIC).select_related("organisation").prefetch_related("organisation__sites")
    rows = list(found.order_by("organisation__name", "name"))
    if len(rows) == 1:
        whom = "?pour=proche" if request.GET.get("pour") == "proche" else ""
        return redirect(request, reverse("ask_who", args=[rows[0].pk]) + whom)
    here = territory.of_postcode(request.GET.get("departement", ""))
    near = [row for row in rows if here in {site.departement for site in row.organisation.sites.all()}] if here else []
    return show(
        request,
        "accompaniment/ask.html",
        near=near,
        rows=[row for row in rows if row not in near],
        typed=request.GET.get("departement", "")[:40],
        here=territory.name(here) if here else "",
    )


@public
def ask_who(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Question 1: for oneself as a patient or as a relative, and roughly how old."""
    desk = _desk(request, programme)
    prefilled = {"role": RequestRole.RELATIVE} if request.GET.get("pour") == "proche" else {}
    form = WhoForm(request.POST or None, initial=desk.kept("who") or prefilled)
    return _answer(request, desk, "who", form, 1)


@public
def ask_minor(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Under 15: someone who holds parental authority reads this page and agrees, or calls."""
    desk = _desk(request, programme)
    if desk.kept("who").get("age_group") != AgeGroup.CHILD:
        return redirect(request, "ask_who", desk.programme.pk)
    form = GuardianForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "accompaniment/ask_minor.html", form, programme=desk.programme)
    drafts.save_step(desk.draft, "guardian", {"agrees": True}, actor=desk.actor, programme=desk.programme)
    return redirect(request, "ask_story", desk.programme.pk)


@public
def ask_story(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Question 2: what is lived, with the maintained list, the concerns, the moment, own words."""
    desk = _desk(request, programme)
    role = desk.kept("who").get("role", RequestRole.PATIENT)
    form = StoryForm(request.POST or None, initial=desk.kept("story"), role=role)
    return _answer(
        request,
        desk,
        "story",
        form,
        2,
        about=role,
        illnesses=illness_datalist,
        is_relative=role == RequestRole.RELATIVE,
    )


@public
def ask_wishes(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Question 3: how, when, where, with whom, and with whom not. Nothing is compulsory."""
    desk = _desk(request, programme)
    sites = programmes.sites_of(desk.programme)
    age_group = desk.kept("who").get("age_group", "")
    form = WishesForm(request.POST or None, initial=desk.kept("wishes"), sites=sites, age_group=age_group)
    return _answer(request, desk, "wishes", form, 3, about=(tuple(sites), age_group))


@public
def ask_contact(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Question 4: how to reach the person, and their agreement to the exact words in force."""
    desk = _desk(request, programme)
    texts = requests.consent_texts(desk.programme.organisation)
    version = ",".join(str(text.pk) for text in texts)
    kept = ContactForm.from_answers(desk.kept("contact"))
    form = ContactForm(request.POST or None, initial=kept, texts=version)
    promise = SimpleLazyObject(lambda: programmes.promise(desk.programme))
    is_child = desk.kept("who").get("age_group") == AgeGroup.CHILD
    ticks = list(zip((form["agrees_contact"], form["agrees_keeping"]), texts, strict=True))
    about = (version, is_child, promise.is_pairing_open) if request.method == "GET" else ""
    return _answer(request, desk, "contact", form, 4, about=about, ticks=ticks, promise=promise, is_child=is_child)


@public
def ask_review(request: HttpRequest, programme: UUID) -> HttpResponse:
    """The answers, each with a way to change it; sending makes one request, however often it is pressed."""
    desk = _desk(request, programme)
    if desk.draft is None and _sent(request) is not None:
        return _already_sent(request)
    missing = drafts.first_unanswered(desk.draft)
    if missing is not None or desk.draft is None:
        return redirect(request, STEPS[missing or "who"], desk.programme.pk)
    if request.method != "POST":
        lines = summary.of_draft(desk.answers, programmes.sites_of(desk.programme))
        promise = programmes.promise(desk.programme)
        return show(request, "accompaniment/ask_review.html", lines=lines, promise=promise, **desk.shown)
    try:
        sent, code = drafts.send_draft(desk.draft, actor=desk.actor, language=(get_language() or "fr")[:2])
    except Refused as refusal:
        if refusal.code != "already_sent":
            raise
        return _already_sent(request)
    request.session.pop(DRAFT_KEY, None)
    sealed = seals.seal_text(code, requests.RECEIPT_PURPOSE)
    request.session[SENT_KEY] = {"request": str(sent.pk), "code": sealed, "at": int(time.time())}
    return redirect(request, "ask_done")


@public
def ask_done(request: HttpRequest) -> HttpResponse:
    """What happens next and when, who reads, the receipt code; for half an hour, in this browser only."""
    sent = _sent(request)
    found = requests.followed(sent["request"]) if sent else None
    if sent is None or found is None:
        return redirect(request, "ask_follow")
    code = seals.open_text(sent["code"], requests.RECEIPT_PURPOSE)
    return show(
        request,
        "accompaniment/ask_done.html",
        asked=found,
        programme=found.programme,
        code=receipts.spaced(code),
        promise=programmes.promise(found.programme, call_by=found.call_by),
        readers=programmes.readers(found.organisation_id),
        may_open=may_open(found),
    )


def may_send(request: HttpRequest, form: forms.Form, flow: throttles.Flow) -> bool:
    """Counted for the network of whoever has no account; when too much comes from it, said above what was typed."""
    if request.user.is_authenticated:
        return True
    try:
        throttles.count_sent(flow, request.META["REMOTE_ADDR"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def may_open(asked: SupportRequest) -> bool:
    """An address was given, by someone without an account, in a mailbox nobody else reads."""
    awaited = getattr(asked.person, "awaited", None)
    return awaited is not None and not awaited.has_shared_mailbox


# -- what the steps share


def _recalls_help(told: Mapping[str, Any]) -> bool:
    return help_words.are_in(f"{told.get('condition', '')} · {told.get('own_words', '')}")


def _desk(request: HttpRequest, programme_id: UUID) -> Desk:
    programme = OPEN.first(pk=programme_id)
    if programme is None:
        raise Http404("programme")
    who: Actor = request.actor  # type: ignore[attr-defined]
    actor = who if who.is_signed_in and who.may(Can.ASK_FOR_PEER) else PUBLIC
    return Desk(programme, drafts.find_draft(request.session.get(DRAFT_KEY), programme), actor)


def _answer(
    request: HttpRequest, desk: Desk, step: str, form: StepForm, number: int, *, about: Any = "", **context: Any
) -> HttpResponse:
    """Show the question, or keep its answer and go on: to the next one, or back to the last look.

    `about` is whatever changes the page besides the programme, so that a question not answered yet is drawn once.
    """
    if desk.draft is None and number > 1 and _sent(request) is not None:
        return _already_sent(request)
    if request.method != "POST" and _is_too_early(desk, step):
        return redirect(request, STEPS[drafts.first_unanswered(desk.draft) or "who"], desk.programme.pk)
    if not form.is_valid() or (desk.draft is None and not may_send(request, form, throttles.STARTED)):
        back = _address(desk, number - 1) if number > 1 else reverse("home")
        # What was refused was written all the same.
        shown = desk.shown | ({"recalls_help": True} if _recalls_help(request.POST) else {})
        draw = partial(show_form, request, PAGES[step], form, number=number, back=back, **shown, **context)
        if desk.kept(step) or not pristine.may_share(request):
            return draw()
        state = (desk.programme.updated_at, desk.programme.organisation.updated_at, about, desk.recalls_help)
        return pristine.shared(request, state, draw)
    return _keep(request, desk, step, form, number)


def _keep(request: HttpRequest, desk: Desk, step: str, form: StepForm, number: int) -> HttpResponse:
    """Keep the answer, and go on."""
    draft = drafts.save_step(desk.draft, step, form.answers(), actor=desk.actor, programme=desk.programme)
    if request.session.get(DRAFT_KEY) != str(draft.pk):
        request.session[DRAFT_KEY] = str(draft.pk)
    missing = drafts.first_unanswered(draft)
    if missing is None and ("revoir" in request.GET or number == len(drafts.STEPS)):
        return redirect(request, "ask_review", desk.programme.pk)
    if missing is not None and (missing == "guardian" or drafts.STEPS.index(missing) <= number):
        return redirect(request, STEPS[missing], desk.programme.pk)
    return redirect(request, _address(desk, number + 1))


def _is_too_early(desk: Desk, step: str) -> bool:
    """A question before which another one has no answer yet."""
    missing = drafts.first_unanswered(desk.draft)
    order = list(STEPS)
    return missing is not None and order.index(missing) < order.index(step)


def _address(desk: Desk, number: int) -> str:
    return reverse(STEPS[drafts.STEPS[number - 1]], args=[desk.programme.pk])


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """The request this browser has just sent."""
    sent: dict[str, Any] | None = request.session.get(SENT_KEY)
    return sent if sent and time.time() - sent["at"] < RECEIPT_SHOWN_SECONDS else None


def _already_sent(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Your request was already sent: it was recorded once, you have nothing to do again."))
    return redirect(request, "ask_done")
