"""« Mon cadre »: what someone will not be asked, set by them alone, changed whenever they like."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.peers import terms
from vecu.peers.actions import rows
from vecu.peers.enums import Activity
from vecu.peers.models import LimitsPassport, Peer
from vecu.people.actor import Actor
from vecu.people.policy import Can

LONGEST_WORDS = 2000


@transaction.atomic
def save_limits(
    peer: Peer,
    *,
    actor: Actor,
    activity: str,
    refused_codes: Iterable[str] = (),
    own_words: str = "",
    signs: str = "",
    what_helps: str = "",
) -> LimitsPassport:
    """A new version when something changed, else the one in force. It holds at once, everywhere."""
    require(actor, Can.SET_LIMITS, peer)
    rows.refuse_ended(peer)
    # One writer at a time for one peer, so that two tabs never make the same version.
    Peer.objects.select_for_update().get(pk=peer.pk)
    wanted = {
        "refused_codes": rows.codes_in(refused_codes, [one.code for one in terms.all_terms()], _("What I refuse")),
        "own_words": own_words.strip(),
        "signs": signs.strip(),
        "what_helps": what_helps.strip(),
    }
    if any(len(text) > LONGEST_WORDS for text in wanted.values() if isinstance(text, str)):
        raise Refused("too_long", _("Keep your own words under %(most)s characters.") % {"most": LONGEST_WORDS})
    current = limits_in_force(peer, activity)
    if current is not None and all(getattr(current, name) == value for name, value in wanted.items()):
        return current
    last = LimitsPassport.objects.filter(peer=peer, activity=activity).aggregate(last=Max("version"))["last"] or 0
    passport = LimitsPassport(
        organisation_id=peer.organisation_id,
        peer=peer,
        activity=Activity(activity),
        version=last + 1,
        **wanted,
    )
    rows.checked(passport)
    passport.save()
    journal.write(actor, "limits.save", passport, subject=peer.person_id)
    return passport


def version_in_force(peer: Peer, activity: str = Activity.ACCOMPANIMENT) -> int | None:
    """The version a sheet says it used."""
    held = limits_in_force(peer, activity)
    return held.version if held else None


def limits_in_force(peer: Peer, activity: str = Activity.ACCOMPANIMENT) -> LimitsPassport | None:
    """The newest version for this activity; None when nothing was ever set."""
    return LimitsPassport.objects.filter(peer=peer, activity=activity).order_by("-version").first()
