"""Agreements: the person's own ledger, and the texts of an organisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.people import actions
from vecu.people.enums import UNDERTAKINGS, ConsentPurpose
from vecu.people.forms import ConsentTextForm
from vecu.people.models import Consent, ConsentText, Organisation
from vecu.people.policy import Can
from vecu.people.views.own import own_person

AGREED = frozenset(ConsentPurpose) - UNDERTAKINGS


@gate(Can.GIVE_CONSENT)
def consent_list(request: Any) -> HttpResponse:
    """Every agreement given, standing or withdrawn, newest first."""
    consents = (
        visible(Consent, request.actor)
        .filter(person_id=request.actor.person_id)
        .select_related("text", "organisation")
        .order_by("withdrawn_at", "-given_at")
    )
    standing = [consent for consent in consents if consent.withdrawn_at is None]
    ended = [consent for consent in consents if consent.withdrawn_at is not None]
    return show(request, "people/consent_list.html", standing=standing, ended=ended)


def own_consent(request: Any, pk: Any) -> Consent:
    return get_visible(Consent, request.actor, pk=pk, person_id=request.actor.person_id)


@gate(Can.GIVE_CONSENT)
def consent_detail(request: Any, pk: Any) -> HttpResponse:
    """The exact words agreed to, in the language they were read in, with the button to take it back."""
    consent = own_consent(request, pk)
    title, body = consent.text.in_language(consent.language)
    may_give = consent.organisation_id == request.actor.organisation_id and consent.text.purpose in AGREED
    return show(request, "people/consent_detail.html", consent=consent, title=title, body=body, may_give=may_give)


@gate(Can.GIVE_CONSENT)
def consent_withdraw(request: Any, pk: Any) -> HttpResponse:
    """The second click: done."""
    consent = own_consent(request, pk)
    if request.method != "POST":
        return redirect(request, "consent_detail", pk=consent.pk)
    actions.withdraw_consent(consent, actor=request.actor)
    messages.success(request, _("Your agreement is withdrawn. It is as easy to give it again."))
    return redirect(request, "consent_list")


@gate(Can.GIVE_CONSENT)
def consent_give(request: Any, purpose: str) -> HttpResponse:
    """Read the words in force and agree, or not. A charter is signed elsewhere, by patient partners only."""
    if purpose not in AGREED or request.actor.organisation_id is None:
        raise Http404
    organisation = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    text = actions.current_text(ConsentPurpose(purpose), organisation)
    if request.method == "POST":
        language = (get_language() or "fr")[:2]
        person = own_person(request)
        actions.give_consent(
            person, ConsentPurpose(purpose), actor=request.actor, organisation=organisation, language=language
        )
        messages.success(request, _("Your agreement is noted."))
        return redirect(request, "consent_list")
    return show(request, "people/consent_give.html", text=text, organisation=organisation)


@gate(Can.MANAGE_ORGANISATION)
def consent_text_list(request: Any) -> HttpResponse:
    """The words in force here, purpose by purpose."""
    organisation = get_visible(Organisation, request.actor, Can.MANAGE_ORGANISATION, pk=request.actor.organisation_id)
    texts = [(purpose, actions.current_text(purpose, organisation)) for purpose in ConsentPurpose]
    return show(request, "people/consent_text_list.html", texts=texts, organisation=organisation)


@gate(Can.MANAGE_ORGANISATION)
def consent_text_edit(request: Any, purpose: str) -> HttpResponse:
    """New words for a purpose: a new version; those who agreed before keep the words they read."""
    if purpose not in ConsentPurpose.values:
        raise Http404
    organisation = get_visible(Organisation, request.actor, Can.MANAGE_ORGANISATION, pk=request.actor.organisation_id)
    text: ConsentText = actions.current_text(ConsentPurpose(purpose), organisation)
    form = ConsentTextForm(request.POST or None, initial=ConsentTextForm.initial_of(text))
    if request.method == "POST" and form.is_valid():
        actions.publish_text(organisation, ConsentPurpose(purpose), actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The new words are in force from now on."))
        return redirect(request, "consent_text_list")
    return show_form(request, "people/consent_text_edit.html", form, text=text)
