"""What a ward and a coordinator type about a request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import (
    RELATION_SITUATIONS,
    Alternative,
    DayPart,
    RequestClosing,
    RequestRole,
    Stage,
)
from vecu.accompaniment.forms import fields
from vecu.accompaniment.forms.asking import GENDERS
from vecu.accompaniment.models import SupportRequest
from vecu.peers import languages, terms
from vecu.peers.enums import Channel, Relation, Slot, TermKind
from vecu.people.enums import ConsentChannel

FACTS_ONLY = gettext_lazy(
    "A practical fact, 140 characters at most. Never a diagnosis, a result, an opinion or someone else’s name."
)
CLOSINGS = [
    (reason.value, reason.label)
    for reason in RequestClosing
    if reason not in (RequestClosing.PAIR_ENDED, RequestClosing.STOPPED)
]


class WardForm(forms.Form):
    """Six answers, two minutes, a shared computer: nothing is remembered by the browser."""

    given_name = fields.LineField(
        label=gettext_lazy("First name or initials of the person"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write a first name or initials.")},
    )
    phone = fields.PhoneField(
        label=gettext_lazy("Their phone"),
        error_messages={"required": gettext_lazy("Write the number on which the person wishes to be called.")},
    )
    matters = fields.ticks(fields.ward_concerns, label=gettext_lazy("What they would like to talk about"))
    fixed_on = fields.FixedDateField(
        label=gettext_lazy("A date before which to talk"),
        help_text=gettext_lazy("An operation, the first day of a treatment."),
        required=False,
    )
    to_know = fields.LineField(
        label=gettext_lazy("A wish or something to know for the call"),
        help_text=FACTS_ONLY,
        max_length=140,
        required=False,
    )
    agrees = forms.BooleanField(
        label=gettext_lazy(
            "The person is told, and agrees to be contacted and to these answers being given to the programme."
        ),
        error_messages={"required": gettext_lazy("Ask the person first: without their agreement nothing can be sent.")},
    )

    def asker(self) -> Asker:
        return Asker(given_name=self.cleaned_data["given_name"], phone=self.cleaned_data["phone"])

    def told(self) -> Told:
        told = self.cleaned_data
        wishes = {"matters": told["matters"]} if told["matters"] else {}
        return Told(role=RequestRole.PATIENT, wishes=wishes, fixed_on=told["fixed_on"], to_know=told["to_know"])


class RequestForm(forms.Form):
    """One page for someone who phones, and to complete any request during the call."""

    asked_sometimes = frozenset({"relation"})

    given_name = fields.LineField(
        label=gettext_lazy("First name or initials"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write a first name or initials.")},
    )
    phone = fields.PhoneField(label=gettext_lazy("Phone"), required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    call_parts = fields.ticks(DayPart.choices, label=gettext_lazy("When to call"))
    role = forms.ChoiceField(label=gettext_lazy("Who asks"), choices=RequestRole.choices, widget=forms.RadioSelect)
    relation = forms.ChoiceField(
        label=gettext_lazy("For a relative: who they are to the person who is ill"),
        choices=[("", "—"), *Relation.choices],
        required=False,
    )
    condition_code = fields.illness_field(label=gettext_lazy("What they live with"))
    own_condition = fields.LineField(
        label=gettext_lazy("Said otherwise"), max_length=120, required=False,
        help_text=gettext_lazy("When it is not in the list."),
    )  # fmt: skip
    stage = forms.ChoiceField(
        label=gettext_lazy("Where the person is now"), choices=[("", "—"), *Stage.choices], required=False
    )
    matters = fields.ticks(fields.all_concerns, label=gettext_lazy("What they would like to talk about"))
    treatments = fields.ticks(
        lambda: terms.choices(TermKind.TREATMENT), label=gettext_lazy("Treatments and after-effects")
    )
    own_words = forms.CharField(
        label=gettext_lazy("In the person’s own words"),
        help_text=gettext_lazy(
            "What they wish to say, as they say it; nothing else. Only those who coordinate read it."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to_know = fields.LineField(
        label=gettext_lazy("To know for the call"), help_text=FACTS_ONLY, max_length=140, required=False
    )
    channels = fields.ticks(Channel.choices, label=gettext_lazy("How they would like to talk"))
    times = fields.ticks(fields.TIMES, label=gettext_lazy("When they are rather free"))
    slots = fields.ticks(Slot.choices, label=gettext_lazy("More precisely"))
    departement = fields.departement_field(label=gettext_lazy("Département"))
    town = fields.LineField(label=gettext_lazy("Town"), max_length=80, required=False)
    site = forms.ChoiceField(label=gettext_lazy("Where they are treated"), required=False)
    birth_year = fields.BirthYearField(label=gettext_lazy("Year of birth"), required=False)
    fixed_on = fields.FixedDateField(label=gettext_lazy("A date before which to talk"), required=False)
    gender = forms.ChoiceField(
        label=gettext_lazy("They would rather talk with"), choices=GENDERS, widget=forms.RadioSelect, required=False
    )
    near_my_age = forms.BooleanField(label=gettext_lazy("Someone near their age"), required=False)
    not_same_town = forms.BooleanField(label=gettext_lazy("Not someone from their town"), required=False)
    not_same_site = forms.BooleanField(label=gettext_lazy("Not someone from their hospital"), required=False)
    language = fields.language_field(label=gettext_lazy("Language"))

    def __init__(
        self, *args: Any, sites: Iterable[tuple[Any, str]], kept_date: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", "—"), *sites]
        # A date that has passed since it was written stays as it is: it is not a mistake of today.
        self.fields["fixed_on"].kept = kept_date  # type: ignore[attr-defined]
        self.initial.setdefault("language", languages.USUAL)
        self._offer_what_was_told()

    def _offer_what_was_told(self) -> None:
        """A concern which is not among the usual ones stays on the page, ticked: completing never loses anything."""
        offered = self.fields["matters"]
        usual = fields.all_concerns()
        more = set(self.initial.get("matters", [])) - {code for code, _label in usual}
        offered.choices = [*usual, *((code, terms.label(code)) for code in sorted(more) if terms.is_known(code))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("phone") and not told.get("email") and not {"phone", "email"} & set(self.errors):
            self.add_error(
                "phone", ValidationError(_("Write a phone number or an e-mail: one is enough."), code="reach")
            )
        if told.get("role") == RequestRole.RELATIVE and not told.get("relation"):
            self.add_error(
                "relation", ValidationError(_("Say who they are to the person who is ill."), code="relation")
            )
        if told.get("role") == RequestRole.PATIENT:
            told["relation"] = ""
        return told

    def asker(self) -> Asker:
        told = self.cleaned_data
        return Asker(
            given_name=told["given_name"],
            phone=told["phone"],
            email=told["email"],
            town=told["town"],
            departement=told["departement"],
            birth_year=told["birth_year"],
            languages=(told["language"] or languages.USUAL,),
        )

    def told(self) -> Told:
        told = self.cleaned_data
        situation = RELATION_SITUATIONS.get(told["relation"], "")
        code = told["condition_code"] or fields.find_illness(told["own_condition"])
        needs = {
            "conditions": [code] if code else [],
            "treatments": told["treatments"],
            "situations": [situation] if situation else [],
            "stage": told["stage"],
            "own_condition": told["own_condition"],
        }
        wishes = {
            "matters": told["matters"],
            "channels": told["channels"],
            "slots": [slot for slot in Slot.values if slot in {*fields.slots_of(told["times"]), *told["slots"]}],
            **{name: told[name] for name in ("gender", "near_my_age", "not_same_town", "not_same_site")},
        }
        return Told(
            role=told["role"],
            relation=told["relation"],
            needs={name: value for name, value in needs.items() if value},
            wishes={name: value for name, value in wishes.items() if value},
            own_words=told["own_words"],
            to_know=told["to_know"],
            call_parts=tuple(told["call_parts"]),
            fixed_on=told["fixed_on"],
            site_id=told["site"] or None,
        )


class AddForm(RequestForm):
    """Someone phones: their agreement may be recorded at once."""

    has_agreed = forms.BooleanField(
        label=gettext_lazy("I read them the text below, and they said yes."),
        help_text=gettext_lazy(
            "You are the witness: your name and today’s date go with it. Then the request is to match."
        ),
        required=False,
    )


def kept(request: SupportRequest) -> dict[str, Any]:
    """What the form shows first when a request is completed."""
    needs, wishes, person = request.told, request.wished, request.person
    times = fields.times_of(wishes.get("slots", []))
    return {
        "given_name": person.given_name if person else "",
        "phone": person.phone if person else "",
        "email": person.contact_email if person else "",
        "town": person.town if person else "",
        "call_parts": request.call_parts,
        "role": request.role,
        "relation": request.relation,
        "condition_code": next(iter(needs.get("conditions", [])), ""),
        "own_condition": needs.get("own_condition", ""),
        "stage": needs.get("stage", ""),
        "treatments": needs.get("treatments", []),
        "matters": wishes.get("matters", []),
        "own_words": request.own_words,
        "to_know": request.to_know,
        "channels": wishes.get("channels", []),
        "times": times,
        "slots": [slot for slot in wishes.get("slots", []) if slot not in fields.slots_of(times)],
        "departement": request.departement,
        "site": str(request.site_id or ""),
        "birth_year": request.birth_year,
        "fixed_on": request.fixed_on,
        "language": next(iter(request.languages), languages.USUAL),
        **{name: wishes.get(name, "") for name in ("gender", "near_my_age", "not_same_town", "not_same_site")},
    }


class OpenForm(forms.Form):
    """How the person agreed. On screen is offered only when the ledger holds it."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How they agreed"),
        choices=ConsentChannel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how the person agreed.")},
    )
    may_ask_at_end = forms.BooleanField(
        label=gettext_lazy("They also agree to be asked three questions at the end"),
        help_text=gettext_lazy("Optional: a no changes nothing."),
        required=False,
    )

    def __init__(self, *args: Any, is_given_online: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        oral = (ConsentChannel.ORAL, _("Out loud, just now: I read them the text and I am the witness"))
        paper = (ConsentChannel.PAPER, _("On paper: I hold the signed sheet"))
        online = (ConsentChannel.ONLINE, _("On screen when they asked; they confirm it"))
        self.fields["channel"].choices = [online, oral, paper] if is_given_online else [oral, paper]


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it ends"),
        choices=CLOSINGS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )


class WaitForm(forms.Form):
    ring_back_on = forms.DateField(
        label=gettext_lazy("Ring back on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Choose a day to ring back."),
            "invalid": gettext_lazy("Write the day like this: 04/12/2026."),
        },
    )
    alternatives = fields.ticks(Alternative.choices, label=gettext_lazy("What you offer meanwhile"))

    def __init__(self, *args: Any, ring_back_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ring_back_on", timezone.localdate() + timedelta(days=ring_back_days))
