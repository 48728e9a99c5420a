"""The public page where a code is checked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from vecu.core.access import public
from vecu.core.http import redirect, show, show_form
from vecu.people.actions import throttles
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
    if attestation is None:
        throttles.count_unknown_code(network)
        return _unlisted(show(request, "training/attestation_check.html", status=404, attestation=None))
    state, tone = context.state_of(attestation)
    told = {"name": str(attestation.name), "state": state, "tone": tone}
    return _unlisted(show(request, "training/attestation_check.html", attestation=attestation, **told))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, and no page one goes to next learns the code."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
