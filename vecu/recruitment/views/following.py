"""Following an application with its code or its link: where it stands, an hour to choose, the answer. No account."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import public, visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.people.actor import system
from vecu.recruitment import summary
from vecu.recruitment.actions import applications, decisions, interviews, notices
from vecu.recruitment.enums import ApplicationState
from vecu.recruitment.forms.applying import CodeForm
from vecu.recruitment.models import Application, ApplicationLetter, InterviewSlot

FOLLOWED_KEY, SENT_KEY = "apply_followed", "apply_sent"
FOLLOWED_SECONDS, SHOWN_SECONDS = 1800, 1800
MOST_SHOWN = 40


def by_whoever_follows(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A button about one's application: needs its code or its link, opened here a moment ago."""

    @wraps(view)
    def asked(request: HttpRequest, **kept: UUID) -> HttpResponse:
        found = followed(request)
        return _ask_again(request) if found is None else view(request, found, **kept)

    return asked


@public
def application_enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: exchanged at once for this browser's session, so that it does not stay in the address.
    Public: the link is the key, too long to be guessed; looking at it changes nothing."""
    found = applications.find_by_link(token)
    if found is None:
        return show_form(request, "recruitment/application_follow.html", CodeForm(), is_unknown=True)
    open_here(request, found)
    return redirect(request, "application_follow")


@public
def application_follow(request: HttpRequest) -> HttpResponse:
    """Where it stands, in words. Public: needs the code, wrong ones are counted and slowed down."""
    found = followed(request)
    if found is not None and request.method != "POST":
        return _show_state(request, found)
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "recruitment/application_follow.html", form)
    try:
        found = applications.find_by_receipt(form.cleaned_data["code"], network=request.META["REMOTE_ADDR"])
    except Refused as refusal:
        form.add_error("code", ValidationError(refusal.sentence, code=refusal.code))
        return show(request, "recruitment/application_follow.html", form=form)
    if found is None:
        form.add_error("code", _("No application has this code. Check the sixteen digits, or call us."))
        return show(request, "recruitment/application_follow.html", form=form)
    open_here(request, found)
    return redirect(request, "application_follow")


def _show_state(request: HttpRequest, found: Application) -> HttpResponse:
    now, own = timezone.now(), system(found.organisation_id)
    slots = visible(InterviewSlot, own).filter(organisation_id=found.organisation_id).select_related("host")
    letters = visible(ApplicationLetter, own).filter(application=found)
    is_to_meet = found.state == ApplicationState.TO_MEET
    words = found.own_words if isinstance(found.own_words, dict) else {}
    return show(
        request,
        "recruitment/application_follow.html",
        application=found,
        recruitment=found.organisation.recruitment,
        now=now,
        held=slots.booked(found.pk).first() if is_to_meet else None,
        free=list(slots.free(now).order_by("starts_at")[:MOST_SHOWN]) if is_to_meet else [],
        letters=list(letters[:5]),
        is_late=found.state in ApplicationState.standing() and found.answer_by is not None and found.answer_by < now,
        has_space=found.state == ApplicationState.ACCEPTED and notices.may_write(found),
        is_over=found.state in ApplicationState.ended(),
        lines=[*summary.lines_of(found.answers or {}, found.profile), *summary.own_lines(words)],
    )


@public
@require_POST
@by_whoever_follows
def interview_book(request: HttpRequest, found: Application, pk: UUID) -> HttpResponse:
    """Take an hour, or move to it. Public: needs the code or the link opened a moment ago."""
    slot = (
        visible(InterviewSlot, system(found.organisation_id))
        .filter(organisation_id=found.organisation_id, pk=pk)
        .first()
    )
    if slot is None:
        raise Http404("slot")
    interviews.book(found, slot, actor=applications.holder(found))
    messages.success(request, _("It is noted: we meet at that hour. You may still change it."))
    return redirect(request, "application_follow")


@public
@require_POST
@by_whoever_follows
def interview_give_back(request: HttpRequest, found: Application) -> HttpResponse:
    """Give the hour back. Public: needs the code or the link opened a moment ago."""
    interviews.give_back(found, actor=applications.holder(found))
    messages.success(request, _("Your hour is given back. Choose another one when you like."))
    return redirect(request, "application_follow")


@public
@require_POST
@by_whoever_follows
def letter_confirm(request: HttpRequest, found: Application, pk: UUID) -> HttpResponse:
    """Say that one has read the answer. Public: needs the code or the link opened a moment ago."""
    letter = visible(ApplicationLetter, system(found.organisation_id)).filter(application=found, pk=pk).first()
    if letter is None:
        raise Http404("letter")
    decisions.read_letter(letter, actor=applications.holder(found))
    messages.success(request, _("Thank you: those who wrote to you know that you have read it."))
    return redirect(request, "application_follow")


@public
@require_POST
@by_whoever_follows
def application_withdraw(request: HttpRequest, found: Application) -> HttpResponse:
    """Stop, in one step and without a reason. Public: needs the code or the link opened a moment ago."""
    applications.withdraw_application(found, actor=applications.holder(found))
    messages.success(request, _("It is done: your application has ended. Thank you for having thought of it."))
    return redirect(request, "application_follow")


@public
@require_POST
@by_whoever_follows
def application_erase(request: HttpRequest, found: Application) -> HttpResponse:
    """Erase at once what has ended. Public: needs the code or the link opened a moment ago."""
    applications.erase_application(found, actor=applications.holder(found))
    _forget(request)
    messages.success(request, _("Everything you told us in this application is erased."))
    return redirect(request, "home")


@public
@require_POST
def application_leave(request: HttpRequest) -> HttpResponse:
    """Forget the code in this browser: for a computer that others use. Public: it only forgets."""
    _forget(request)
    return redirect(request, "home")


def open_here(request: HttpRequest, found: Application) -> None:
    """This browser may speak for this application, for half an hour."""
    request.session[FOLLOWED_KEY] = {"application": str(found.pk), "at": int(time.time())}


def followed(request: HttpRequest) -> Application | None:
    """The application whose code or link was opened here less than half an hour ago."""
    kept = request.session.get(FOLLOWED_KEY)
    if not kept or time.time() - kept["at"] > FOLLOWED_SECONDS:
        return None
    return applications.followed(kept["application"])


def _forget(request: HttpRequest) -> None:
    for key in (FOLLOWED_KEY, SENT_KEY):
        request.session.pop(key, None)


def _ask_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Type your code again: the page stayed open for too long."))
    return redirect(request, "application_follow")
