"""A cohort with its days and places, and who is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.peers.forms.inputs import DayField
from vecu.people.models import Site
from vecu.training.enums import PAPERS, Standing
from vecu.training.models import Trainee

DAYS = 8
HalfDayGiven = tuple[datetime, datetime, Site | None, str]


class When(TextChoices):
    WHOLE = "whole", _("Morning and afternoon")
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")


class HourField(forms.TimeField):
    """The browser's own clock, or « 9:30 » typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M"], widget=widget, **kwargs)


class CohortForm(forms.Form):
    """Usual hours once, then up to eight days, each with its place; others are added on the page of the cohort."""

    host = forms.ChoiceField(label=_("Who leads it"))
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, initial=12)
    morning_from = HourField(label=_("Mornings from"), initial=time(9))
    morning_to = HourField(label=_("Mornings to"), initial=time(12, 30))
    afternoon_from = HourField(label=_("Afternoons from"), initial=time(13, 30))
    afternoon_to = HourField(label=_("Afternoons to"), initial=time(17))

    def __init__(self, *args: Any, hosts: list[tuple[str, str]], sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].choices = hosts
        self.sites = {str(site.pk): site for site in sites}
        choices = [("", _("Another place")), *((key, site.name) for key, site in self.sites.items())]
        for number in range(1, DAYS + 1):
            self.fields[f"day_{number}"] = DayField(label=_("Day %(n)s") % {"n": number}, required=number == 1)
            self.fields[f"when_{number}"] = forms.ChoiceField(label=_("When"), choices=When.choices, required=False)
            self.fields[f"site_{number}"] = forms.ChoiceField(label=_("Site"), choices=choices, required=False)
            self.fields[f"place_{number}"] = forms.CharField(label=_("Room or address"), max_length=120, required=False)

    @property
    def days(self) -> Iterator[dict[str, BoundField]]:
        """The fields of each day, together."""
        for number in range(1, DAYS + 1):
            yield {name: self[f"{name}_{number}"] for name in ("day", "when", "site", "place")}

    @property
    def half_days(self) -> list[HalfDayGiven]:
        """What was typed, as half-days; a day left empty is none."""
        typed, made = self.cleaned_data, []
        for number in range(1, DAYS + 1):
            day = typed[f"day_{number}"]
            when = typed[f"when_{number}"] or When.WHOLE
            site, place = self.sites.get(typed[f"site_{number}"]), typed[f"place_{number}"]
            for part in ("morning", "afternoon"):
                if day is not None and when in (When.WHOLE, part):
                    made.append((_at(day, typed[f"{part}_from"]), _at(day, typed[f"{part}_to"]), site, place))
        return made


class TraineeForm(forms.Form):
    """Someone already known here."""

    person = forms.ChoiceField(label=_("Who"))
    standing = forms.ChoiceField(label=_("Comes as"), choices=[("", _("What they are here")), *Standing.choices])
    load_reason = forms.CharField(
        label=_("Why, if they already carry as much as they accept?"),
        help_text=_("They read it, and the psychologist is told."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standing"].required = False
        self.fields["person"].choices = people


class NewcomerForm(forms.Form):
    """Someone new: a professional sent by another place, most often."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, help_text=_("As the attestation will say it."))
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("With it, they see their own hours and their attestation.")
    )
    newcomer_standing = forms.ChoiceField(label=_("Comes as"), choices=Standing.choices, initial=Standing.PROFESSIONAL)


class PapersForm(forms.Form):
    """What is asked of this kind of trainee; ticked once received."""

    papers = forms.MultipleChoiceField(label=_("What has come"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, trainee: Trainee, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [(kind.value, kind.label) for kind in PAPERS[Standing(trainee.standing)]]


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class SeatsForm(forms.Form):
    """Which group keeps the seats, and how many."""

    cohort = forms.ChoiceField(label=_("Group"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=50)

    def __init__(self, *args: Any, cohorts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].choices = cohorts
