"""One page of a module online, as whoever runs the course writes it; and what a trainee answers or writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.core.sounds import MAX_BYTES
from vecu.training.actions.modules import LONGEST_CHOICE, PageGiven
from vecu.training.enums import PageKind
from vecu.training.forms.courses import LinesField
from vecu.training.forms.inputs import LengthField
from vecu.training.models import ModulePage

FITS = "*"
LONGEST_TEXT, LONGEST_EXPLANATION, LONGEST_TRANSCRIPT, LONGEST_NOTE = 12_000, 2_000, 40_000, 8_000
SHAPED = _("A line that begins with “# ” is a heading, lines that begin with “- ” make a list.")


class OnlineMinutesForm(forms.Form):
    """How long the pages of a module take."""

    minutes = LengthField(
        label=_("Time to follow it online"),
        required=False,
        help_text=_("For instance 20 min. Empty: it is not said, and nothing counts."),
    )


class ChoicesField(LinesField):
    """One answer a line, with a star before those that fit."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{FITS} {words}" if fits else words for words, fits in value)

    def clean(self, value: Any) -> Any:
        lines = super().clean(value)
        if any(len(line) > LONGEST_CHOICE for line in lines):
            raise forms.ValidationError(_("An answer holds in 200 letters."))
        return [(line.removeprefix(FITS).strip(), line.startswith(FITS)) for line in lines]


class PageForm(forms.Form):
    """What is asked depends on the kind of page."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}))
    file = forms.FileField(
        label=_("The sound"),
        help_text=_(
            "MP3, M4A, Opus or WAV, 10 MB at most: about twenty minutes of MP3 at 64 kb/s. What the file says of who "
            "recorded it is removed. Only with the agreement of whoever speaks."
        ),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    transcript = forms.CharField(
        label=_("The same in words"),
        max_length=LONGEST_TRANSCRIPT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Everything that is said, and sounds that matter: for whoever cannot hear it, or would rather read."
        ),
    )
    choices = ChoicesField(
        label=_("Answers"),
        help_text=_("One a line, with a star (*) before those that fit. No star: there is no wrong one."),
    )
    explanation = forms.CharField(
        label=_("What is read after answering"),
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Kindly: why one answer fits better, and what the others tell. Everyone reads it, whatever they chose."
        ),
    )

    KEPT = {
        PageKind.TEXT: {"body": _("Text")},
        PageKind.SOUND: {"body": _("What it is, in a sentence"), "file": "", "transcript": ""},
        PageKind.QUESTION: {"body": _("The question"), "choices": "", "explanation": ""},
        PageKind.REFLECTION: {"body": _("What you invite them to think about")},
    }

    def __init__(self, kind: PageKind, page: ModulePage | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=None if page is None else _initial_of(page), **kwargs)
        for name in set(self.fields) - {"title", *self.KEPT[kind]}:
            del self.fields[name]
        self.fields["body"].label = self.KEPT[kind]["body"]
        self.fields["body"].required = kind != PageKind.SOUND
        if kind == PageKind.TEXT:
            self.fields["body"].help_text = SHAPED
        if kind == PageKind.SOUND:
            self.fields["file"].required = page is None
            if page is not None:
                self.fields["file"].label = _("Another sound, in place of the one there")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("This sound is over 10 MB. Save it as MP3 at 64 kb/s, or cut it in two."))
        return file

    @property
    def given(self) -> PageGiven:
        return PageGiven(**self.cleaned_data)


def _initial_of(page: ModulePage) -> dict[str, Any]:
    told = {"title": page.title, "body": page.body, "choices": page.choices, "explanation": page.explanation}
    return told | ({"transcript": str(page.sound.transcript)} if page.kind == PageKind.SOUND else {})


class ChoiceForm(forms.Form):
    """One answer to a question; sent and read at once, for nothing of it is kept."""

    choice = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)

    def __init__(self, page: ModulePage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["choice"].choices = [(str(place), words) for place, (words, _fits) in enumerate(page.choices)]

    @property
    def fits(self) -> bool:
        """Whether it fits; always, where no answer is wrong."""
        right = [str(place) for place, (_words, fits) in enumerate(self.page.choices) if fits]
        return not right or self.cleaned_data["choice"] in right


class NoteForm(forms.Form):
    """Something for oneself."""

    words = forms.CharField(
        label=_("For me alone"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )
