"""Words shared by reasons: codes, years, half-days, and facts about a peer."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.accompaniment import matching as m
from vecu.accompaniment.enums import Stage
from vecu.core.said import said
from vecu.peers import terms
from vecu.peers.enums import Channel, Slot

DAYS_IN_MONTH = 30
NEVER_CALLED_DAYS = 90


def carried(load: int, places: int) -> str:
    """« suit 1 personne sur 3 »."""
    return ngettext("Follows %(n)s person out of %(places)s", "Follows %(n)s people out of %(places)s", load) % {
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
        return ngettext("No new person for %(n)s month", "No new person for %(n)s months", months) % {"n": months}
    if days == 0:
        return _("A new person today")
    return ngettext("No new person for %(n)s day", "No new person for %(n)s days", days) % {"n": days}


def waits_to_be_called(days: int, *, never: bool) -> str:
    """« attend depuis 4 mois d’être appelé »: said from 90 days on, to share the load."""
    if days < NEVER_CALLED_DAYS:
        return ""
    months = days // DAYS_IN_MONTH
    if never:
        return _("Never called, and ready for %(n)s months") % {"n": months}
    return _("Has been waiting %(n)s months to be called") % {"n": months}


@said
def label(code: str) -> str:
    """A code of experience or a stage, in the reader's language; an unknown code is never shown raw."""
    if code in Stage.values:
        return str(Stage(code).label)
    return terms.label(code) if terms.is_known(code) else _("something else")


def in_week_order(codes: Iterable[str]) -> list[str]:
    order = {code: place for place, code in enumerate(Slot.values)}
    return sorted((code for code in codes if code in order), key=order.__getitem__)


def lived(code: str, offer: m.PeerOffer) -> str:
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


def changed_since(codes: Iterable[str], offer: m.PeerOffer) -> str:
    """« Traitement terminé en 2011, avant l’immunothérapie (2015) »: the illness is the same, its treatment
    not."""
    for code in codes:
        found = terms.term(code) if terms.is_known(code) else None
        last = max((e.year_to for e in offer.experiences if e.code == code and e.year_to is not None), default=None)
        if found is not None and found.since_year and last is not None and last < found.since_year:
            return _("Treated until %(year)s, before the present treatment: %(what)s (%(since)s)") % {
                "year": last,
                "what": found.since,
                "since": found.since_year,
            }
    return ""


def apart(years: int) -> str:
    if years == 0:
        return _("The same year")
    return ngettext("%(n)s year apart", "%(n)s years apart", years) % {"n": years}


def remote(offer: m.PeerOffer) -> str:
    ways = [str(Channel(code).label) for code in Channel.values if code in offer.channels and code != Channel.IN_PERSON]
    return listed(ways)


def half_days(codes: Iterable[str]) -> str:
    """« Mardi matin, jeudi matin »."""
    said = [str(Slot(code).label) for code in in_week_order(codes)]
    return listed(said[:1] + [one[:1].lower() + one[1:] for one in said[1:]])


def labels(codes: Iterable[str]) -> str:
    return listed(label(code) for code in codes)


def listed(parts: Iterable[str]) -> str:
    """Two or three things one after the other; the first letter of what follows is left as it is."""
    return ", ".join(parts)
