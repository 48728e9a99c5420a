"""Messages of the demo's exchanges, and what safeguarding has in hand."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from vecu.messaging.actions import lines, messages, seats
from vecu.people.enums import Role
from vecu.portal.seed.people import World, acting
from vecu.portal.seed.stories import of_peer, of_person
from vecu.safeguarding.actions import alerts, reviews, sealed, talks
from vecu.safeguarding.enums import AlertKind, AlertOutcome, Danger, ReportReason

HOUR = timedelta(hours=1)
TALK = (
    ("person", 240, "Bonjour. Merci d’avoir accepté. Je ne sais pas trop par où commencer."),
    ("peer", 235, "Bonjour ! On commence par où vous voulez. Moi, les premiers mois, je comptais tout."),
    ("person", 230, "Le plus dur, c’est le travail. Je n’ai rien dit à mes collègues."),
    (
        "peer",
        170,
        "J’ai attendu deux ans. Puis j’ai choisi à qui le dire, et comment. On peut en parler au téléphone, si vous préférez.",
    ),
    ("person", 160, "Oui, j’aimerais bien. Plutôt le matin."),
    ("peer", 48, "Je suis libre mardi matin. La coordination nous met en lien."),
    ("person", 3, "Merci. Ça fait du bien de lire quelqu’un qui sait."),
)


def exchanges(world: World) -> None:
    """A thread that lives, and one with a reported line."""
    pair = world.pairs[0]
    for who, hours, body in TALK:
        actor = of_peer(pair.peer) if who == "peer" else of_person(pair)
        messages.send_message(pair.thread, actor=actor, body=body, now=world.now - hours * HOUR)
    for actor in (of_peer(pair.peer), of_person(pair)):
        seats.show_first_name(pair.thread, actor=actor)
        seats.show_reading(pair.thread, actor=actor)
    other = world.pairs[3]
    messages.send_message(
        other.thread, actor=of_person(other), body="Mon traitement me fatigue beaucoup.", now=world.now - 30 * HOUR
    )
    said = messages.send_message(
        other.thread,
        actor=of_peer(other.peer),
        body="Moi, je sautais une prise le week-end.",
        now=world.now - 29 * HOUR,
    )
    messages.send_message(other.thread, actor=of_person(other), body="Ah bon ? On peut ?", now=world.now - 28 * HOUR)
    lines.report_message(
        said,
        actor=of_person(other),
        reason=ReportReason.MEDICAL,
        words="Je ne sais pas si c’est prudent.",
        now=world.now - 26 * HOUR,
    )


def safety(world: World) -> None:
    """A closed alert whose sealed contact was opened, one open since twenty minutes, and a peer who needs to talk."""
    committee = world.committee
    _past_alert(world)
    worried = world.pairs[2]
    alerts.open_alert(
        committee.organisation,
        actor=of_peer(worried.peer),
        kind=AlertKind.WORRY,
        subject=worried.beneficiary,
        danger=Danger.UNSURE,
        where="Chez elle, je crois.",
        facts="Elle dit qu’elle n’en peut plus.",
        now=world.now - timedelta(minutes=20),
    )
    talks.ask_to_talk(
        actor=of_peer(worried.peer),
        person_id=worried.peer.person_id,
        organisation_id=committee.organisation.pk,
        words="L’échange d’hier m’est resté.",
        now=world.now - 2 * HOUR,
    )


def _past_alert(world: World) -> None:
    """Forty days ago: an immediate danger, what was sealed opened by two, looked at again on the planned days."""
    committee, pair = world.committee, world.pairs[1]
    psychologist = acting(committee.psychologist, committee.organisation, Role.PSYCHOLOGIST)
    day = timezone.localdate(world.now) - timedelta(days=40)
    month_ago = timezone.make_aware(datetime.combine(day, time(10, 30)))
    for sure, town in ((pair, "Valmont"), (world.pairs[0], "Saint-Brévin")):
        sealed.write_contact(
            sure.beneficiary,
            actor=of_person(sure),
            town=town,
            relative="Odile, ma sœur",
            relative_phone="01 99 00 88 88",
            now=month_ago - timedelta(days=9),
        )
    old = alerts.open_alert(
        committee.organisation,
        actor=of_peer(pair.peer),
        kind=AlertKind.WORRY,
        subject=pair.beneficiary,
        danger=Danger.YES,
        facts="Ne répondait plus depuis notre dernier appel.",
        now=month_ago,
    )
    alerts.take_alert(old, actor=psychologist, now=month_ago + timedelta(minutes=9))
    opening = sealed.ask_opening(
        old, actor=psychologist, reason="Son dernier message était un adieu, elle ne répond plus.", now=month_ago
    )
    sealed.agree_opening(opening, actor=committee.actor, now=month_ago + timedelta(minutes=14))
    alerts.close_alert(old, actor=psychologist, outcome=AlertOutcome.PERSON_SAFE, now=month_ago + timedelta(hours=5))
    for review in old.reviews.all():
        reviews.record_review(
            review, actor=psychologist, note="Vu ensemble. Rien ne reste à régler.", now=review.due_at
        )
