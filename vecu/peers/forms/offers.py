"""What a peer says of themselves: when and how, what they lived through, what they will not be asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vecu.core.access import Actor
from vecu.peers import languages, terms, territory
from vecu.peers.enums import Channel, Slot, TermKind
from vecu.peers.forms.inputs import CardsField, CareSiteField, WordsField, YearField
from vecu.peers.models import LimitsPassport, LivedExperience, Peer

USUAL_LANGUAGES = 8
USUAL_MOST = 5


class AvailabilityForm(forms.Form):
    max_pairs = forms.TypedChoiceField(
        label=_("How many people at the same time?"), coerce=int, widget=forms.RadioSelect
    )
    channels = CardsField(label=_("How?"), choices=Channel.choices)
    slots = CardsField(
        label=_("When, usually?"), choices=Slot.choices, required=False, help_text=_("Nothing ticked means any time.")
    )
    territories = CardsField(
        label=_("Where can you meet face to face?"),
        required=False,
        help_text=_("Only if you accept to meet. Your own département and those around it."),
    )
    languages = CardsField(label=_("In which languages?"))
    other_language = forms.ChoiceField(label=_("Another language"), required=False)

    care_site = CareSiteField(
        label=_("Where are you, or were you, treated?"),
        help_text=_(
            "Only so that someone who wishes nobody from their hospital is not sent to you. Only the team sees it."
        ),
    )

    def __init__(self, actor: Actor, peer: Peer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=self.initial_of(peer), **kwargs)
        if actor.person_id == peer.person_id:
            self.fields["care_site"].offer(actor, peer.care_site_id)
        else:
            # It is theirs to say here; a coordinator writes it down on the file.
            del self.fields["care_site"]
        most = max(USUAL_MOST, peer.max_pairs)
        self.fields["max_pairs"].choices = [(n, n) for n in range(max(1, peer.active_pairs), most + 1)]
        near = territory.near(peer.person.departement)
        places = sorted({*near, *peer.territories}) or [code for code, _label in territory.choices()]
        self.fields["territories"].choices = [(code, f"{territory.name(code)} ({code})") for code in places]
        spoken, every = peer.person.languages, languages.choices()
        usual = [*every[:USUAL_LANGUAGES], *(choice for choice in every[USUAL_LANGUAGES:] if choice[0] in spoken)]
        self.fields["languages"].choices = usual
        self.fields["other_language"].choices = [("", _("None")), *(c for c in every if c not in usual)]

    @staticmethod
    def initial_of(peer: Peer) -> dict[str, Any]:
        return {
            "max_pairs": peer.max_pairs,
            "channels": peer.channels,
            "slots": peer.slots,
            "territories": peer.territories,
            "languages": peer.person.languages,
            "care_site": peer.care_site_id,
        }

    @property
    def spoken(self) -> list[str]:
        """Every language chosen, the one added last."""
        other = self.cleaned_data["other_language"]
        return [*self.cleaned_data["languages"], *([other] if other else [])]

    @property
    def offered(self) -> dict[str, Any]:
        """The fields of `offer_with_languages`, without the languages."""
        names = ("max_pairs", "channels", "slots", "territories", "care_site")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ExperienceForm(forms.Form):
    """Years and own words about one term of the list, chosen on the page before."""

    year_from = YearField(label=_("From the year"), required=False)
    year_to = YearField(label=_("To the year"), required=False, help_text=_("Empty if it goes on."))
    own_words = WordsField(
        label=_("In your own words"),
        required=False,
        help_text=_("Read by you, the coordinators and the psychologist only. No name of anyone."),
    )

    @staticmethod
    def initial_of(experience: LivedExperience) -> dict[str, Any]:
        return {name: getattr(experience, name) for name in ("year_from", "year_to", "own_words")}


class LimitsForm(forms.Form):
    """« Mon cadre » for one kind of activity."""

    treatments = CardsField(label=_("Treatments and after-effects I will not talk about"), required=False)
    situations = CardsField(label=_("Situations I would rather not follow"), required=False)
    illnesses = CardsField(label=_("Illnesses I would rather not follow"), required=False)
    own_words = WordsField(
        label=_("What I will not be asked, in my own words"),
        required=False,
        help_text=_("For instance: no question about my children."),
    )
    signs = WordsField(label=_("Signs that I am not well"), required=False, rows=3)
    what_helps = WordsField(label=_("What helps me"), required=False, rows=3)

    KINDS = {
        "treatments": TermKind.TREATMENT,
        "situations": TermKind.SITUATION,
        "illnesses": TermKind.ILLNESS,
    }

    def __init__(self, passport: LimitsPassport | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=self.initial_of(passport), **kwargs)
        for name, kind in self.KINDS.items():
            self.fields[name].choices = terms.choices(kind)

    @classmethod
    def initial_of(cls, passport: LimitsPassport | None) -> dict[str, Any]:
        if passport is None:
            return {}
        held = set(passport.refused_codes)
        ticked = {
            name: [one.code for one in terms.all_terms(kind) if one.code in held] for name, kind in cls.KINDS.items()
        }
        return ticked | {name: getattr(passport, name) for name in ("own_words", "signs", "what_helps")}

    @property
    def limits(self) -> dict[str, Any]:
        """The fields of `save_limits`."""
        codes = [code for name in self.KINDS for code in self.cleaned_data[name]]
        words = {name: self.cleaned_data[name] for name in ("own_words", "signs", "what_helps")}
        return {"refused_codes": codes, **words}
