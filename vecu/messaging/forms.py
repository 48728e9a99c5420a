"""What is typed into an exchange."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vecu.core.images import MAX_BYTES
from vecu.messaging.enums import WhyReported
from vecu.messaging.models import ALT_LENGTH, BODY_LENGTH

REPORT_LENGTH = 1000


class MessageForm(forms.Form):
    """A message: words, an image, or both."""

    use_required_attribute = False  # an image alone is a message too
    body = forms.CharField(
        label=_("Your message"),
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "data-message-text": ""}),
    )
    image = forms.FileField(
        label=_("Image"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF, 10 MB at most. Place, date and device are removed from it."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    image_alt = forms.CharField(
        label=_("What does it show?"),
        required=False,
        max_length=ALT_LENGTH,
        help_text=_("One sentence, for someone who cannot see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    acknowledged = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = not self.files.get("image")
        self.fields["body"].error_messages["required"] = gettext("Write a few words, or add an image.")

    def clean_image(self) -> Any:
        image = self.cleaned_data["image"]
        if image and image.size > MAX_BYTES:
            raise forms.ValidationError(
                gettext("This image is over 10 MB. Send a smaller one, or take the photo again.")
            )
        return image


class SettingsForm(forms.Form):
    """What one agrees to show. Each is shown only once the other has agreed too."""

    shows_first_name = forms.BooleanField(
        label=_("Show my first name"),
        required=False,
        help_text=_("Your two first names appear once the other person has ticked this too."),
    )
    shows_reading = forms.BooleanField(
        label=_("Say when I have read"),
        required=False,
        help_text=_("“Read” appears on both sides once the other person has ticked this too."),
    )


class ReportForm(forms.Form):
    """Why a line is reported, and whether the exchange closes in the same gesture."""

    reason = forms.ChoiceField(
        label=_("What is wrong with this message?"), choices=WhyReported.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Would you like to add something?"),
        required=False,
        max_length=REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    closes = forms.BooleanField(
        label=_("Close this exchange at once"),
        required=False,
        help_text=_("The other person will only see that it is closed."),
    )
