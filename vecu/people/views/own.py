"""« Mes données »: what is held about me, who read it, a copy of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people import actions, context
from vecu.people.forms import AccountForm, ContactForm
from vecu.people.models import Consent, DataCopy, ErasureRequest, Membership, Person, Recovery
from vecu.people.policy import Can

LAST_READINGS = 5


def own_person(request: Any) -> Person:
    return get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)


@gate(Can.SEE_OWN_DATA)
def own_data(request: Any) -> HttpResponse:
    """Everything about me on one page: who I am here, my agreements, who read what, copy and erasure."""
    person = own_person(request)
    return show(
        request,
        "people/own_data.html",
        person=person,
        identity=actions.read_identity(person, actor=request.actor, reason=""),
        memberships=visible(Membership, request.actor, Can.SEE_OWN_DATA)
        .filter(person=person)
        .current()
        .select_related("organisation"),
        consents=visible(Consent, request.actor).filter(person=person).standing().select_related("text"),
        readings=context.explain(journal.for_subject(person.pk)[:LAST_READINGS]),
        erasure=visible(ErasureRequest, request.actor).pending().first(),
        copy=visible(DataCopy, request.actor).first(),
        recovery=visible(Recovery, request.actor, Can.SEE_OWN_DATA).under_way().filter(person=person).first(),
        awaited=actions.waiting_for(request.user, person).exists(),
        outside=context.outside_lines(request.actor),
    )


@gate(Can.SEE_OWN_DATA)
def own_contact(request: Any) -> HttpResponse:
    """Correct my name and how to reach me."""
    person = own_person(request)
    form = ContactForm(request.POST or None, initial=ContactForm.initial_of(person))
    if request.method == "POST" and form.is_valid():
        actions.change_identity(person, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Your details are up to date."))
        return redirect(request, "own_data")
    return show_form(request, "people/own_contact.html", form, person=person)


@gate(Can.SEE_OWN_DATA)
def own_account(request: Any) -> HttpResponse:
    """Shared mailbox and language of the pages."""
    person = own_person(request)
    form = AccountForm(request.POST or None, initial=AccountForm.initial_of(request.user))
    if request.method == "POST" and form.is_valid():
        user = actions.set_account(person, actor=request.actor, **form.cleaned_data)
        translation.activate(user.language)
        messages.success(request, _("Your choices are kept."))
        response = redirect(request, "own_data")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", httponly=True, secure=request.is_secure()
        )
        return response
    return show_form(request, "people/own_account.html", form, has_other_way=request.user.has_usable_password())


@gate(Can.SEE_OWN_DATA)
def reading_list(request: Any) -> HttpResponse:
    """Who opened my information: role, date, what; the name of the reader on request to the data officer."""
    page = page_of(journal.for_subject(request.actor.person_id), request)
    return show(request, "people/reading_list.html", entries=page, readings=context.explain(page.object_list))
