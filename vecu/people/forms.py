"""What people type about themselves, others and places."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context as allauth_context
from django.core.exceptions import ValidationError

from vecu.core.errors import Refused
from vecu.people.actions import throttles
from vecu.people.adapter import door_of


class RequestCodeForm(RequestLoginCodeForm):
    """Ask for a code: counted the same for every address."""

    def clean_email(self) -> str:
        email = self.cleaned_data.get("email") or ""
        try:
            throttles.count_code_asked(door_of(allauth_context.request, email))
            throttles.check_guess(door_of(allauth_context.request, email))
        except Refused as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from refusal
        return str(super().clean_email())


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """Type the code: a wrong one is a wrong guess at that address, whether an account exists or not."""

    def clean_code(self) -> str:
        address = asked_address()
        try:
            throttles.check_guess(door_of(allauth_context.request, address))
        except Refused as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from refusal
        try:
            return str(super().clean_code())
        except ValidationError:
            throttles.count_wrong_guess(door_of(allauth_context.request, address))
            raise


def asked_address() -> str:
    """The address to which this session asked for a code."""
    state: Any = allauth_context.request.session.get("account_login") or {}
    stage = state.get("state", {}).get("stages", {}).get("login_by_code", {})
    return str(stage.get("data", {}).get("email", ""))
