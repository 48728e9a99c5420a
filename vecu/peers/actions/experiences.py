"""What someone has lived through: from the list, dated by years, with their own words."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.peers import terms
from vecu.peers.actions import rows
from vecu.peers.models import LivedExperience, Peer
from vecu.people.actor import Actor
from vecu.people.policy import Can

FIRST_YEAR = 1920
LONGEST_WORDS = 2000
MOST_EXPERIENCES = 60


@transaction.atomic
def set_experience(
    peer: Peer,
    *,
    actor: Actor,
    code: str,
    year_from: int | None = None,
    year_to: int | None = None,
    own_words: str = "",
    experience: LivedExperience | None = None,
) -> LivedExperience:
    """Add one, or change the one given. The same thing may be lived twice, from different years."""
    require(actor, Can.EDIT_PEER, peer)
    rows.refuse_ended(peer)
    if not terms.is_known(code):
        raise Refused("unknown_code", _("Choose in the list what was lived through."))
    check_years(year_from, year_to, peer.person.birth_year)
    if len(own_words) > LONGEST_WORDS:
        raise Refused("too_long", _("Keep your own words under %(most)s characters.") % {"most": LONGEST_WORDS})
    row = experience or LivedExperience(organisation_id=peer.organisation_id, peer=peer)
    if row.peer_id != peer.pk:
        raise ValueError("the experience of someone else")
    same = LivedExperience.objects.filter(peer=peer, code=code, year_from=year_from).exclude(pk=row.pk)
    if same.exists():
        raise Refused("twice", _("This is already in the list, from the same year."))
    if experience is None and peer.experiences.count() >= MOST_EXPERIENCES:
        raise Refused("too_many", _("The list is full. Remove what matters least first."))
    row.code, row.year_from, row.year_to, row.own_words = code, year_from, year_to, own_words.strip()
    rows.checked(row)
    row.save()
    journal.write(actor, "experience.set", row, subject=peer.person_id)
    return row


@transaction.atomic
def remove_experience(experience: LivedExperience, *, actor: Actor) -> None:
    """Take one away: it is erased, not hidden."""
    require(actor, Can.EDIT_PEER, experience)
    journal.write(actor, "experience.remove", experience, subject=experience.peer.person_id)
    experience.delete()


def check_years(year_from: int | None, year_to: int | None, birth_year: int | None) -> None:
    """Years that can be true: in order, not to come, not before birth."""
    this_year = timezone.localdate().year
    first = birth_year or FIRST_YEAR
    for year in (year_from, year_to):
        if year is not None and not first <= year <= this_year:
            raise Refused(
                "strange_year",
                _("Check the years: they lie between %(first)s and %(last)s.") % {"first": first, "last": this_year},
            )
    if year_from is not None and year_to is not None and year_to < year_from:
        raise Refused("years_in_order", _("The last year comes before the first one."))


def years_since(experience: LivedExperience, on: date | None = None) -> int | None:
    """How many years ago it ended, or began when it goes on; None when it is not dated."""
    last = experience.year_to if experience.year_to is not None else experience.year_from
    return None if last is None else max(0, (on or timezone.localdate()).year - last)
