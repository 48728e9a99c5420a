"""Shapes of what is typed about hours and expenses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.core.errors import Refused
from vecu.core.images import MAX_BYTES
from vecu.recognition import money
from vecu.recognition.accounts import known_years
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import Status, Vehicle
from vecu.recognition.models import Activity, Claim

PHOTOS = {"accept": "image/*,application/pdf"}
FIGURES = {"inputmode": "decimal", "autocomplete": "off"}


def accepted(form: forms.BaseForm, act: Callable[[], Any]) -> Any:
    """What the action gives; a refusal becomes a sentence of the form, with everything typed still there."""
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None


class OpeningForm(forms.Form):
    """Why the receipt of somebody erased is opened; for the others nothing is asked."""

    reason = forms.CharField(
        label=gettext_lazy("For which check of the accounts?"),
        help_text=gettext_lazy("An auditor, the tax office, a judge. The journal keeps it."),
        max_length=200,
        required=False,
    )


class EurosField(forms.CharField):
    """« 12,50 », « 12 € »: kept in cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=14, widget=forms.TextInput(attrs=FIGURES), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return money.plain_euros(value) if isinstance(value, int) and value else "" if value == 0 else value

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        cents = money.read_cents(typed)
        if cents is None:
            raise forms.ValidationError(_("Write an amount in euros, such as “12.50”."))
        if cents < 0:
            raise forms.ValidationError(_("An amount cannot be less than zero."))
        return cents


class RateField(forms.CharField):
    """« 0,636 »: euros per kilometre."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, required=False, widget=forms.TextInput(attrs=FIGURES), **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        rate = money.read_rate(typed)
        if rate is None:
            raise forms.ValidationError(_("Write an amount per kilometre, such as “0.636”."))
        return rate


class ReceiptsInput(forms.FileInput):
    allow_multiple_selected = True


class ReceiptsField(forms.FileField):
    """One photo or PDF, or several."""

    widget = ReceiptsInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        files = [one(each, initial) for each in data or [None]]
        for file in files:
            if file is not None and file.size > MAX_BYTES:
                raise forms.ValidationError(_("This file is over 10 MB. Send a lighter one, or a photo of the page."))
        return [file for file in files if file is not None]


class ClaimForm(forms.Form):
    """What was spent, in the order a ticket is taken out of a pocket."""

    km = forms.IntegerField(
        label=gettext_lazy("Kilometres, there and back"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write whole kilometres, such as “42”.")},
    )
    vehicle = forms.ChoiceField(
        label=gettext_lazy("With which vehicle?"),
        required=False,
        help_text=gettext_lazy("Its fiscal horsepower is on its papers, at P.6."),
    )
    journey = forms.CharField(
        label=gettext_lazy("From where to where?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The two towns are enough."),
    )
    tolls = EurosField(label=gettext_lazy("Tolls and parking, in euros"), required=False)
    tickets = EurosField(label=gettext_lazy("Train, bus or tram tickets, in euros"), required=False)
    other = EurosField(label=gettext_lazy("Other, in euros (a meal, copies)"), required=False)
    receipts = ReceiptsField(
        label=gettext_lazy("Receipts: photos or PDF"),
        required=False,
        widget=ReceiptsInput(attrs=dict(PHOTOS)),
        help_text=gettext_lazy("10 MB each at most. You can add others on the next page."),
    )

    def __init__(self, *args: Any, vehicles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not vehicles:
            for name in ("km", "vehicle", "journey"):
                del self.fields[name]
            return
        field: Any = self.fields["vehicle"]
        field.choices = vehicles if len(vehicles) == 1 else [("", _("Choose…")), *vehicles]

    @staticmethod
    def initial_of(claim: Claim) -> dict[str, Any]:
        return {
            "km": claim.km or None,
            "vehicle": claim.vehicle,
            "journey": str(claim.journey),
            "tolls": claim.tolls_cents,
            "tickets": claim.tickets_cents,
            "other": claim.other_cents,
        }

    def clean_km(self) -> int:
        km = self.cleaned_data["km"] or 0
        if km < 0:
            raise forms.ValidationError(_("Kilometres cannot be less than zero."))
        return km

    def costs(self) -> Costs:
        data = self.cleaned_data
        return Costs(
            km=data.get("km") or 0,
            vehicle=data.get("vehicle", "") if data.get("km") else "",
            journey=data.get("journey", ""),
            tolls_cents=data["tolls"] or 0,
            tickets_cents=data["tickets"] or 0,
            other_cents=data["other"] or 0,
        )


class ReceiptForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("A photo or a PDF of it"), widget=forms.FileInput(attrs=dict(PHOTOS)))


class SendForm(forms.Form):
    """Paid back, or left as a gift once the declaration is ticked."""

    way = forms.ChoiceField(
        label=gettext_lazy("What would you like?"),
        choices=(
            ("back", gettext_lazy("To be paid back")),
            ("gift", gettext_lazy("To leave it to the association as a gift")),
        ),
        widget=forms.RadioSelect,
        initial="back",
    )
    has_waived = forms.BooleanField(label=gettext_lazy("I have read this declaration and I make it"), required=False)


class TimeForm(forms.Form):
    """What only the person knows."""

    preparation = forms.IntegerField(label=gettext_lazy("Preparation, in minutes"), min_value=0, required=False)
    travel = forms.IntegerField(label=gettext_lazy("Travel there and back, in minutes"), min_value=0, required=False)


class SeenForm(forms.Form):
    """What is decided is what the page showed."""

    sent_at = forms.CharField(required=False, widget=forms.HiddenInput)


class RefusalForm(SeenForm):
    answer = forms.CharField(
        label=gettext_lazy("What is wrong, and what to mend"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person reads it."),
    )


class PaymentForm(SeenForm):
    paid_on = forms.DateField(
        label=gettext_lazy("The money left on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )


class AccountsForm(forms.Form):
    year = forms.ChoiceField(label=gettext_lazy("Year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(str(year), str(year)) for year in known_years()]


class StatusForm(forms.Form):
    """As what somebody was there, this time."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status for this activity"), choices=Status.choices, widget=forms.RadioSelect
    )
    payer = forms.CharField(
        label=gettext_lazy("Who pays the session"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only for a paid session: the hospital, the faculty."),
    )
    hourly = EurosField(label=gettext_lazy("Paid per hour, in euros"), required=False)

    @staticmethod
    def initial_of(activity: Activity) -> dict[str, Any]:
        return {"status": activity.status, "payer": activity.payer, "hourly": activity.hourly_cents}


class ScaleForm(forms.Form):
    """One amount for any vehicle, or one for each."""

    starts_on = forms.DateField(
        label=gettext_lazy("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        max_length=200,
        help_text=gettext_lazy("A decision of your board and its day, or an official text."),
    )
    accepts_gifts = forms.BooleanField(
        label=gettext_lazy("Volunteers may leave their expenses as a gift"),
        required=False,
        help_text=gettext_lazy("Only if your association is of general interest and sends tax receipts."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for vehicle in Vehicle:
            self.fields[vehicle.value] = RateField(label=vehicle.label)

    def rates(self) -> dict[str, list[tuple[int, Decimal]]]:
        typed = {vehicle.value: self.cleaned_data.get(vehicle.value) for vehicle in Vehicle}
        return {vehicle: [(0, rate)] for vehicle, rate in typed.items() if rate is not None}

    def amounts(self) -> list[Any]:
        """The fields of each vehicle, « any » first."""
        return [self[vehicle.value] for vehicle in Vehicle]
