"""Checks every verb shares: what is typed becomes a row the model accepts, or a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.errors import Refused
from vecu.peers.models import Peer
from vecu.people.models import Site

FIRST_YEAR = 1900
LONGEST_PERIOD_YEARS = 30


def checked(row: Model) -> Model:
    """The row, once its fields and constraints hold; else Refused with what the model says."""
    links = {field.name for field in row._meta.get_fields() if field.many_to_one}
    try:
        row.full_clean(exclude=links, validate_unique=False)
    except ValidationError as error:
        raise Refused("incomplete", " ".join(dict.fromkeys(error.messages))) from error
    return row


def codes_in(codes: Iterable[str], allowed: Iterable[str], what: str) -> list[str]:
    """Each code once, in the order of the list; one that does not exist is refused."""
    wanted, order = set(codes), list(allowed)
    if not wanted <= set(order):
        raise Refused("unknown_choice", _("One of the choices for “%(what)s” does not exist.") % {"what": what})
    return [code for code in order if code in wanted]


def refuse_ended(peer: Peer) -> None:
    """Nothing changes any more in the file of someone who has left."""
    if peer.ended_on is not None and peer.ended_on <= timezone.localdate():
        raise Refused("ended", _("This person is no longer a patient partner here."))


def refuse_other_place(organisation_id: UUID, site: Site | None) -> None:
    """The place of care is one of the organisation's own sites, or is not said."""
    if site is not None and site.organisation_id != organisation_id:
        raise Refused("other_place", _("Choose one of the sites of your organisation, or leave the place out."))


def reasonable_day(day: date, what: str) -> date:
    """A day that can be true: after 1900, and not further than thirty years ahead."""
    if not FIRST_YEAR <= day.year <= timezone.localdate().year + LONGEST_PERIOD_YEARS:
        raise Refused("strange_date", _("Check the year of “%(what)s”.") % {"what": what})
    return day


def update(row: Any, **fields: Any) -> None:
    """Set, check and save these fields."""
    for name, value in fields.items():
        setattr(row, name, value)
    checked(row)
    row.save(update_fields=[*fields, "updated_at"])
