"""Applying to help: six short pages, a last look, a code. Open to everyone, without an account.

Answers live in a sealed draft known to this browser's session, or to whoever holds its code; nothing of them is in an
address, a title or a log. Every page can be left, taken again and sent twice without harm.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import receipts
from vecu.core.access import public, visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.peers.enums import Profile
from vecu.peers.forms.choices import illness_datalist
from vecu.people.actions import seals, throttles
from vecu.people.actor import PUBLIC
from vecu.people.policy import Can
from vecu.recruitment import conditions, summary
from vecu.recruitment.actions import applications, drafts, recruitments
from vecu.recruitment.enums import PROFILE_WORDS
from vecu.recruitment.forms.applying import PAGES, CodeForm
from vecu.recruitment.models import ApplicationDraft, Campaign, Recruitment
from vecu.recruitment.views.campaigns import CAMPAIGN_KEY
from vecu.recruitment.views.following import SENT_KEY, SHOWN_SECONDS, open_here

DRAFT_KEY, CODE_KEY = "apply_draft", "apply_code"
CODE_PLACE = "recruitment.code"


@dataclass(frozen=True)
class Desk:
    """Where someone stands: the team, the role, and what this browser has written so far."""

    recruitment: Recruitment
    profile: str
    draft: ApplicationDraft | None
    campaign: Campaign | None = None

    @property
    def answers(self) -> dict[str, Any]:
        return (self.draft.answers or {}) if self.draft is not None else {}

    def begun(self, step: str) -> dict[str, Any] | None:
        """What was answered at this page; else what the campaign answered looks for, to keep or change."""
        return self.answers.get(step) or (self.campaign.prefill(step) if self.campaign else None)

    def url(self, step: str) -> str:
        return reverse("apply_step", args=[self.recruitment.pk, self.profile, step])


@public
def apply(request: HttpRequest) -> HttpResponse:
    """Which role, and where: what each asks for is said before anything is typed. Public: it shows what is published."""
    found = visible(Recruitment, PUBLIC).select_related("organisation").order_by("organisation__name")
    teams = [
        (
            row,
            [
                (code, Profile(code).label, PROFILE_WORDS[Profile(code)])
                for code in row.profiles
                if code in PROFILE_WORDS
            ],
        )
        for row in found[:50]
    ]
    draft = _draft(request)
    return show(request, "recruitment/apply.html", teams=teams, draft=draft, step=drafts.first_unanswered(draft))


@public
def apply_step(request: HttpRequest, recruitment: UUID, profile: str, step: str) -> HttpResponse:
    """One page of the form. Public: what is typed is sealed, and known to this browser only."""
    desk = _desk(request, recruitment, profile)
    if step not in PAGES:
        raise Http404("step")
    order = list(PAGES)
    missing = drafts.first_unanswered(desk.draft)
    if missing is not None and order.index(missing) < order.index(step):
        return redirect(request, desk.url(missing))
    form = PAGES[step](request.POST or None, initial=desk.begun(step), profile=desk.profile)
    number = order.index(step) + 1
    if form.is_valid() and _may_start(request, desk, form):
        return _keep(request, desk, step, form)
    context = {"desk": desk, "step": step, "number": number, "total": len(order), "illnesses": illness_datalist}
    back = desk.url(order[number - 2]) if number > 1 else reverse("apply")
    return show_form(request, "recruitment/apply_step.html", form, back=back, label=Profile(profile).label, **context)


@public
def apply_review(request: HttpRequest, recruitment: UUID, profile: str) -> HttpResponse:
    """The answers, each with a way to change it, and what to look at together; sending makes one application. Public:
    as the pages before."""
    desk = _desk(request, recruitment, profile)
    missing = drafts.first_unanswered(desk.draft)
    if desk.draft is None and _just_sent(request):
        return redirect(request, "apply_done")
    if missing is not None or desk.draft is None:
        return redirect(request, desk.url(missing or "you"))
    if request.method == "POST":
        return _send(request, desk)
    asked = recruitments.conditions_of(desk.recruitment.organisation, desk.profile)
    words = desk.answers["words"]
    lines = [*summary.lines_of(desk.answers, desk.profile), *summary.own_lines(words)]
    return show(
        request,
        "recruitment/apply_review.html",
        desk=desk,
        lines=[*lines, *summary.reach_lines(desk.answers["contact"])],
        unmet=[condition for condition in asked if not conditions.is_met(condition, desk.answers)],
    )


@public
def apply_done(request: HttpRequest) -> HttpResponse:
    """What happens next and when, and the code; for half an hour, in this browser only. Public: needs to have sent."""
    sent = request.session.get(SENT_KEY) if _just_sent(request) else None
    found = applications.followed(sent["application"]) if sent else None
    if sent is None or found is None:
        return redirect(request, "application_follow")
    code = receipts.spaced(seals.open_text(sent["code"], applications.RECEIPT_PURPOSE))
    return show(
        request, "recruitment/apply_done.html", application=found, code=code, recruitment=found.organisation.recruitment
    )


@public
@require_POST
def apply_pause(request: HttpRequest) -> HttpResponse:
    """Stop here and go on elsewhere: a code is shown once. Public: needs a draft in this browser."""
    draft = _draft(request)
    if draft is None:
        return redirect(request, "apply")
    code = drafts.give_code(draft, actor=PUBLIC)
    request.session[CODE_KEY] = {"code": seals.seal_text(code, CODE_PLACE), "at": int(time.time())}
    return redirect(request, "apply_resume")


@public
def apply_resume(request: HttpRequest) -> HttpResponse:
    """The code just given, or the box to type it. Public: wrong codes are counted and slowed down."""
    given = request.session.get(CODE_KEY)
    is_fresh = given is not None and time.time() - given["at"] < SHOWN_SECONDS
    code = receipts.spaced(seals.open_text(given["code"], CODE_PLACE)) if is_fresh else ""
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "recruitment/apply_resume.html", form, code=code, draft=_draft(request))
    try:
        draft = drafts.resume(form.cleaned_data["code"], network=request.META["REMOTE_ADDR"])
    except Refused as refusal:
        form.add_error("code", ValidationError(refusal.sentence, code=refusal.code))
        return show(request, "recruitment/apply_resume.html", form=form)
    if draft is None:
        form.add_error("code", _("No application being written has this code. Check the sixteen digits, or call us."))
        # Answered 200, so that the wrong try stays counted: a refusal would undo it.
        return show(request, "recruitment/apply_resume.html", form=form)
    request.session[DRAFT_KEY] = str(draft.pk)
    step = drafts.first_unanswered(draft)
    desk = Desk(draft.recruitment, draft.profile, draft)
    return redirect(request, desk.url(step) if step else _review(desk))


@public
@require_POST
def apply_forget(request: HttpRequest) -> HttpResponse:
    """Forget everything typed here. Public: it only forgets."""
    draft = _draft(request)
    if draft is not None:
        drafts.drop_draft(draft, actor=PUBLIC)
    for key in (DRAFT_KEY, CODE_KEY, CAMPAIGN_KEY):
        request.session.pop(key, None)
    messages.success(request, _("Everything you had typed is erased."))
    return redirect(request, "apply")


# -- what the pages share


def _desk(request: HttpRequest, recruitment_id: UUID, profile: str) -> Desk:
    found = visible(Recruitment, PUBLIC).select_related("organisation").filter(pk=recruitment_id).first()
    if found is None or profile not in found.profiles:
        raise Http404("recruitment")
    draft = _draft(request)
    here = draft if draft is not None and draft.recruitment_id == found.pk else None
    return Desk(found, profile, here, _campaign(request, found, profile))


def _campaign(request: HttpRequest, recruitment: Recruitment, profile: str) -> Campaign | None:
    """The campaign this browser came by, while it runs and for this role."""
    key = request.session.get(CAMPAIGN_KEY)
    if key is None:
        return None
    running = visible(Campaign, PUBLIC, Can.APPLY)
    return running.filter(pk=key, organisation=recruitment.organisation_id, profile=profile).first()


def _draft(request: HttpRequest) -> ApplicationDraft | None:
    return drafts.find_draft(request.session.get(DRAFT_KEY))


def _may_start(request: HttpRequest, desk: Desk, form: Any) -> bool:
    """A first answer is counted for the network it comes from; when too much comes, said above what was typed."""
    if desk.draft is not None:
        return True
    try:
        throttles.count_sent(throttles.STARTED, request.META["REMOTE_ADDR"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def _keep(request: HttpRequest, desk: Desk, step: str, form: Any) -> HttpResponse:
    """Keep the answers, and go on: to the next page, or back to the last look."""
    answers = form.answers()
    draft = drafts.save_step(
        desk.draft,
        step,
        answers,
        actor=PUBLIC,
        recruitment=desk.recruitment,
        profile=desk.profile,
        campaign=desk.campaign,
    )
    request.session[DRAFT_KEY] = str(draft.pk)
    missing = drafts.first_unanswered(draft)
    if missing is None and ("revoir" in request.GET or step == drafts.STEPS[-1]):
        return redirect(request, _review(desk))
    order = list(drafts.STEPS)
    following = order[min(order.index(step) + 1, len(order) - 1)]
    return redirect(request, desk.url(missing if missing and order.index(missing) <= order.index(step) else following))


def _send(request: HttpRequest, desk: Desk) -> HttpResponse:
    if desk.draft is None:
        return redirect(request, "apply")
    try:
        sent, code = drafts.send_draft(desk.draft, actor=PUBLIC, language=(get_language() or "fr")[:2])
    except Refused as refusal:
        if refusal.code != "already_sent":
            raise
        messages.info(request, refusal.sentence)
        return redirect(request, "apply_done")
    for key in (DRAFT_KEY, CODE_KEY, CAMPAIGN_KEY):
        request.session.pop(key, None)
    sealed = seals.seal_text(code, applications.RECEIPT_PURPOSE)
    request.session[SENT_KEY] = {"application": str(sent.pk), "code": sealed, "at": int(time.time())}
    open_here(request, sent)
    return redirect(request, "apply_done")


def _just_sent(request: HttpRequest) -> bool:
    sent = request.session.get(SENT_KEY)
    return bool(sent) and time.time() - sent["at"] < SHOWN_SECONDS


def _review(desk: Desk) -> str:
    return reverse("apply_review", args=[desk.recruitment.pk, desk.profile])
