"""A convention with another structure: with whom, where, who answers for it, from when to when, and its paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.core import vault
from vecu.core.access import visible
from vecu.core.dates import add_months
from vecu.core.images import MAX_BYTES
from vecu.peers.forms.inputs import DayField
from vecu.peers.models import Convention, SiteAgreement
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Membership, Person, Site
from vecu.people.policy import Can

NOBODY = ("", _("Nobody yet"))
REFERENTS = (Role.COORDINATOR, Role.PSYCHOLOGIST, Role.TRAINER, Role.HEAD_OFFICE)


class PaperField(forms.FileField):
    """A photo or a PDF, recognised later by its content."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("A photo or a PDF, 10 MB at most. It is sealed; what the file says of its author is removed.")
        super().__init__(label=_("The signed paper"), help_text=help_text, **kwargs)

    def clean(self, value: Any, initial: Any = None) -> Any:
        file = super().clean(value, initial)
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("This file is over 10 MB. Send a lighter one, or a photo of the page."))
        return file


class ConventionForm(forms.Form):
    partner = forms.CharField(label=_("With which structure?"), max_length=160)
    sites = forms.ModelMultipleChoiceField(
        label=_("Where it holds"), queryset=None, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"), required=False, help_text=_("The last day counts. Empty when it does not end."))
    referent = forms.ChoiceField(label=_("Who answers for it here"), required=False)
    partner_referent = forms.CharField(
        label=_("Who answers for it there"),
        max_length=200,
        required=False,
        help_text=_("A name and a way to reach them."),
    )
    file = PaperField(required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sites"].queryset = visible(Site, actor).filter(is_open=True).order_by("name")
        held = visible(Membership, actor, Can.RECORD_CLEARANCE).current().with_role(*REFERENTS)
        people = (
            visible(Person, actor, Can.RECORD_CLEARANCE)
            .reachable()
            .filter(pk__in=held.filter(organisation=actor.organisation_id).values("person_id"))
        )
        self.people = {str(person.pk): person for person in people}
        vault.preload(person.vault_id for person in self.people.values())
        named = [(key, f"{person.given_name} {person.family_name}".strip()) for key, person in self.people.items()]
        self.fields["referent"].choices = [NOBODY, *sorted(named, key=lambda choice: choice[1])]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("It ends before it starts."))
        return data

    @property
    def convention(self) -> dict[str, Any]:
        """The fields of `actions.record_convention`."""
        data = self.cleaned_data
        return {**data, "referent": self.people.get(data["referent"])}

    @staticmethod
    def initial_of(convention: Convention) -> dict[str, Any]:
        """The next one: the same, from the day after, for as long."""
        return {
            "partner": convention.partner,
            "sites": [row.site_id for row in convention.agreements.all()],
            "referent": str(convention.referent_id or ""),
            "partner_referent": str(convention.partner_referent),
            **_next_period(convention.starts_on, convention.ends_on),
        }

    @staticmethod
    def initial_of_dates(agreement: SiteAgreement) -> dict[str, Any]:
        """What was written of it before: a site and its dates."""
        return {"sites": [agreement.site_id], "starts_on": agreement.starts_on, "ends_on": agreement.ends_on}


class PaperForm(forms.Form):
    file = PaperField()


def _next_period(start: date, end: date | None) -> dict[str, date]:
    if end is None:
        return {}
    first = end + timedelta(days=1)
    months = max(1, round((end - start).days / 30.44))
    return {"starts_on": first, "ends_on": add_months(first, months) - timedelta(days=1)}
