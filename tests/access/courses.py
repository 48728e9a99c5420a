"""What the world of the walks holds of training: a course, a cohort, an attestation, a diploma sent, a catalogue."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from vecu.agenda import actions as agenda
from vecu.agenda.enums import Presence
from vecu.core.tests import recordings
from vecu.core.tests.photos import photo
from vecu.peers import actions as peers
from vecu.people.models import Membership
from vecu.training import actions as training
from vecu.training.enums import Qualification

DAY = timedelta(days=1)


def furnish_thanks(side: Any) -> Any:
    """The peer left once, was thanked, and came back."""
    peer = side["peer"]
    peers.end_engagement(peer, actor=side.claire)
    side.rows["engagement"] = training.thank(peer, actor=side.claire, letter="Merci pour tout.")
    since = timezone.localdate() - 690 * DAY
    given = {"profiles": peer.profiles, "started_on": since, "max_pairs": peer.max_pairs}
    side.rows["peer"] = peers.add_peer(peer.person, actor=side.claire, organisation=side.organisation, **given)
    held = Membership.objects.current().filter(person=side.peer_person, organisation=side.organisation)
    side.rows |= {"membership": held.get(), "peer_person": side.peer_person}
    return side["peer"]


def furnish_training(side: Any) -> None:
    """A morning of yesterday that the peer followed to its end, its attestation; a diploma to look at; a catalogue."""
    here = {"actor": side.claire, "organiser": "UTEP", "qualification": Qualification.PEER, "minutes": 180}
    told = {"title": "Être patient partenaire", "modules": [("Écouter", 180)], "validity_months": 1}
    told["criteria"] = ["Écouter sans conseiller"]
    course = training.create_course(side.organisation, **told, **here)
    at = timezone.now() - DAY
    days = [(at, at + timedelta(hours=3), side.site, "")]
    cohort = training.open_cohort(course, actor=side.claire, host=side.psychologist, places=8, half_days=days)
    training.add_trainee(cohort, side.peer_person, actor=side.claire)
    agenda.record_presence(cohort.gathering.half_days.get(), side.peer_person, Presence.PRESENT, actor=side.claire)
    trainee = cohort.trainees.get()
    training.receive_papers(trainee, ["rules"], actor=side.claire)
    looked_at = str(course.criteria.get().pk)
    own = training.assess_self(trainee, "after", {looked_at: "alone"}, actor=side.helene)
    look = training.assess(trainee, {looked_at: "with_help"}, actor=side.claire)
    side.rows |= {"criterion": course.criteria.get(), "self_assessment": own, "assessment": look}
    side.rows["course_review"] = cohort.review
    _furnish_online(side, course.modules.get(), trainee)
    attestation = training.issue_to(cohort, side.peer_person, actor=side.claire)
    equivalence = training.ask_equivalence(
        side.peer_person,
        actor=side.helene,
        organisation=side.organisation,
        qualification=Qualification.LISTENING,
        diploma="DU d’écoute",
        obtained_on=timezone.localdate() - 900 * DAY,
        file=photo(),
    )
    known = training.save_known_course(side.organisation, title="DU", kind="university", **here)
    side.rows |= {"course": course, "cohort": cohort, "trainee": trainee, "paper": trainee.papers.get()}
    side.rows |= {"attestation": attestation, "attestation_code": str(attestation.code)}
    training.export_badge(attestation, actor=side.helene)
    side.rows |= {"equivalence": equivalence, "known_course": known}


def _furnish_online(side: Any, module: Any, trainee: Any) -> None:
    """A page to listen to that the peer has seen, and a note of their diary."""
    given = training.PageGiven("À écouter", file=io.BytesIO(recordings.wav()), transcript="Trois notes.")
    page = training.add_page(module, "sound", given, actor=side.claire)
    following = training.see_page(trainee, page, actor=side.helene)
    note = training.write_note(trainee, "Pour moi", actor=side.helene)
    side.rows |= {"course_module": module, "module_page": page, "page_sound": page.sound}
    side.rows |= {"module_following": following, "diary_note": note}
