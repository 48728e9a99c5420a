"""Words for what the matching engine says: each code becomes a sentence in the reader's language.

The engine gives codes and facts; no score, no percentage and no cost is ever shown. What was not told stays
neutral and is said as such. `OFFER` below is the peer's side of the instance: it dates what was lived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.accompaniment import matching as m
from vecu.accompaniment.enums import Stage
from vecu.peers import terms, territory
from vecu.peers.enums import Channel, Relation, Slot

NBSP = "\u00a0"
DAYS_IN_MONTH = 30
NEVER_CALLED_DAYS = 90


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
    return [_words(reason, offer) for reason in told]


def untold(explanation: m.Explanation) -> list[str]:
    """The points on which the person said nothing: neutral, named once for all peers."""
    codes = [r.point for r in explanation.reasons if r.code.endswith("_not_told_by_person")]
    return [point_label(point) for point in codes]


def _words(reason: m.Reason, offer: m.PeerOffer) -> Words:
    speaker = SENTENCES.get(reason.code)
    text, note = speaker(reason.params, offer) if speaker else (_("Not told"), "")
    return Words(reason.point, point_label(reason.point), reason.verdict, text, note, reason.asked)


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
    parts = [_lived(code, offer) for code in params["shared"]]
    return _listed(parts), _changed_since(params["shared"], offer)


def _near_condition(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _listed([_lived(code, offer) for code in params["lived"]]), _(
        "Not the same illness, but a near one"
    )


def _other_condition(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _listed([_lived(code, offer) for code in params["lived"]]), _("Another illness")


def _shared(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    lacking = params.get("lacking") or ()
    note = _("Not lived: %(what)s") % {"what": _labels(lacking)} if lacking else ""
    return _labels(params["shared"]), note


def _none_shared(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Has not lived: %(what)s") % {"what": _labels(params["lacking"])}, ""


def _old_treatment(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    parts = [
        _("%(what)s: treated in %(year)s, before the present treatment (%(since)s)")
        % {"what": label(code), "year": last, "since": since}
        for code, last, since in params["changed"]
    ]
    parts += [label(code) for code in params["shared"]]
    still = params.get("still_shared") or ()
    note = _("What remains shared: %(what)s") % {"what": _labels(still)} if still else ""
    return _listed(parts), note


def _stage_same(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return label(params["stage"]), ""


def _stage_other(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Has not been through: %(what)s") % {"what": label(params["stage"])}, ""


def _relation(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return str(Relation(params["relation"]).label), ""


def _diagnosis_age(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("At %(age)s years old") % {"age": params["peer"]}, _apart(params["years_apart"])


def _age(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("%(age)s years old") % {"age": params["peer"]}, _apart(params["years_apart"])


def _gender_wished(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("As wished"), ""


def _gender_other(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Not as wished"), ""


def _age_band(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    low, high = params["band"]
    age = _("%(age)s years old") % {"age": params["peer"]}
    return age, _("Wished: between %(low)s and %(high)s") % {"low": low, "high": high}


def _slots_shared(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _half_days(params["shared"]), ""


def _slots_apart(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("Free at other times"), _half_days(params["peer"])


def _place_same(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return territory.name(params["territory"]), ""


def _place_next(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("%(place)s, next to it") % {"place": territory.name(params["territory"])}, _remote(offer)


def _place_far(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("%(place)s, far away") % {"place": territory.name(params["territory"])}, _remote(offer)


def _load(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return carried(params["carried"], params["places"]), pairs_in_year(params["pairs_12_months"])


def _rest(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return since_last_pair(params["days"]), ""


def _peer_silent(params: Mapping[str, Any], offer: m.PeerOffer) -> tuple[str, str]:
    return _("The peer did not say"), ""


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], m.PeerOffer], tuple[str, str]]] = {
    "same_condition": _same_condition,
    "near_condition": _near_condition,
    "other_condition": _other_condition,
    **{
        f"{how}_shared_{point}": _shared
        for how in ("all", "some")
        for point in ("concerns", "situation", "treatments")
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


# -- hard rules


def say_blocks(explanation: m.Explanation, asked_before: Mapping[str, str] | None = None) -> list[str]:
    """Why a peer is not possible for this person: one sentence for each hard rule that fails."""
    before = (asked_before or {}).get(explanation.peer)
    return [
        before if block.rule == "excluded" and before else say_block(block) for block in explanation.blocks
    ]


def say_block(block: m.Block) -> str:
    """One hard rule that forbids a pair, in words."""
    topics = _labels(block.params.get("topics", ()))
    return {
        "role": _("Not the same experience: a patient talks with a patient, a relative with a relative"),
        "paused": _("On a pause, or away"),
        "site": _("Not ready for this place: a paper is missing or has ended"),
        "language": _("No language in common"),
        "channel": _("No way to talk in common"),
        "distance": _("Too far to meet face to face, and no other way in common"),
        "excluded": _("Set aside at the person’s wish"),
        "gender": _("The person does not wish it"),
        "same_site": _("Cared for in the same place, and the person does not wish it"),
        "same_town": _("Lives in the same town, and the person does not wish it"),
        "same_employer": _("Same employer, and the person does not wish it"),
        "peer_limits": _("The peer’s own limits: %(topics)s") % {"topics": topics},
        "full": _("No free place: already follows as many people as they accept"),
    }[block.rule]


def rule_label(rule: str, count: int) -> str:
    """How many peers a hard rule sets aside: « 3 pairs sont complets »."""
    said = {
        "role": ngettext(
            "%(n)s peer has another kind of experience", "%(n)s peers have another kind of experience", count
        ),
        "paused": ngettext("%(n)s peer is on a pause", "%(n)s peers are on a pause", count),
        "site": ngettext(
            "%(n)s peer is not ready for this place", "%(n)s peers are not ready for this place", count
        ),
        "language": ngettext(
            "%(n)s peer speaks no common language", "%(n)s peers speak no common language", count
        ),
        "channel": ngettext(
            "%(n)s peer has no way to talk in common", "%(n)s peers have no way to talk in common", count
        ),
        "distance": ngettext("%(n)s peer lives too far", "%(n)s peers live too far", count),
        "peer_limits": ngettext(
            "%(n)s peer has set a limit on this", "%(n)s peers have set a limit on this", count
        ),
        "full": ngettext("%(n)s peer is full", "%(n)s peers are full", count),
    }.get(
        rule,
        ngettext(
            "%(n)s peer is set aside at the person’s wish",
            "%(n)s peers are set aside at the person’s wish",
            count,
        ),
    )
    return said % {"n": count}


# -- the overall plan


def say_waiting(code: str, params: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[str]]:
    """Why someone waits, and what one more place would permit; `names` are those of peers."""
    if code == "no_feasible_peer":
        why = [rule_label(rule, count) for rule, count in params.get("eliminated", {}).items()]
        return _("Waits because no peer is possible."), why
    peers = [(names.get(peer, ""), saves) for peer, saves in params.get("peers", ()) if names.get(peer)]
    if code == "all_full":
        why = ngettext(
            "Waits because the only possible peer is full.",
            "Waits because the %(n)s possible peers are full.",
            len(peers),
        ) % {"n": len(peers)}
    else:
        why = _("Waits because the free places do more good to someone else who waits.")
    helped = [name for name, saves in peers if saves > 0]
    return why, [
        _("One more place with %(name)s would permit this meeting.") % {"name": name} for name in helped[:2]
    ]


def waiting_params(waiting: m.Waiting) -> dict[str, Any]:
    """What `say_waiting` needs, as plain data that is kept with the plan."""
    if "eliminated" in waiting.params:
        return {"eliminated": dict(waiting.params["eliminated"])}  # type: ignore[call-overload]
    prices: Iterable[m.PeerPrice] = waiting.params["peers"]  # type: ignore[assignment]
    return {"peers": [[price.peer, price.saves] for price in prices]}


# -- facts about a peer


def carried(load: int, places: int) -> str:
    """« suit 1 personne sur 3 »."""
    return ngettext(
        "Follows %(n)s person out of %(places)s", "Follows %(n)s people out of %(places)s", load
    ) % {
        "n": load,
        "places": places,
    }


def pairs_in_year(count: int) -> str:
    """How many people this peer began to follow in twelve months."""
    return ngettext("%(n)s person in 12 months", "%(n)s people in 12 months", count) % {"n": count}


def since_last_pair(days: int) -> str:
    """How long a peer has been without a new person, as people say it."""
    if days >= 2 * DAYS_IN_MONTH:
        months = days // DAYS_IN_MONTH
        return ngettext("Last new person %(n)s month ago", "Last new person %(n)s months ago", months) % {
            "n": months
        }
    return ngettext("Last new person %(n)s day ago", "Last new person %(n)s days ago", days) % {"n": days}


def waits_to_be_called(days: int, *, never: bool) -> str:
    """« attend depuis 4 mois d’être appelé »: said from 90 days on, to share the load."""
    if days < NEVER_CALLED_DAYS:
        return ""
    months = days // DAYS_IN_MONTH
    if never:
        return _("Never called, and ready for %(n)s months") % {"n": months}
    return _("Has been waiting %(n)s months to be called") % {"n": months}


def label(code: str) -> str:
    """A code of experience or a stage, in the reader's language; an unknown code is never shown raw."""
    if code in Stage.values:
        return str(Stage(code).label)
    return terms.label(code) if terms.is_known(code) else _("something else")


def age_class(birth_year: int | None, year: int) -> str:
    """« entre 50 et 59 ans »: what a peer learns of an age before accepting."""
    if birth_year is None:
        return ""
    low = max(0, year - birth_year) // 10 * 10
    return _("Between %(low)s and %(high)s years old") % {"low": low, "high": low + 9}


def in_week_order(codes: Iterable[str]) -> list[str]:
    order = {code: place for place, code in enumerate(Slot.values)}
    return sorted((code for code in codes if code in order), key=order.__getitem__)


def _lived(code: str, offer: m.PeerOffer) -> str:
    """« Sclérose en plaques, depuis 2015 »; « Cancer du sein, 2011 à 2013 »."""
    dated = next((e for e in offer.experiences if e.code == code and e.year_from is not None), None)
    if dated is None:
        return label(code)
    if dated.year_to is None:
        return _("%(what)s, since %(year)s") % {"what": label(code), "year": dated.year_from}
    if dated.year_to == dated.year_from:
        return _("%(what)s, in %(year)s") % {"what": label(code), "year": dated.year_from}
    return _("%(what)s, %(first)s to %(last)s") % {
        "what": label(code),
        "first": dated.year_from,
        "last": dated.year_to,
    }


def _changed_since(codes: Iterable[str], offer: m.PeerOffer) -> str:
    """« Traitement terminé en 2011, avant l’immunothérapie (2015) »: the illness is the same, its treatment
    not."""
    for code in codes:
        found = terms.term(code) if terms.is_known(code) else None
        last = max(
            (e.year_to for e in offer.experiences if e.code == code and e.year_to is not None), default=None
        )
        if found is not None and found.since_year and last is not None and last < found.since_year:
            return _("Treated until %(year)s, before the present treatment: %(what)s (%(since)s)") % {
                "year": last,
                "what": found.since,
                "since": found.since_year,
            }
    return ""


def _apart(years: int) -> str:
    if years == 0:
        return _("The same year")
    return ngettext("%(n)s year apart", "%(n)s years apart", years) % {"n": years}


def _remote(offer: m.PeerOffer) -> str:
    ways = [
        str(Channel(code).label)
        for code in Channel.values
        if code in offer.channels and code != Channel.IN_PERSON
    ]
    return _listed(ways)


def _half_days(codes: Iterable[str]) -> str:
    """« Mardi matin, jeudi matin »."""
    said = [str(Slot(code).label) for code in in_week_order(codes)]
    return _listed(said[:1] + [one[:1].lower() + one[1:] for one in said[1:]])


def _labels(codes: Iterable[str]) -> str:
    return _listed(label(code) for code in codes)


def _listed(parts: Iterable[str]) -> str:
    """Two or three things one after the other; the first letter of what follows is left as it is."""
    return ", ".join(parts)
