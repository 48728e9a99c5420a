"""Whom a campaign looks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from vecu.peers import terms
from vecu.peers.enums import AgeClass, PeerKind, Profile
from vecu.peers.forms import choices
from vecu.peers.forms.inputs import DayField, LineField
from vecu.recruitment.actions.campaigns import MOST_SEATS


def _all_codes() -> list[tuple[str, str]]:
    return terms.choices()


class LineForm(forms.Form):
    """The line of needs from which a campaign is prepared."""

    code = forms.ChoiceField(choices=_all_codes)
    kind = forms.ChoiceField(choices=PeerKind.choices)
    age_class = forms.ChoiceField(choices=[("", ""), *AgeClass.choices], required=False)
    departement = forms.ChoiceField(choices=choices.departement_codes, required=False)


class CampaignForm(LineForm):
    profile = forms.ChoiceField(label=gettext_lazy("Role"), choices=Profile.choices)
    code = forms.ChoiceField(label=gettext_lazy("Experience looked for"), choices=_all_codes)
    kind = forms.ChoiceField(label=gettext_lazy("Lived as"), choices=PeerKind.choices)
    age_class = forms.ChoiceField(
        label=gettext_lazy("Age"), choices=[("", gettext_lazy("Any age")), *AgeClass.choices], required=False
    )
    departement = choices.departement_field(label=gettext_lazy("Where they live"))
    wish = LineField(
        label=gettext_lazy("What would help besides"),
        help_text=gettext_lazy("Shown on the public page, for example: free in the evening, speaks Portuguese."),
        max_length=140,
        required=False,
    )
    wanted = forms.IntegerField(label=gettext_lazy("How many people"), min_value=1, max_value=50)
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("To"), required=False)
    seats = forms.IntegerField(
        label=gettext_lazy("Seats to keep in a training"),
        help_text=gettext_lazy("Whoever runs training sees it and chooses the group. Leave 0 if none is needed."),
        min_value=0,
        max_value=MOST_SEATS,
        initial=0,
    )

    field_order = ("profile", "code", "kind", "age_class", "departement", "wish", "wanted", "seats", "starts_on")

    def __init__(self, *args: object, is_open: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if is_open:
            for name in ("profile", "code", "kind", "age_class", "departement", "seats"):
                del self.fields[name]
