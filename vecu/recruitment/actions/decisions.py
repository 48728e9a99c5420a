"""Deciding, by one person or by two, and the letter without which nothing ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import dates, journal, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers.enums import Profile
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recruitment.actions import applications, notices, slots
from vecu.recruitment.enums import LetterWay, Outcome, Reason
from vecu.recruitment.events import ApplicationAccepted, DecisionConfirmed, DecisionToConfirm
from vecu.recruitment.models import Application, ApplicationLetter, Decision, Interview, InterviewSlot
from vecu.recruitment.workflows import APPLICATION

LONGEST_LETTER, SHORTEST_LETTER = 4000, 40
# The move of each letter.
MOVES = {
    Outcome.ACCEPTED: "accept",
    Outcome.DEFERRED: "defer",
    Outcome.REDIRECTED: "redirect",
    Outcome.DECLINED: "decline",
}


@transaction.atomic
def decide(
    application: Application,
    *,
    actor: Actor,
    outcome: str,
    why: str = "",
    talk_again_on: date | None = None,
    redirected_to: str = "",
    now: datetime | None = None,
) -> Decision:
    """A named person says what will be answered. What the applicant had written for themselves is destroyed. Where
    two decide, somebody else confirms before the letter; a letter ends it in all cases."""
    require(actor, Can.DECIDE_APPLICATION, application)
    now = now or timezone.now()
    why = "" if outcome == Outcome.ACCEPTED else why
    _check(application, outcome, why, talk_again_on, redirected_to, timezone.localdate(now))
    recruitment = applications.recruitment_of(application)
    APPLICATION.apply(
        application,
        "decide",
        actor=actor,
        **applications.on_its_way(application, now),
        outcome=outcome,
        why=why,
        talk_again_on=talk_again_on if outcome == Outcome.DEFERRED else None,
        redirected_to=redirected_to if outcome == Outcome.REDIRECTED else "",
    )
    _give_hours_back(application, now)
    vault.destroy(application.own_vault_id)
    decision = Decision.objects.create(
        organisation_id=application.organisation_id,
        application=application,
        outcome=outcome,
        why=why,
        by_id=actor.person_id,
        decided_at=now,
    )
    if recruitment.needs_two:
        _ask_for_another(decision)
    return decision


def _ask_for_another(decision: Decision) -> None:
    met = Interview.objects.filter(application=decision.application_id).exclude(host=None).order_by()
    met_by = tuple(met.values_list("host_id", flat=True).distinct())
    publish(DecisionToConfirm(decision.application_id, decision.organisation_id, decision.by_id, met_by))


@transaction.atomic
def confirm(decision: Decision, *, actor: Actor, now: datetime | None = None) -> Decision:
    """The second person agrees, another coordinator or the psychologist who met them: the letter may leave."""
    require(actor, Can.CONFIRM_DECISION, decision)
    if decision.by_id == actor.person_id:
        raise Refused("same_person", _("Someone else confirms: two people decide here."))
    standing = Decision.objects.filter(pk=decision.pk, taken_back_at=None, confirmed_at=None)
    moment = now or timezone.now()
    if not standing.update(confirmed_at=moment, confirmed_by=actor.person_id, updated_at=moment):
        raise Refused("stale", _("This decision was already confirmed, or taken back."))
    decision.refresh_from_db()
    journal.write(actor, "decision.confirm", decision)
    publish(DecisionConfirmed(decision.application_id, decision.organisation_id, actor.person_id))
    return decision


@transaction.atomic
def take_back(application: Application, *, actor: Actor, now: datetime | None = None) -> Application:
    """Before the letter, either of the two may stop: it is decided again, with what has been said since."""
    require(actor, Can.DECIDE_APPLICATION, application)
    now = now or timezone.now()
    cleared = {"outcome": "", "why": "", "talk_again_on": None, "redirected_to": ""}
    APPLICATION.apply(application, "take_back", actor=actor, **applications.on_its_way(application, now), **cleared)
    Decision.objects.filter(application=application, taken_back_at=None).update(taken_back_at=now, updated_at=now)
    return application


@transaction.atomic
def send_letter(
    application: Application, *, actor: Actor, body: str, way: str, now: datetime | None = None
) -> ApplicationLetter:
    """The answer leaves, in these words, and the application ends as it was decided. By mail only a link leaves; by
    hand, whoever sends it says that they printed it or told it."""
    require(actor, Can.DECIDE_APPLICATION, application)
    now, body = now or timezone.now(), body.strip()
    decision = Decision.objects.filter(application=application, taken_back_at=None).first()
    if decision is None or application.outcome not in MOVES:
        raise Refused("undecided", _("Decide first: then its letter can be sent."))
    if not is_settled(decision, applications.recruitment_of(application).needs_two):
        raise Refused("unconfirmed", _("Two people decide here: someone else confirms before the letter leaves."))
    if not SHORTEST_LETTER <= len(body) <= LONGEST_LETTER:
        raise Refused("strange_letter", _("Write a letter of 40 to 4,000 characters: it is all the person will have."))
    if way == LetterWay.MAIL and not notices.may_write(application):
        raise Refused("no_mail", _("No letter can be sent by e-mail to this person. Post it, or read it on the phone."))
    letter = ApplicationLetter(
        organisation_id=application.organisation_id,
        application=application,
        outcome=application.outcome,
        way=way,
        sent_at=now,
        sent_by_id=actor.person_id,
    )
    letter.body = body
    letter.save(force_insert=True)
    _end(application, actor, now)
    if way == LetterWay.MAIL:
        notices.announce(application, f"letter-{letter.pk}")
    return letter


@transaction.atomic
def read_letter(letter: ApplicationLetter, *, actor: Actor, now: datetime | None = None) -> None:
    """The person has opened their answer: those who sent it know that it arrived."""
    require(actor, Can.APPLY)
    ApplicationLetter.objects.filter(pk=letter.pk, read_at=None).update(read_at=now or timezone.now())


def is_settled(decision: Decision, needs_two: bool) -> bool:
    """Nobody else has to agree."""
    return not needs_two or decision.confirmed_at is not None


def standing_decision(application: Application) -> Decision | None:
    """The decision in force, with who took it."""
    found = Decision.objects.filter(application=application, taken_back_at=None)
    return found.select_related("by", "confirmed_by").first()


def _end(application: Application, actor: Actor, now: datetime) -> None:
    """The move of this letter; someone told « later » is owed a call on the day said, the others nothing more."""
    recruitment = applications.recruitment_of(application)
    outcome, due, kept = Outcome(application.outcome), None, applications.kept_until(recruitment, now)
    if outcome == Outcome.DEFERRED and application.talk_again_on:
        due = timezone.make_aware(datetime.combine(application.talk_again_on, time.max))
        # Kept long enough to talk again and to be answered; still within the year.
        kept = min(
            dates.add_months(timezone.localdate(now), applications.MOST_MONTHS),
            max(kept, application.talk_again_on + timedelta(days=recruitment.answer_days)),
        )
    APPLICATION.apply(application, MOVES[outcome], actor=actor, moved_at=now, answer_by=due, expires_on=kept)
    if outcome == Outcome.ACCEPTED:
        publish(ApplicationAccepted(application.pk, application.organisation_id, actor.person_id))


def _check(
    application: Application, outcome: str, why: str, talk_again_on: date | None, redirected_to: str, today: date
) -> None:
    if outcome not in Outcome.values:
        raise Refused("no_outcome", _("Say what is answered."))
    if outcome != Outcome.ACCEPTED and why not in Reason.values:
        raise Refused("no_reason", _("Say why, in one of these words: it is kept with the answer."))
    if outcome == Outcome.DEFERRED:
        last = dates.add_months(today, applications.MOST_MONTHS)
        if talk_again_on is None or not today < talk_again_on < last:
            raise Refused(
                "no_day",
                _("Give a day on which you talk again, within a year: an application is not kept longer."),
            )
    if outcome == Outcome.REDIRECTED and (redirected_to not in Profile.values or redirected_to == application.profile):
        raise Refused("no_role", _("Say which other role you propose."))


def _give_hours_back(application: Application, now: datetime) -> None:
    """An hour chosen and still to come is free for someone else; one that has passed is over."""
    for slot in InterviewSlot.objects.booked(application.pk):
        if slot.starts_at > now:
            slots.free_slot(slot, now)
        else:
            slot.closed_at = now
            slot.save(update_fields=["closed_at", "updated_at"])
