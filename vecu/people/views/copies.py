"""A copy of everything held about me: asked for, made, taken, erased."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show
from vecu.people import actions
from vecu.people.models import DataCopy
from vecu.people.policy import Can
from vecu.people.views.own import own_person
from vecu.people.views.proofs import ask_proof, is_proved


@gate(Can.SEE_OWN_DATA)
def data_export(request: Any) -> HttpResponse:
    """Where the copy stands; asking for one needs a fresh proof, as taking it does."""
    copy = visible(DataCopy, request.actor).filter(expires_at__gt=timezone.now()).first()
    if request.method != "POST":
        return show(request, "people/data_export.html", "people/_copy.html", copy=copy, is_proved=is_proved(request))
    if not is_proved(request):
        return ask_proof(request, "data_export")
    actions.ask_copy(own_person(request), actor=request.actor, language=(get_language() or "fr")[:2])
    messages.success(request, _("Your copy is being made. You may leave this page."))
    return redirect(request, "data_export")


@gate(Can.SEE_OWN_DATA)
@require_POST
def data_export_take(request: Any) -> HttpResponse | StreamingHttpResponse:
    """The file, piece after piece."""
    copy = get_visible(DataCopy, request.actor)
    if not is_proved(request):
        return ask_proof(request, "data_export")
    response = StreamingHttpResponse(actions.take_copy(copy, actor=request.actor), content_type="application/zip")
    name = f"vecu-mes-donnees-{timezone.localdate(copy.ready_at).isoformat()}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(copy.size)
    return response


@gate(Can.SEE_OWN_DATA)
@require_POST
def data_export_drop(request: Any) -> HttpResponse:
    """I have it, or I no longer want it."""
    actions.drop_copy(get_visible(DataCopy, request.actor), actor=request.actor)
    messages.success(request, _("The copy is erased here."))
    return redirect(request, "own_data")
