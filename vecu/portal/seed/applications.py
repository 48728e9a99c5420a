"""Applications of the demo: one in every state at the committee, Marc among them, and one that is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from vecu.people import actions as people
from vecu.people.actor import PUBLIC, Actor, system
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.portal.seed.people import Place, World, acting, address_of
from vecu.recruitment import letters
from vecu.recruitment.actions import applications, decisions, interviews, recruitments, slots
from vecu.recruitment.models import Application, Campaign, InterviewSlot

DAY = timedelta(days=1)
BREAST = ("Lina", "Fatou", "Sylvie")
GUIDE = {
    "motivation": "Rendre ce qu’on lui a donné ; a été aidé par un pair.",
    "silences": "Sa séparation.",
    "limits": "Pas d’accompagnement de fin de vie pour l’instant.",
    "availability": "Deux demi-journées par mois, en voiture.",
}


def past(world: World) -> None:
    """How each organisation recruits, hours offered, and where each application stands."""
    for place, profiles, needs_two in (
        (world.committee, ["companion", "witness", "educator", "standardised", "voice"], True),
        (world.hospital, ["educator", "companion"], False),
    ):
        phone = place.organisation.phone
        recruitments.set_up(
            place.organisation, actor=place.actor, is_open=True, profiles=profiles, phone=phone, needs_two=needs_two
        )
    committee = world.committee
    recruitments.set_condition(
        committee.organisation,
        actor=committee.actor,
        profile="witness",
        kind="membership",
        words="Le comité peut vous y inscrire le jour de l’entretien.",
    )
    _standing(world)
    _ended(world)
    _to_come(world)


def _standing(world: World) -> None:
    """Received (one of them late), to meet with and without an hour, met, decided by one of two."""
    apply(world, 2, "Sylvie", "Garnier", "companion", hindsight="under_6_months")
    apply(world, 1, "Aurélien", "Faure", "voice", rhythm="unknown")
    apply(world, 24, "Colette", "Mercier", "witness", membership="ready")
    _invite(world, apply(world, 6, "Bruno", "Chauvin", "educator"), 5)
    marc = apply(world, 30, "Marc", "Vidal", "witness", born=1971)
    met(world, marc, 12, "favourable")
    lina = apply(world, 33, "Lina", "Haddad", "companion", born=1984)
    met(world, lina, 15, "favourable")
    decisions.decide(lina, actor=world.committee.actor, outcome="accepted", now=world.now - 3 * DAY)


def _ended(world: World) -> None:
    """Accepted, later, another role, not retained, withdrawn: each with its letter, but the last."""
    place = world.committee
    second = acting(_second_coordinator(place), place.organisation, Role.COORDINATOR)
    world.second = second
    for days, given, family, profile, answer in (
        (120, "Joël", "Perrin", "witness", {"outcome": "accepted"}),
        (150, "Ghislaine", "Roche", "companion", {"outcome": "deferred", "why": "hindsight", "later": 20}),
        (110, "Thierry", "Lemoine", "companion", {"outcome": "redirected", "why": "other_role", "redirected_to": "voice"}),
        (100, "Maryse", "Gaillard", "standardised", {"outcome": "declined", "why": "enough"}),
    ):  # fmt: skip
        found = apply(world, days, given, family, profile)
        met(world, found, days - 14, "favourable" if answer["outcome"] == "accepted" else "not_now")
        tell_answer(world, found, days - 20, dict(answer), second)
    gone = apply(world, 20, "Didier", "Colas", "educator")
    applications.withdraw_application(gone, actor=applications.holder(gone), now=world.now - 17 * DAY)


def _to_come(world: World) -> None:
    """Hours to choose, and Fatou who has chosen one."""
    made = _offer(world, 4, 3) + _offer(world, 9, 3)
    fatou = apply(world, 8, "Fatou", "Sarr", "witness", born=1990)
    _invite(world, fatou, 6)
    interviews.book(fatou, made[1], actor=applications.holder(fatou), now=world.now - 4 * DAY)
    # Held two days ago, and not yet recorded: on the psychologist's first screen.
    slot = _offer(world, -2, 1)[0]
    henri = apply(world, 13, "Henri", "Bonnet", "companion")
    _invite(world, henri, 10)
    interviews.book(henri, slot, actor=applications.holder(henri), now=world.now - 9 * DAY)


def apply(
    world: World,
    days: int,
    given: str,
    family: str,
    profile: str,
    *,
    born: int = 1966,
    campaign: Campaign | None = None,
    **said: str,
) -> Application:
    """Somebody applies from the form, so many days ago."""
    found, _code = applications.receive_application(
        world.committee.organisation.recruitment,
        actor=PUBLIC,
        profile=profile,
        answers=_told(given, family, profile, born, said),
        campaign=campaign,
        now=world.now - days * DAY,
    )
    return found


def _told(given: str, family: str, profile: str, born: int, said: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the six pages were answered."""
    return {
        "you": {"kind": "patient", "relation": "", "is_adult": "yes"},
        "lived": {
            "condition": "",
            "conditions": [said.get("lived") or ("cancer_sein" if given in BREAST else "cancer_colorectal")],
            "hindsight": said.get("hindsight", "years_2_5"),
        },
        "offer": {
            "rhythm": said.get("rhythm", "monthly"),
            "times": ["week_am"],
            "slots": ["tue_am", "thu_am"],
            "channels": ["phone"] if profile == "companion" else [],
            "departement": "44",
            "language": "",
        },
        "words": {
            "motivation": "On m’a tendu la main au bon moment. J’aimerais le faire à mon tour.",
            "silences": "Ma vie de famille.",
            "limits": "Pas le soir, et pas plus d’une fois par semaine.",
        },
        "rules": {"membership": said.get("membership", "member"), "conflict": "no", "charter": "yes", "heard": "peer"},
        "contact": {
            "given_name": given,
            "family_name": family,
            "phone": "01 99 00 71 71",
            "email": f"{given}.{family}@candidature.example".lower().encode("ascii", "ignore").decode(),
            "has_shared_mailbox": False,
            "birth_year": born,
            "call_parts": ["morning"],
            "agrees": True,
        },
    }


def _psychologist(place: Place) -> Actor:
    return acting(place.psychologist, place.organisation, Role.PSYCHOLOGIST)


def _offer(world: World, days: int, count: int) -> list[InterviewSlot]:
    """A morning of hours by the psychologist, that many days from now."""
    day = timezone.localdate(world.now + days * DAY)
    starts_at = timezone.make_aware(datetime.combine(day, time(9)))
    asked_at = min(world.now, starts_at) - 10 * DAY
    return slots.offer_slots(
        actor=_psychologist(world.committee), starts_at=starts_at, minutes=45, count=count, now=asked_at
    )


def _invite(world: World, found: Application, days: int) -> None:
    interviews.invite(found, actor=world.committee.actor, now=world.now - days * DAY)


def met(world: World, found: Application, days: int, outcome: str) -> None:
    """Met by the psychologist, so many days ago."""
    slot = _offer(world, -days, 1)[0]
    before = slot.starts_at - 3 * DAY
    interviews.invite(found, actor=world.committee.actor, now=before)
    interviews.book(found, slot, actor=applications.holder(found), now=before)
    slot.refresh_from_db()
    interviews.record_interview(
        slot,
        actor=_psychologist(world.committee),
        outcome=outcome,
        guide=GUIDE,
        notes="À revoir au groupe de pratique.",
        now=slot.ends_at,
    )
    found.refresh_from_db()


def tell_answer(world: World, found: Application, days: int, answer: dict[str, Any], second: Actor) -> None:
    """Decided by two people, and told."""
    at, place = world.now - days * DAY, world.committee
    later = answer.pop("later", None)
    if later:
        answer["talk_again_on"] = timezone.localdate(world.now + later * DAY)
    decision = decisions.decide(found, actor=place.actor, now=at, **answer)
    decisions.confirm(decision, actor=second, now=at + DAY)
    recruitment = applications.recruitment_of(found)
    body = letters.draft(found, recruitment, signed_by=place.coordinator.given_name)
    decisions.send_letter(found, actor=place.actor, body=body, way="mail", now=at + 2 * DAY)


def _second_coordinator(place: Place) -> Person:
    """Whoever confirms with Claire: two people decide at the committee."""
    given, family = "Agnès", "Tessier"
    return people.create_person(
        actor=system(place.organisation.pk),
        organisation=place.organisation,
        role=Role.COORDINATOR,
        given_name=given,
        family_name=family,
        email=address_of(given, family),
        has_account=True,
        phone="01 99 00 12 35",
        languages=["fr"],
    )
