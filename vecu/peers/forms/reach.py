"""How to reach someone who writes without an account: a first name, and a phone number or an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.peers.forms.inputs import LineField, PhoneField


class ReachForm(forms.Form):
    """One way to be reached is enough; a mailbox others read needs a phone number too."""

    given_name = LineField(
        label=gettext_lazy("Your first name, or your initials"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write a first name or initials: it is how we will call you.")},
    )
    phone = PhoneField(label=gettext_lazy("Your phone"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": gettext_lazy("Write the address in full, for example marie@messagerie.example.")},
    )
    has_shared_mailbox = forms.BooleanField(
        label=gettext_lazy("Someone else reads this mailbox"),
        help_text=gettext_lazy("Then we send nothing there, and we call you instead."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("phone") and not told.get("email") and not {"phone", "email"} & set(self.errors):
            self.add_error(
                "phone", ValidationError(_("Give us a phone number or an e-mail: one is enough."), code="reach")
            )
        if told.get("has_shared_mailbox") and not told.get("phone") and "phone" not in self.errors:
            self.add_error(
                "phone", ValidationError(_("Since others read this mailbox, we need a phone number."), code="shared")
            )
        return told
