"""Someone new, and the file of someone known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core.access import Actor
from vecu.peers import languages, terms, territory
from vecu.peers.enums import Channel, PeerKind, Profile, Relation
from vecu.peers.forms.inputs import CardsField, CareSiteField, DayField, WordsField, YearField
from vecu.peers.models import Peer
from vecu.people.enums import Gender

PERSON_FIELDS = ("given_name", "family_name", "birth_year", "gender", "phone", "departement")
OFFER_FIELDS = ("kind", "relation", "channels", "max_pairs", "started_on", "care_site")
FILE_FIELDS = ("kind", "relation", "profiles", "presentation", "employer_code")

CARE_SITE_USE = _("Only to respect “not someone from my hospital”. Never shown to the people they follow.")


class RelationForm(forms.Form):
    """Patient or relative; a relative says whose."""

    kind = forms.ChoiceField(
        label=_("Their experience is that of a"), choices=PeerKind.choices, widget=forms.RadioSelect
    )
    relation = forms.ChoiceField(
        label=_("For a relative: who are they to the person who is ill?"),
        choices=[("", _("Not a relative")), *Relation.choices],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == PeerKind.RELATIVE and not data.get("relation"):
            self.add_error("relation", _("Say who this relative is to the person who is ill."))
        return data


class NewPeerForm(RelationForm):
    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    birth_year = YearField(label=_("Year of birth"), required=False)
    gender = forms.ChoiceField(label=_("Gender"), choices=[("", _("Not stated")), *Gender.choices], required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    has_account = forms.BooleanField(
        label=_("They will sign in with this address"),
        required=False,
        help_text=_("They get no message now. They ask for a code when they first come."),
    )
    departement = forms.ChoiceField(label=_("Département where they live"), required=False)
    care_site = CareSiteField(label=_("Where they are or were treated"), help_text=CARE_SITE_USE)
    languages = CardsField(label=_("Languages"))
    channels = CardsField(label=_("Ways to talk"), choices=Channel.choices, required=False)
    max_pairs = forms.IntegerField(label=_("People at the same time, at most"), min_value=0, max_value=20, initial=3)
    started_on = DayField(label=_("Patient partner since"))
    experience = forms.ChoiceField(label=_("What they lived through first"), help_text=_("You add the rest next."))
    year_from = YearField(label=_("From the year"), required=False)
    year_to = YearField(label=_("To the year"), required=False)

    field_order = ("given_name", "family_name", "kind", "relation")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["care_site"].offer(actor)
        self.fields["departement"].choices = [("", _("Not stated")), *territory.choices()]
        self.fields["languages"].choices = languages.choices()[:12]
        self.fields["languages"].initial = [languages.USUAL]
        self.fields["experience"].choices = [("", _("Choose in the list")), *terms.grouped_choices()]
        self.fields["started_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("has_account") and not data.get("email"):
            self.add_error("email", _("An e-mail address is needed to sign in."))
        return data

    @property
    def person(self) -> dict[str, Any]:
        """The fields of `people.actions.create_person`."""
        data = self.cleaned_data
        known = {name: data[name] for name in PERSON_FIELDS}
        return {**known, "languages": data["languages"], "email": data["email"], "has_account": data["has_account"]}

    @property
    def offer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OFFER_FIELDS}

    @property
    def lived(self) -> dict[str, Any]:
        """The fields of `set_experience`."""
        data = self.cleaned_data
        return {"code": data["experience"], "year_from": data["year_from"], "year_to": data["year_to"]}


class PeerForm(RelationForm):
    profiles = CardsField(label=_("Ready to"), choices=Profile.choices)
    presentation = WordsField(
        label=_("How they introduce themselves"),
        required=False,
        help_text=_("A few words of their own. No last name, no place of work."),
    )
    employer_code = forms.CharField(
        label=_("Employer"),
        max_length=120,
        required=False,
        help_text=_("Only to avoid proposing them to a colleague. Seen by nobody else."),
    )

    care_site = CareSiteField(label=_("Where they are or were treated"), help_text=CARE_SITE_USE)

    def __init__(self, actor: Actor, peer: Peer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=self.initial_of(peer), **kwargs)
        self.fields["care_site"].offer(actor, peer.care_site_id)

    @staticmethod
    def initial_of(peer: Peer) -> dict[str, Any]:
        return {name: getattr(peer, name) for name in FILE_FIELDS} | {"care_site": peer.care_site_id}
