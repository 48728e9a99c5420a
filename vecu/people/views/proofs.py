"""Showing once more who one is before what matters, and changing the address with which one signs in.

A proof is fresh for ten minutes: the second proof for those who have one, else the password, else six digits by mail.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vecu.core.access import gate
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.people import actions
from vecu.people.actions import mailed_codes
from vecu.people.adapter import door_of
from vecu.people.forms import AddressForm, CodeForm
from vecu.people.middleware import DEMO_KEY
from vecu.people.policy import Can
from vecu.people.views.own import own_person
from vecu.people.views.signin import safe_next

FRESH_SECONDS = 600
PROOF_KEY, CHANGE_KEY = "proof_code", "address_code"


def is_proved(request: Any) -> bool:
    """Proved less than ten minutes ago, with the best proof this account has. The demo has nothing to protect."""
    if settings.DEMO and request.session.get(DEMO_KEY):
        return True
    wanted = {"mfa"} if is_mfa_enabled(request.user) else {"mfa", "password", "code", "openid"}
    records = get_authentication_records(request, request.user)
    return any(one.get("method") in wanted and time.time() - one.get("at", 0) < FRESH_SECONDS for one in records)


def ask_proof(request: Any, back_to: str) -> HttpResponse:
    """To the page where this account proves itself again, and back."""
    if is_mfa_enabled(request.user):
        name = "mfa_reauthenticate"
    else:
        name = "account_reauthenticate" if request.user.has_usable_password() else "proof_by_mail"
    return redirect(request, f"{reverse(name)}?{urlencode({'next': reverse(back_to)})}")


@gate(Can.SEE_OWN_DATA)
def proof_by_mail(request: Any) -> HttpResponse:
    """For those who have neither a second proof nor a password: six digits, as when signing in."""
    onward = safe_next(request)
    kept, address = request.session.get(PROOF_KEY), request.user.email
    is_sent = mailed_codes.address_of(kept, mailed_codes.PROOF) == address
    form = CodeForm(request.POST if is_sent and "code" in request.POST else None)
    context = {"onward": onward, "is_sent": is_sent, "is_shared": request.user.has_shared_mailbox}
    if request.method == "POST" and "code" not in request.POST:
        request.session[PROOF_KEY] = send(request, address, mailed_codes.PROOF)
        return redirect(request, request.get_full_path())
    if not form.is_valid():
        return show_form(request, "people/proof_by_mail.html", form, **context)
    if not matches(request, PROOF_KEY, form, mailed_codes.PROOF):
        return show(request, "people/proof_by_mail.html", form=form, **context)
    record_authentication(request, request.user, method="code", email=address, reauthenticated=True)
    return redirect(request, onward)


@gate(Can.SEE_OWN_DATA)
def own_address(request: Any) -> HttpResponse:
    """The address with which I sign in: a code is sent to the new one, which says nothing of whoever has it."""
    if not is_proved(request):
        return ask_proof(request, "own_address")
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "people/own_address.html", form)
    try:
        request.session[CHANGE_KEY] = send(request, form.cleaned_data["email"], mailed_codes.CHANGE)
    except Refused as refusal:
        form.add_error("email", ValidationError(refusal.sentence, code=refusal.code))
        return show_form(request, "people/own_address.html", form)
    return redirect(request, "own_address_confirm")


@gate(Can.SEE_OWN_DATA)
def own_address_confirm(request: Any) -> HttpResponse:
    """The code read at the new address: from now on it is the one."""
    address = mailed_codes.address_of(request.session.get(CHANGE_KEY), mailed_codes.CHANGE)
    if not address:
        messages.info(request, _("This code no longer works. Ask for a new one."))
        return redirect(request, "own_address")
    form = CodeForm(request.POST or None)
    page = "people/own_address_confirm.html"
    if not form.is_valid():
        return show_form(request, page, form, address=address)
    if not matches(request, CHANGE_KEY, form, mailed_codes.CHANGE):
        return show(request, page, form=form, address=address)
    actions.change_address(own_person(request), address, actor=request.actor)
    messages.success(request, _("From now on you sign in with this address."))
    return redirect(request, "own_data")


def send(request: Any, address: str, purpose: mailed_codes.Purpose) -> dict[str, Any]:
    language = (get_language() or "fr")[:2]
    return mailed_codes.send_code(address, purpose, door=door_of(request, address), language=language)


def matches(request: Any, key: str, form: CodeForm, purpose: mailed_codes.Purpose) -> bool:
    """Whether the code typed is the one sent; the try is counted in the session, and a good code serves once."""
    kept = request.session[key]
    is_right = mailed_codes.opens(kept, form.cleaned_data["code"], purpose)
    request.session[key] = None if is_right else kept
    if not is_right:
        form.add_error("code", _("This is not the code. Look at the last message received, or ask for a new code."))
    return is_right
