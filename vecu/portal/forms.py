"""Forms of the open pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.core.comfort import Comfort


class ComfortForm(forms.Form):
    """How pages look on this device."""

    text = forms.ChoiceField(
        label=_("Size of the text"),
        choices=[("normal", _("Usual")), ("large", _("Large")), ("larger", _("Very large"))],
        widget=forms.RadioSelect,
    )
    spacing = forms.ChoiceField(
        label=_("Space between lines and letters"),
        choices=[("normal", _("Usual")), ("spaced", _("More space"))],
        widget=forms.RadioSelect,
    )
    font = forms.ChoiceField(
        label=_("Shape of the letters"),
        choices=[("normal", _("Atkinson, drawn for tired eyes")), ("dyslexic", _("OpenDyslexic, heavier at the foot"))],
        widget=forms.RadioSelect,
    )
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("system", _("As on my device")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
    )
    motion = forms.ChoiceField(
        label=_("Movement"),
        choices=[("normal", _("As on my device")), ("still", _("Nothing moves"))],
        widget=forms.RadioSelect,
    )

    def comfort(self) -> Comfort:
        return Comfort(**self.cleaned_data)


class SampleForm(forms.Form):
    """Every kind of field, for the catalogue of components."""

    first_name = forms.CharField(label="First name", help_text="As you like to be called.", max_length=60)
    words = forms.CharField(label="In your own words", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    channel = forms.ChoiceField(
        label="How would you like to talk?",
        choices=[("phone", "By phone"), ("video", "By video"), ("place", "Face to face")],
        widget=forms.RadioSelect,
    )
    when = forms.MultipleChoiceField(
        label="When?",
        choices=[("morning", "Morning"), ("afternoon", "Afternoon"), ("evening", "Evening")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    departement = forms.ChoiceField(label="Where do you live?", choices=[("87", "Haute-Vienne"), ("19", "Corrèze")])
    agrees = forms.BooleanField(label="I agree to be called back", help_text="You can change your mind at any time.")


class SearchForm(forms.Form):
    q = forms.CharField(label="Name or number", required=False)
