"""Three questions at the end, to each of the two, when the ending allows it. Any may be left without an
answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.enums import EvaluationSide
from vecu.accompaniment.events import EvaluationAsked
from vecu.accompaniment.models import Evaluation, Pair
from vecu.accompaniment.querysets import EvaluationQuerySet
from vecu.core import journal
from vecu.core.access import require
from vecu.core.crypto import sealed
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people import actions as people_actions
from vecu.people.actor import Actor
from vecu.people.enums import ConsentPurpose
from vecu.people.policy import Can

LOWEST, HIGHEST = 1, 5
WORD_LENGTH = 300


def ask(pair: Pair, now: datetime) -> list[Evaluation]:
    """Ask both sides; the person only with their agreement to be asked, nobody about whom everything is
    stopped."""
    sides = []
    beneficiary, peer = pair.beneficiary, pair.peer.person
    if (
        beneficiary is not None
        and not beneficiary.is_stopped
        and people_actions.has_consent(beneficiary, ConsentPurpose.EVALUATION, pair.organisation)
    ):
        sides.append((EvaluationSide.BENEFICIARY, beneficiary))
    if not peer.is_stopped:
        sides.append((EvaluationSide.PEER, peer))
    asked = []
    for side, person in sides:
        row = Evaluation.objects.create(
            organisation_id=pair.organisation_id, pair=pair, person=person, side=side, asked_at=now
        )
        publish(EvaluationAsked(row.pk, row.organisation_id, person.pk))
        asked.append(row)
    return asked


def cancel(rows: EvaluationQuerySet, now: datetime) -> int:
    """These questions are no longer asked: nobody is shown them again, and that they were asked is not rewritten."""
    return rows.waiting().update(cancelled_at=now, updated_at=now)


@transaction.atomic
def answer(
    evaluation: Evaluation,
    *,
    actor: Actor,
    first: int | None = None,
    second: int | None = None,
    third: int | None = None,
    word: str = "",
    now: datetime | None = None,
) -> Evaluation:
    """Keep the answers, once, by the person asked; by a coordinator when someone without an account tells them on
    the phone. Leaving a question out counts as no answer, never as a low one."""
    is_told_by_phone = actor.person_id != evaluation.person_id
    require(actor, Can.CLOSE_PAIR if is_told_by_phone else Can.EVALUATE, evaluation)
    if is_told_by_phone:
        _refuse_others(evaluation)
    _refuse_odd((first, second, third), word)
    moment = now or timezone.now()
    done = (
        Evaluation.objects.waiting()
        .filter(pk=evaluation.pk)
        .update(
            answered_at=moment,
            first=first,
            second=second,
            third=third,
            word=sealed(evaluation, "word", word.strip()),
            updated_at=moment,
        )
    )
    if not done and evaluation.cancelled_at is not None:
        raise Refused("cancelled", _("These questions are no longer asked. There is nothing to answer."))
    if not done:
        raise Refused("already_answered", _("You have already answered. Thank you."))
    evaluation.refresh_from_db()
    verb = "evaluation.answer_by_phone" if is_told_by_phone else "evaluation.answer"
    journal.write(actor, verb, evaluation, subject=evaluation.person_id)
    return evaluation


def _refuse_others(evaluation: Evaluation) -> None:
    """Nobody answers for someone who can: only the person followed, without an account, is written down."""
    if evaluation.is_waiting and not evaluation.awaits_phone:
        raise Refused("not_yours", _("These questions are for someone else."))


def _refuse_odd(answers: Iterable[int | None], word: str) -> None:
    if any(given is not None and not LOWEST <= given <= HIGHEST for given in answers):
        raise Refused("out_of_range", _("Choose one of the five answers, or none."))
    if len(word) > WORD_LENGTH:
        raise Refused("too_long", _("A word or a short sentence is enough: 300 characters at most."))
