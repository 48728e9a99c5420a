"""What the world of the walks holds of requests, of pairs in touch and of alerts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.cast import actor_of
from vecu.accompaniment.actions import (
    closing,
    contacts,
    drafts,
    evaluations,
    proposals,
    requests,
    triage,
)
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import CallOutcome, RequestClosing, RequestSource
from vecu.accompaniment.models import FollowUp, Pair, Proposal, RequestDraft, SupportRequest
from vecu.core.tests.photos import photo
from vecu.messaging.actions import lines, messages
from vecu.peers.enums import Channel
from vecu.people.actor import PUBLIC, Actor
from vecu.people.enums import ConsentChannel
from vecu.safeguarding.actions import alerts, sealed, talks
from vecu.safeguarding.enums import AlertKind, Danger, ReportReason
from vecu.safeguarding.models import AlertReview, Report

DAY = timedelta(days=1)


def ask(side: Any, days: int, name: str = "", actor: Actor = PUBLIC) -> tuple[SupportRequest, str]:
    """A request received so many days ago, from the public form: by someone new, unless signed in."""
    return requests.receive_request(
        side["programme"],
        actor=actor,
        source=RequestSource.ONLINE,
        asker=Asker(given_name=name, phone="01 99 00 61 61", departement="44", birth_year=1967),
        told=Told(
            role="patient",
            needs={"conditions": ["sep"], "stage": "living_with", "age_group": "adult"},
            wishes={"matters": ["travail"], "channels": ["phone", "writing"], "slots": ["tue_am"]},
            own_words="Je voudrais parler avec quelqu’un qui travaille encore.",
            call_parts=("morning",),
        ),
        has_agreed=True,
        now=timezone.now() - days * DAY,
    )


def open_request(side: Any, days: int, **asked: Any) -> SupportRequest:
    request, _code = ask(side, days, **asked)
    at = timezone.now() - (days - 1) * DAY
    triage.log_call(request, actor=side.claire, outcome=CallOutcome.REACHED, now=at)
    return triage.open_request(request, actor=side.claire, channel=ConsentChannel.ONLINE, now=at)


def furnish_requests(side: Any) -> None:
    side.rows["request_received"], side.rows["receipt"] = ask(side, 1, name="Lucette")
    side.rows["request_open"] = open_request(side, 6, name="Josiane")
    side.rows["request_waiting"] = triage.wait_request(
        open_request(side, 20, name="Ahmed"),
        actor=side.claire,
        ring_back_on=timezone.localdate() + 10 * DAY,
        alternatives=["help_line"],
    )
    closed, _code = ask(side, 40, name="Simone")
    triage.log_call(closed, actor=side.claire, outcome=CallOutcome.REACHED, now=timezone.now() - 39 * DAY)
    side.rows["request_closed"] = triage.close_request(closed, actor=side.claire, reason=RequestClosing.INFORMATION)
    proposed = open_request(side, 5, name="Damien")
    side.rows["request_proposed"] = proposed
    side.rows["proposal"] = propose(side, proposed)
    side.rows["draft"] = _draft(side)


def _draft(side: Any) -> RequestDraft:
    """The four questions answered, not sent yet."""
    answers: dict[str, dict[str, Any]] = {
        "who": {"role": "patient", "relation": "", "age_group": "adult"},
        "story": {
            "condition": "sclérose en plaques",
            "condition_code": "sep",
            "conditions": ["sep"],
            "own_condition": "",
            "matters": ["travail"],
            "stage": "living_with",
            "own_words": "J’hésite.",
        },
        "wishes": {
            "channels": ["phone"],
            "slots": ["tue_am"],
            "times": [],
            "departement": "44",
            "town": "Valmont",
            "birth_year": 1960,
            "near_my_age": False,
            "gender": "",
            "not_same_town": False,
            "not_same_site": False,
            "language": "fr",
            "languages": ["fr"],
            "site": "",
        },
        "contact": {
            "given_name": "Lucette",
            "phone": "01 99 00 61 62",
            "email": "",
            "has_shared_mailbox": False,
            "call_parts": ["morning"],
        },
    }
    draft = None
    for step, told in answers.items():
        draft = drafts.save_step(draft, step, told, actor=PUBLIC, programme=side["programme"])
    assert draft is not None
    return draft


def propose(side: Any, request: SupportRequest, days: int = 0) -> Proposal:
    return proposals.propose(
        request, side["peer"], actor=side.claire, choice_reason="story", now=timezone.now() - days * DAY
    )


def pair_up(side: Any, days: int) -> Pair:
    """The person and the peer in touch since so many days."""
    request = open_request(side, days + 3, actor=side.nadia)
    proposal = propose(side, request, days)
    return proposals.accept(proposal, actor=side.helene, now=timezone.now() - days * DAY)


def log(side: Any, pair: Pair, days: int, feeling: str = "good") -> Any:
    at = timezone.now() - days * DAY
    return contacts.log_contact(
        pair,
        actor=side.helene,
        happened_on=timezone.localdate(at),
        channel=Channel.PHONE,
        duration="half_hour",
        feeling=feeling,
        themes=["work"],
        now=at,
    )


def furnish_pair(side: Any) -> None:
    pair = side.rows["pair"] = pair_up(side, 12)
    assert pair.beneficiary_id == side.person.pk
    side.rows["contact"] = log(side, pair, 10)
    side.rows["follow_up"] = FollowUp.objects.filter(pair=pair, done_at=None).order_by("due_on").first()
    side.rows["thread"] = pair.thread
    before = timezone.now() - timedelta(hours=3)
    side.rows["message"] = messages.send_message(
        pair.thread, actor=side.helene, body="Bonjour, on commence par où vous voulez.", now=before
    )
    side.rows["message_of_person"] = messages.send_message(
        pair.thread, actor=side.nadia, body="Merci. Plutôt le matin.", now=before
    )
    side.rows["image"] = messages.send_message(
        pair.thread, actor=side.helene, body="", image=photo(), image_alt="Un sentier", now=before
    )
    lines.report_message(side["message"], actor=side.nadia, reason=ReportReason.MEDICAL, words="Je ne sais pas.")
    side.rows["report"] = Report.objects.get(message_key=side["message"].pk)


def furnish_closed_pair(side: Any) -> None:
    """An exchange that ended well a week ago, with its three questions to answer."""
    pair = pair_up(side, 90)
    log(side, pair, 80)
    closing.close_pair(pair, actor=side.claire, closing="need_met", now=timezone.now() - 7 * DAY)
    side.rows["closed_pair"] = pair
    found = pair.evaluations.order_by("side")
    assert [row.side for row in found] == ["beneficiary", "peer"]
    side.rows["evaluation"], side.rows["evaluation_of_peer"] = found
    evaluations.answer(side["evaluation_of_peer"], actor=side.helene, first=4)


def furnish_alerts(side: Any) -> None:
    side.rows["alert"] = alerts.open_alert(
        side.organisation,
        actor=side.helene,
        kind=AlertKind.WORRY,
        subject=side.person,
        danger=Danger.UNSURE,
        facts="N’en peut plus.",
    )
    sealed.write_contact(side.person, actor=side.nadia, town="Valmont", phone="01 99 00 61 63")
    told = {"actor": side.helene, "kind": AlertKind.WORRY, "subject": side.person, "danger": Danger.YES}
    grave, other = (alerts.open_alert(side.organisation, **told) for _ in range(2))
    psychologist = actor_of(side.psychologist, side.organisation)
    # One opened alone, to be read; and one that waits for a second person.
    side.rows["opening"] = sealed.ask_opening(
        grave, actor=psychologist, reason="Ne répond plus à personne.", is_alone=True
    )
    sealed.ask_opening(other, actor=side.claire, reason="Pour appeler sa sœur.")
    side.rows["review"] = AlertReview.objects.filter(alert=grave).order_by("due_at", "kind").first()
    side.rows["help"] = alerts.open_alert(side.organisation, actor=side.nadia, kind=AlertKind.HELP_NOW)
    side.rows["talk"] = talks.ask_to_talk(
        actor=side.helene, person_id=side.peer_person.pk, organisation_id=side.organisation.pk, words="Après l’appel."
    )
