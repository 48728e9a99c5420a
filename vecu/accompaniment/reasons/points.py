"""The points of a pair in words: what it is about, its verdict, and the sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vecu.accompaniment import matching as m
from vecu.accompaniment.reasons import words
from vecu.core.said import said
from vecu.peers import territory
from vecu.peers.enums import Relation


@dataclass(frozen=True, slots=True)
class Words:
    """One point of a pair as it is shown: what it is about, its verdict, and the sentence."""

    point: str
    label: str
    verdict: str
    text: str
    note: str = ""
    is_asked: bool = False


def say(explanation: m.Explanation, offer: m.PeerOffer) -> list[Words]:
    """Every point about which at least one of the two said something, in the engine's order."""
    told = [r for r in explanation.reasons if not r.code.endswith("_not_told_by_person")]
    wished = any(r.point == "wish_age" for r in told)
    # A wish about the age says all there is to say about it.
    return [_words(reason, offer) for reason in told if not (wished and reason.point == "age")]


def say_recruited(number: int | None) -> list[Words]:
    """That a peer was looked for because of this very need; nothing for the others."""
    if number is None:
        return []
    text = _("Came through recruitment %(number)s, opened for what this person waits for") % {"number": number}
    return [Words("recruited", _("Looked for this need"), "yes", text)]


def untold(explanation: m.Explanation) -> list[str]:
    """The points on which the person said nothing: neutral, named once for all peers."""
    codes = [r.point for r in explanation.reasons if r.code.endswith("_not_told_by_person")]
    return [point_label(point) for point in codes]


def _words(reason: m.Reason, offer: m.PeerOffer) -> Words:
    speaker = SENTENCES.get(reason.code)
    text, note = speaker(reason.params, offer) if speaker else (_("Not told"), "")
    return Words(reason.point, point_label(reason.point), reason.verdict, text, note, reason.asked)


@said
def point_label(point: str) -> str:
    """What a point of matching is called."""
    return {
        "condition": _("Has lived the same thing"),
        "concerns": _("Knows these questions"),
        "age_at_diagnosis": _("Age when it was announced"),
        "treatments": _("Has had the same treatments"),
        "situation": _("Same life situation"),
        "stage": _("Has been through this moment"),
        "relation": _("Same bond with the person who is ill"),
        "wish_gender": _("A woman or a man, as wished"),
        "wish_age": _("Age, as wished"),
        "age": _("Close in age"),
        "slots": _("Free at the same times"),
        "place": _("Near, or at a distance"),
        "load": _("Can follow one more person"),
        "rest": _("Time since the last person followed"),
    }[point]


# -- points


def _same_condition(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    parts = [words.lived(code, offer) for code in params["shared"]]
    return words.listed(parts), words.changed_since(params["shared"], offer)


def _near_condition(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return words.listed([words.lived(code, offer) for code in params["lived"]]), _(
        "Not the same illness, but a near one"
    )


def _other_condition(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return words.listed([words.lived(code, offer) for code in params["lived"]]), _("Another illness")


def _shared(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    lacking = params.get("lacking") or ()
    note = _("Not lived: %(what)s") % {"what": words.labels(lacking)} if lacking else ""
    return words.labels(params["shared"]), note


def _none_shared(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Has not lived: %(what)s") % {"what": words.labels(params["lacking"])}, ""


def _old_treatment(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    parts = [
        _("%(what)s: treated in %(year)s, before the present treatment (%(since)s)")
        % {"what": words.label(code), "year": last, "since": since}
        for code, last, since in params["changed"]
    ]
    parts += [words.label(code) for code in params["shared"]]
    still = params.get("still_shared") or ()
    note = _("What remains shared: %(what)s") % {"what": words.labels(still)} if still else ""
    return words.listed(parts), note


def _stage_same(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return words.label(params["stage"]), ""


def _stage_other(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Has not been through: %(what)s") % {"what": words.label(params["stage"])}, ""


def _relation(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return str(Relation(params["relation"]).label), ""


def _diagnosis_age(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("At %(age)s years old") % {"age": params["peer"]}, words.apart(params["years_apart"])


def _age(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("%(age)s years old") % {"age": params["peer"]}, words.apart(params["years_apart"])


def _gender_wished(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("As wished"), ""


def _gender_other(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Not as wished"), ""


def _age_band(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    low, high = params["band"]
    age = _("%(age)s years old") % {"age": params["peer"]}
    return age, _("Wished: between %(low)s and %(high)s") % {"low": low, "high": high}


def _slots_shared(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return words.half_days(params["shared"]), ""


def _slots_apart(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Free at other times"), words.half_days(params["peer"])


def _place_same(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return territory.name(params["territory"]), ""


def _place_next(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("%(place)s, next to it") % {"place": territory.name(params["territory"])}, words.remote(offer)


def _place_far(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("%(place)s, far away") % {"place": territory.name(params["territory"])}, words.remote(offer)


def _load(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return words.carried(params["carried"], params["places"]), words.pairs_in_year(params["pairs_12_months"])


def _rest(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return words.since_last_pair(params["days"]), ""


def _peer_silent(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("The peer did not say"), ""


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], m.PeerOffer], tuple[str, str]]] = {
    "same_condition": _same_condition,
    "near_condition": _near_condition,
    "other_condition": _other_condition,
    **{
        f"{how}_shared_{point}": _shared for how in ("all", "some") for point in ("concerns", "situation", "treatments")
    },
    **{f"no_shared_{point}": _none_shared for point in ("concerns", "situation", "treatments")},
    "treated_before_present_protocol": _old_treatment,
    "same_stage": _stage_same,
    "other_stage": _stage_other,
    "same_relation": _relation,
    "other_relation": _relation,
    "near_age_at_diagnosis": _diagnosis_age,
    "far_age_at_diagnosis": _diagnosis_age,
    "near_age": _age,
    "far_age": _age,
    "gender_as_wished": _gender_wished,
    "gender_not_as_wished": _gender_other,
    "age_as_wished": _age_band,
    "age_outside_wish": _age_band,
    "slots_in_common": _slots_shared,
    "no_slot_in_common": _slots_apart,
    "same_place": _place_same,
    "neighbouring_place": _place_next,
    "far_place": _place_far,
    "carries_few": _load,
    "carries_several": _load,
    "rested": _rest,
    "recently_paired": _rest,
    **{f"{point}_not_told_by_peer": _peer_silent for point in m.POINTS},
}
