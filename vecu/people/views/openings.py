"""Opening the account of someone already in a file, and recognising a file as one's own."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show, show_form
from vecu.people import actions
from vecu.people.forms import KnownForm
from vecu.people.models import AwaitedAddress, Invitation, Person
from vecu.people.policy import Can
from vecu.people.views.own import own_person

COOKIE = "invitation"


def account_open(request: Any, invitation: Invitation) -> HttpResponse:
    """The link of someone of a file: it says nothing of the file before its phone number was typed."""
    form = KnownForm(request.POST or None)
    page = "people/account_open.html"
    if not form.is_valid():
        return show_form(request, page, form)
    # Answered 200 when it is wrong, so that the try stays counted: a refusal would undo it.
    if not form.is_known(request, invitation.person):
        return show(request, page, form=form)
    return enter(request, actions.open_offered(invitation, actor=request.actor))


def enter(request: Any, person: Person) -> HttpResponse:
    """Whoever read the mail holds the address: they are signed in, as after a code."""
    if request.user.is_anonymous:
        record_authentication(request, person.user, method="code", email=person.user.email)
        get_adapter(request).login(request, person.user)
    response = redirect(request, "passkey_offer")
    response.delete_cookie(COOKIE, path="/invitation/")
    return response


@gate(Can.SEE_OWN_DATA)
def file_join(request: Any) -> HttpResponse:
    """« Somebody asked with your address without signing in: was it you? » One file at a time, oldest first."""
    person = own_person(request)
    awaited = _waiting(request, person)
    if awaited is None:
        return redirect(request, "today")
    form = KnownForm(request.POST or None)
    page = "people/file_join.html"
    if not form.is_valid():
        return show_form(request, page, form, awaited=awaited)
    if not form.is_known(request, awaited.person):
        return show(request, page, form=form, awaited=awaited)
    actions.join_file(awaited, actor=request.actor)
    messages.success(request, _("Your request is now in your space."))
    return redirect(request, "today")


@gate(Can.SEE_OWN_DATA)
@require_POST
def file_disown(request: Any) -> HttpResponse:
    """« It was not me »: said once, without a reason."""
    awaited = _waiting(request, own_person(request))
    if awaited is None:
        raise Http404
    actions.disown_file(awaited, actor=request.actor)
    messages.success(request, _("Noted: this request is not yours, and your address is no longer linked to it."))
    return redirect(request, "today")


@gate(Can.EDIT_PEOPLE)
@require_POST
def account_offer(request: Any, pk: Any) -> HttpResponse:
    """A coordinator sends the link that opens someone's account, asked for on the phone."""
    person = get_visible(Person, request.actor, Can.EDIT_PEOPLE, pk=pk)
    actions.offer_account(person, actor=request.actor)
    messages.success(request, _("The link is on its way. It is valid for seven days."))
    return redirect(request, "member_detail", pk=person.pk)


def _waiting(request: Any, person: Person) -> AwaitedAddress | None:
    found: AwaitedAddress | None = actions.waiting_for(request.user, person).select_related("person").last()
    return found
