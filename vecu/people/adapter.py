"""How allauth behaves here. Accounts are opened by invitation or by an action, never by a form open to all.

Nothing is sent within a request: a code or a link becomes a job, and the job decides whether the address has an
account that may receive it. So an unknown address, a shared mailbox and a known address take the same time and
get the same page.
"""

from __future__ import annotations

import io
import secrets
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs
from vecu.core.crypto import blind_index
from vecu.core.errors import Refused
from vecu.people.actions import addresses, mailed_codes, openings, seals, throttles

DEVICE_COOKIE = "device"
LATER_COOKIE = "passkey_later"
DEVICE_SECONDS = 400 * 24 * 3600
DEVICE_ACCOUNTS = 5
MAIL_PLACE = "people.mail"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and this password do not go together. Check both, or ask for a code."
        ),
        "incorrect_code": _("This is not the code. Look at the last message received, or ask for a new code."),
        "too_many_login_attempts": _("There were too many tries. Wait a few minutes, then try again."),
        "rate_limited": _("There were too many tries. Wait a few minutes, then try again."),
        "enter_current_password": _("Type your present password."),
        "incorrect_password": _("This is not your password."),
        "account_inactive": _("This account is closed."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def generate_login_code(self) -> str:
        return mailed_codes.draw_code()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one job whatever the address: `vecu.people.tasks` looks the account up and writes the mail."""
        secret = context.get("code") or context.get("password_reset_url") or "-"
        payload = {
            "kind": "link" if "password_reset_url" in context else "code",
            "to": seals.seal_text(email.lower(), MAIL_PLACE),
            "secret": seals.seal_text(secret, MAIL_PLACE),
        }
        jobs.enqueue("people.mail_sign_in", payload=payload)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A request sent with this address by someone not signed in: was it them? Whoever came in with a code by
        e-mail is offered a passkey, unless they said later."""
        person = getattr(request.user, "person", None)
        if person is not None and openings.waiting_for(request.user, person).exists():
            return reverse("file_join")
        if _last_method(request) == "code" and LATER_COOKIE not in request.COOKIES and not is_mfa_enabled(request.user):
            return reverse("passkey_offer")
        return super().get_login_redirect_url(request)

    def get_login_stages(self) -> list[str]:
        """allauth's own, but ours asks for the second proof."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "vecu.people.adapter.SecondProofStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: Any, *, email: str | None = None, **kwargs: Any) -> Any:
        """A code sent to an address that is no longer this account's opens nothing."""
        if email and email.lower() != user.email:
            clear_login(request)
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **kwargs)

    # -- slowing down guesses (allauth's own count would lock an account for everyone)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            throttles.check_guess(door_of(request, credentials.get("email", "")))
        except Refused as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from refusal

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttles.count_wrong_guess(door_of(request, credentials.get("email", "")))

    def reauthenticate(self, user: Any, password: str) -> bool:
        """The password again, counted like any guess: an open session is no way round the delays."""
        request = allauth_context.request
        self.pre_authenticate(request, email=user.email)
        if user.check_password(password):
            return True
        self.authentication_failed(request, email=user.email)
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Remember the device: a stranger's tries will not slow its owner down. A code read proves the address works."""
        response = super().post_login(request, user, **kwargs)
        if _last_method(request) == "code":
            addresses.note_working_address(user)
        device, marks = _device(request)
        mark = _mark(user.email)
        marks = [mark, *(known for known in marks if known != mark)][:DEVICE_ACCOUNTS]
        response.set_signed_cookie(
            DEVICE_COOKIE,
            ":".join([device or secrets.token_hex(8), *marks]),
            max_age=DEVICE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the code. Wait for the next one and type its six digits."),
    }

    def get_totp_issuer(self) -> str:
        return "Vécu"

    def encrypt(self, text: str) -> str:
        return seals.seal_text(text, seals.PROOF_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return seals.open_text(encrypted_text, seals.PROOF_PLACE)

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=2, dark="#000", light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": allauth_context.request.get_host().partition(":")[0], "name": "Vécu"}


class SecondProofStage(AuthenticateStage):
    """Not asked again of whoever just gave two factors at a provider whose operator here counts them."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        return not any(record.get("second_factor") is True for record in records) and super()._should_handle(request)


def _last_method(request: HttpRequest) -> str:
    """How this session was last proved: a code by e-mail, a password, a passkey…"""
    last = (get_authentication_records(request, request.user) or [{}])[-1]
    return str(last.get("method", ""))


def door_of(request: HttpRequest, address: str) -> throttles.Door:
    """Who knocks at this address, from where, and on a device that opened this account before or not."""
    device, marks = _device(request)
    known = device if _mark(address) in marks else ""
    return throttles.Door(address.lower(), request.META["REMOTE_ADDR"], known)


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    """The device's number and the accounts opened on it, from a signed cookie."""
    try:
        device, *marks = request.get_signed_cookie(DEVICE_COOKIE, max_age=DEVICE_SECONDS).split(":")
    except (KeyError, BadSignature):
        return "", []
    return device, marks


def _mark(address: str) -> str:
    return blind_index(address, "people.device")
