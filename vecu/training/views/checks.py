"""The public page where a code is checked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from vecu.core.access import public, visible
from vecu.core.http import redirect, show, show_form
from vecu.people.actions import throttles
from vecu.people.actor import system
from vecu.people.models import Organisation
from vecu.training import actions, context
from vecu.training.actions.attestations import plain_code, said_code
from vecu.training.forms import CheckForm


@public
def attestation_find(request: HttpRequest) -> HttpResponse:
    """Open to everyone: it only leads to the page of the code that was typed."""
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(request, "attestation_check", said_code(plain_code(form.cleaned_data["code"])) or "-")
    return _unlisted(show_form(request, "training/attestation_find.html", form))


@public
def attestation_check(request: HttpRequest, code: str) -> HttpResponse:
    """Open to everyone: a code that cannot be guessed opens a name, a title, a date and whether it holds; nothing
    else. Whoever tries codes waits longer and longer."""
    network = request.META.get("REMOTE_ADDR", "")
    throttles.check_codes_tried(network)
    attestation = actions.find_by_code(code)
    if attestation is None and (engagement := actions.find_engagement(code)) is not None:
        told = {"engagement": engagement, "name": str(engagement.name)}
        return _unlisted(show(request, "training/attestation_check.html", attestation=engagement, **told))
    if attestation is None:
        throttles.count_unknown_code(network)
        return _unlisted(show(request, "training/attestation_check.html", status=404, attestation=None))
    state, tone = context.state_of(attestation)
    told = {"name": str(attestation.name), "state": state, "tone": tone}
    return _unlisted(show(request, "training/attestation_check.html", attestation=attestation, **told))


@public
def badge_issuer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open to everyone: the public half of the key with which an organisation signs its badges."""
    return _document(actions.issuer_of(_organisation(pk)))


@public
def badge_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open to everyone: one bit for each number, which says what was withdrawn and nothing of anybody."""
    return _document(actions.status_of(_organisation(pk)))


def _organisation(pk: UUID) -> Organisation:
    return get_object_or_404(visible(Organisation, system()), pk=pk)


def _document(told: dict[str, Any] | None) -> HttpResponse:
    if told is None:
        raise Http404
    answer = JsonResponse(told, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return _unlisted(answer)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it. No other site learns the code: addresses are told to our own pages only, which need
    it, for a form sent from a page that hides its address is refused as a stranger's."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
