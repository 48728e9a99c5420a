"""What people type about themselves, others and places."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.core import context as allauth_context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core.errors import SHORTEST_REASON, Refused
from vecu.people.actions import found_by_name, knows_file, throttles
from vecu.people.actions.memberships import GIVEN_FROM_ABOVE
from vecu.people.actor import Actor
from vecu.people.adapter import door_of
from vecu.people.context import label_of
from vecu.people.enums import STORED_ROLES, Gender, OrganisationKind, StopReason
from vecu.people.models import ConsentText, Organisation, Person, Site, User


def plain(form: forms.Form) -> None:
    """Our label for the address; no placeholder, which vanishes as one types."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in ("email", "login"):
            field.label = _("E-mail address")


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)

    @property
    def professional_ways(self) -> list[tuple[str, str]]:
        """Name and label of each provider of this instance; none by default."""
        return [(each.name, label_of(each)) for each in settings.OIDC_PROVIDERS.values()]


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)


class RequestCodeForm(RequestLoginCodeForm):
    """Ask for a code: counted the same for every address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("The six digits")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

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


class SetUpAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("The six digits")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SecondProofForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("Code")


class SecondProofAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("Code")


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey: opens the account alone unless the box is unticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this device")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Let it open my account on its own")
        self.fields["passwordless"].help_text = _("Your finger, your face or the device’s code is then asked for.")


DEPARTEMENT = RegexValidator(
    r"(?i)^(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-46])$", _("Write the département’s number: 44, 2A, 974…")
)
FIRST_YEAR = 1900


class ContactForm(forms.Form):
    """Who someone is and how to reach them."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    departement = forms.CharField(
        label=_("Département"), max_length=3, required=False, validators=[DEPARTEMENT], help_text=_("Its number.")
    )
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=FIRST_YEAR)
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=[("", _("Not said")), *Gender.choices])

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {name: getattr(person, name) for name in ContactForm.base_fields}

    def clean_departement(self) -> str:
        return str(self.cleaned_data["departement"]).upper()

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and sum(character.isdigit() for character in phone) < SHORTEST_PHONE:
            raise ValidationError(_("This phone number is too short: check it."))
        return phone

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and year > timezone.localdate().year:
            raise ValidationError(_("This year has not come yet: check it."))
        return year


SHORTEST_PHONE = 6


class AccountForm(forms.Form):
    """How Vécu writes to me."""

    language = forms.ChoiceField(
        label=_("Language of the pages and messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    has_shared_mailbox = forms.BooleanField(
        label=_("Someone else reads my mailbox"),
        required=False,
        help_text=_("Then no code and no notice is ever sent there: you sign in with a passkey or a password."),
    )

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        return {"language": user.language, "has_shared_mailbox": user.has_shared_mailbox}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), min_length=SHORTEST_REASON, max_length=300)


GIVEN_HERE = [(role.value, role.label) for role in STORED_ROLES if role not in GIVEN_FROM_ABOVE]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=GIVEN_HERE)


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The message sent says neither who invites nor to what.")
    )
    is_second_chance = forms.BooleanField(
        label=_("Invite all the same: this person gets another chance"), required=False, widget=forms.HiddenInput
    )
    field_order = ["email", "role", "is_second_chance"]

    def show_second_chance(self) -> None:
        self.fields["is_second_chance"].widget = forms.CheckboxInput()


class AcceptForm(forms.Form):
    """What someone invited says of themselves; nothing for who is known already."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    has_shared_mailbox = forms.BooleanField(
        label=_("Someone else reads my mailbox"),
        required=False,
        help_text=_("Then no code and no notice is ever sent there: you sign in with a passkey or a password."),
    )

    def __init__(self, *args: Any, knows: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if knows:
            self.fields.clear()


class CodeForm(forms.Form):
    """Six digits that came by mail."""

    code = forms.CharField(
        label=_("The six digits"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Type the six digits of the message.")},
    )


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("New address"),
        max_length=254,
        help_text=_("We send six digits there: type them on the next page."),
        error_messages={"required": _("Write the new address in full.")},
    )


class RecoveryForm(forms.Form):
    """A coordinator has met someone who can no longer sign in."""

    reason = forms.CharField(
        label=_("Where and when did you meet them?"),
        min_length=SHORTEST_REASON,
        max_length=300,
        help_text=_("In the flesh or by video, and you were sure it was them. A call is not enough."),
        error_messages={"required": _("Say in a few words where and when you met this person.")},
    )
    email = forms.EmailField(
        label=_("Right address, if it was mistyped"),
        max_length=254,
        required=False,
        help_text=_("Leave it empty if the address is the right one."),
    )


class KnownForm(forms.Form):
    """What only the person knows of their own file, besides reading their mailbox."""

    known = forms.CharField(
        label=_("The phone number you gave us, or your follow-up code"),
        max_length=60,
        help_text=_("So that nobody else opens your space by mistake."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Write the phone number you gave us, or the sixteen digits of your code.")},
    )

    def is_known(self, request: HttpRequest, person: Person) -> bool:
        """Says so under the field when it is not; wrong answers are counted for this file and this network."""
        door = throttles.Door(f"file|{person.pk}", request.META["REMOTE_ADDR"])
        try:
            if knows_file(person, self.cleaned_data["known"], door=door):
                return True
        except Refused as refusal:
            self.add_error("known", ValidationError(refusal.sentence, code=refusal.code))
        else:
            self.add_error("known", _("This is neither the number nor the code of this file. Check it, or call us."))
        return False


class StopForm(forms.Form):
    reason = forms.ChoiceField(label=_("What happened?"), choices=StopReason.choices, widget=forms.RadioSelect)


class NameSearchForm(forms.Form):
    q = forms.CharField(
        label=_("First and last name"), max_length=160, required=False, help_text=_("Exactly as written in the file.")
    )

    def people(self, actor: Actor) -> list[Person]:
        """Every way to cut the words into a first and a last name."""
        words = self.cleaned_data["q"].split()
        cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
        return [person for given, family in cuts for person in found_by_name(actor, given, family)]


class OrganisationEditForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Phone shown to everyone"), max_length=30, required=False)
    email = forms.EmailField(label=_("Address shown to everyone"), required=False)
    peer_label = forms.CharField(label=_("What you call your peers"), max_length=60)
    peer_label_en = forms.CharField(label=_("The same in English"), max_length=60)

    @staticmethod
    def initial_of(organisation: Organisation) -> dict[str, Any]:
        return {name: getattr(organisation, name) for name in OrganisationEditForm.base_fields}


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    parent = forms.ModelChoiceField(label=_("Belongs to"), queryset=None)
    coordinator_email = forms.EmailField(
        label=_("E-mail of its coordinator"),
        help_text=_("They receive an invitation: the organisation is theirs once they accept."),
    )

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents


class SiteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    town = forms.CharField(label=_("Town"), max_length=80)
    departement = forms.CharField(
        label=_("Département"), max_length=3, validators=[DEPARTEMENT], help_text=_("Its number.")
    )
    is_open = forms.BooleanField(
        label=_("Site open"), required=False, initial=True, help_text=_("A closed site is proposed nowhere any more.")
    )

    def clean_departement(self) -> str:
        return str(self.cleaned_data["departement"]).upper()

    @staticmethod
    def initial_of(site: Site) -> dict[str, Any]:
        return {name: getattr(site, name) for name in SiteForm.base_fields}


class ConsentTextForm(forms.Form):
    title_fr = forms.CharField(label=_("Title in French"), max_length=150)
    body_fr = forms.CharField(label=_("Words in French"), widget=forms.Textarea(attrs={"rows": 14}))
    title_en = forms.CharField(label=_("Title in English"), max_length=150)
    body_en = forms.CharField(label=_("Words in English"), widget=forms.Textarea(attrs={"rows": 14}))

    @staticmethod
    def initial_of(text: ConsentText) -> dict[str, Any]:
        return {name: getattr(text, name) for name in ConsentTextForm.base_fields}
