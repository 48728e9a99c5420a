"""A peer logs a contact: when, how, how long, themes ticked, how it felt. Never what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Least, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import follow_ups
from vecu.accompaniment.enums import Duration, Feeling, PairState, Theme
from vecu.accompaniment.events import ContactLogged, LogReminderDue
from vecu.accompaniment.models import Contact, Pair
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers.enums import Channel
from vecu.people.actor import Actor
from vecu.people.policy import Can

REMIND_AFTER = timedelta(days=2)
REMIND_AGAIN = timedelta(days=7)
MOVING = ("state", "first_contact_at", "last_contact_at", "silent_from")


@transaction.atomic
def log_contact(
    pair: Pair,
    *,
    actor: Actor,
    happened_on: date,
    channel: str,
    duration: str,
    feeling: str,
    themes: Sequence[str] = (),
    needs_support: bool = False,
    refers_back: bool = False,
    now: datetime | None = None,
) -> Contact:
    """One contact, by the peer of the pair. The first one is the first contact; a hard one may open a
    talk."""
    require(actor, Can.LOG_CONTACT, pair)
    moment = now or timezone.now()
    # Read again under the write lock: a message sent meanwhile may have been the first contact.
    pair.refresh_from_db(fields=MOVING, from_queryset=Pair.objects.select_for_update())
    _refuse_unlikely(pair, happened_on, moment)
    _refuse_unlisted(channel, duration, feeling)
    contact = Contact.objects.create(
        organisation_id=pair.organisation_id,
        pair=pair,
        logged_by_id=actor.person_id,
        happened_on=happened_on,
        channel=channel,
        duration=duration,
        themes=[theme for theme in Theme.values if theme in themes],
        feeling=feeling,
        needs_support=needs_support,
        refers_back=refers_back,
    )
    follow_ups.in_touch(pair, at=follow_ups.at_noon(happened_on, moment), now=moment)
    journal.write(actor, "contact.log", contact, subject=pair.beneficiary_id)
    publish(
        ContactLogged(contact.pk, pair.pk, pair.organisation_id, pair.peer.person_id, feeling, needs_support, moment)
    )
    return contact


def remind_to_log(now: datetime) -> int:
    """The two were in touch, or their first call was to be, two days ago or more, and nothing was logged since: a
    reminder, at most once a week."""
    week_ago = Value(now - REMIND_AGAIN, output_field=DateTimeField())
    logged = Contact.objects.filter(pair=OuterRef("pk"), happened_on__gte=OuterRef("last_day"))
    due = (
        Pair.objects.filter(
            Q(state=PairState.ONGOING, last_contact_at__lt=now - REMIND_AFTER)
            | Q(state=PairState.STARTING, call_planned_at__lt=now - REMIND_AFTER)
        )
        .annotate(last_at=Coalesce("last_contact_at", "call_planned_at"), last_day=TruncDate("last_at"))
        .filter(Q(log_reminded_at=None) | Q(log_reminded_at__lt=Least(week_ago, F("last_at"))))
        .filter(beneficiary__stopped_at=None, peer__person__stopped_at=None)
        .exclude(Exists(logged))
        .select_related("peer")
        .order_by("pk")
    )
    count = 0
    for pair in due:
        with transaction.atomic():
            Pair.objects.filter(pk=pair.pk).update(log_reminded_at=now)
            publish(LogReminderDue(pair.pk, pair.organisation_id, pair.peer.person_id))
            count += 1
    return count


def _refuse_unlisted(channel: str, duration: str, feeling: str) -> None:
    for value, known in ((channel, Channel), (duration, Duration), (feeling, Feeling)):
        if value not in known.values:
            raise Refused("unknown_choice", _("Choose one of the answers of the list."))


def _refuse_unlikely(pair: Pair, happened_on: date, moment: datetime) -> None:
    if pair.state == PairState.CLOSED:
        raise Refused("closed", _("This exchange has ended: nothing more can be logged."))
    if happened_on > timezone.localdate(moment):
        raise Refused("in_the_future", _("This day is to come: log the contact once it has taken place."))
    if happened_on < timezone.localdate(pair.opened_at):
        raise Refused("too_early", _("You were not in touch yet on that day."))
