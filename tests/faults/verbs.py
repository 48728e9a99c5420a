"""How each action is called that making a world does not call: one line a verb, on rows of that world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.access.world import NOW
from tests.cast import actor_of
from tests.test_erasure import Story
from vecu.accompaniment.actions import (
    closing,
    drafts,
    follow_ups,
    pairs,
    plans,
    programmes,
    proposals,
    requests,
    triage,
)
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.agenda import actions as agenda
from vecu.agenda.enums import Presence
from vecu.core.openid import Proof
from vecu.core.tests.photos import photo
from vecu.messaging.actions import lines, messages, notices, seats, threads
from vecu.missions import actions as missions
from vecu.missions.models import Mission
from vecu.peers.actions import availability, clearances, engagement, experiences, imports, load, places
from vecu.people import actions as people
from vecu.people.actions import addresses, arrivals, refusals
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import ConsentPurpose, OrganisationKind, Role, StopReason
from vecu.recognition import actions as recognition
from vecu.recognition.actions.claims import Costs
from vecu.recognition.models import Claim
from vecu.recruitment.actions import applications, campaigns, decisions, interviews, recruitments
from vecu.safeguarding.actions import alerts, duties, retention, talks
from vecu.training import actions as training

DAY = timedelta(days=1)
Verb = Callable[[Story], Any]


def by_claire(call: Any, row: str, **fields: Any) -> Verb:
    """The coordinator does it to a row of her organisation."""
    return lambda story: call(story.side[row], actor=story.side.claire, **fields)


def by_helene(call: Any, row: str, **fields: Any) -> Verb:
    return lambda story: call(story.side[row], actor=story.side.helene, **fields)


def verbs() -> list[Verb]:
    """Looked up when asked for, so that what is under trial is what is called."""
    return [
        *_accompaniment(),
        *_exchanges(),
        *_peers(),
        *_people(),
        *_safety(),
        *_agenda(),
        *_recognition(),
        *_training(),
        *_recruitment(),
        *_missions(),
    ]


def _accompaniment() -> list[Verb]:
    asker = Asker(given_name="Lucie", phone="01 99 00 61 99", departement="44")
    told = Told(role="patient", needs={"conditions": ["sep"]}, wishes={"channels": ["phone"]}, own_words="")
    return [
        lambda story: closing.ask_change(story.side["pair"], actor=story.side.nadia),
        by_claire(closing.change_peer, "pair"),
        lambda story: closing.follow_withdrawn_consent(
            story.side.person.pk, story.side.organisation.pk, ConsentPurpose.CONTACT, NOW
        ),
        lambda story: closing.stop_accompaniment(
            story.side.person.pk, reason=StopReason.DISTRESS, actor=system(story.side.organisation.pk)
        ),
        lambda story: drafts.drop_draft(story.side["draft"]),
        lambda story: drafts.send_draft(story.side["draft"], actor=PUBLIC),
        lambda story: follow_ups.look_at_silent(NOW + 60 * DAY),
        by_claire(follow_ups.record, "follow_up", outcome="goes_well"),
        by_helene(pairs.ask_for_call, "pair"),
        by_claire(pairs.plan_call, "pair", call_at=NOW + 3 * DAY),
        by_claire(plans.lock_line, "plan_line"),
        by_claire(plans.refuse_line, "plan_line"),
        by_claire(plans.accept_line, "plan_line"),
        lambda story: programmes.change_door(
            story.side["door"], actor=story.side.claire, site=story.side.site, ward="Neurologie", reply_to=""
        ),
        by_claire(programmes.change_programme, "programme", name="Un autre nom"),
        by_claire(programmes.close_programme, "programme"),
        lambda story: programmes.note_refused_reply("service@hopital.example"),
        by_claire(programmes.renew_door, "door"),
        by_claire(programmes.set_door, "door", is_open=False),
        by_helene(proposals.decline, "proposal"),
        by_claire(proposals.withdraw, "proposal"),
        lambda story: proposals.withdraw_from_peer(story.side["peer"], actor=system(story.side.organisation.pk)),
        by_claire(requests.change_request, "request_received", asker=asker, told=told),
        lambda story: triage.erase_request(story.side["request_closed"]),
        by_claire(triage.reopen_request, "request_closed"),
        by_claire(triage.resume_request, "request_waiting"),
        lambda story: triage.withdraw_request(story.side["request_open"], actor=system(story.side.organisation.pk)),
    ]


def _exchanges() -> list[Verb]:
    return [
        by_helene(messages.mark_read, "thread"),
        lambda story: notices.forget_old_notices(NOW + 400 * DAY),
        by_helene(notices.read_notice, "notice"),
        by_helene(seats.show_first_name, "thread"),
        by_helene(seats.show_reading, "thread"),
        by_helene(threads.block, "thread"),
        by_helene(threads.leave, "thread"),
        lambda story: threads.erase_due(NOW + 400 * DAY),
        lambda story: lines.lines_around(story.message.pk, actor=story.side.claire, reason="signalement"),
    ]


def _ask_above(story: Story) -> Any:
    """Somebody who rests after a hard contact is asked all the same, with a reason."""
    peer, about = story.side["peer"], story.side["campaign"].pk
    load.note_load(peer.pk, organisation_id=peer.organisation_id, kind="hard", about=about, on=timezone.localdate())
    return load.pass_load(peer, actor=story.side.claire, kind="pair", reason="Elle le souhaite")


def _peers() -> list[Verb]:
    new = {"given_name": "Rose", "family_name": "Le Goff", "phone": "01 99 00 55 55", "languages": ["fr"]}
    return [
        by_helene(availability.pause, "peer"),
        lambda story: availability.come_back(
            availability.pause(story.side["peer"], actor=story.side.helene), actor=story.side.helene
        ),
        lambda story: load.drop_load(story.side["mission"].pk),
        _ask_above,
        by_helene(availability.remove_absence, "absence"),
        by_helene(availability.set_availability, "peer", slots=["mon_am"]),
        by_claire(clearances.remove_agreement, "agreement"),
        by_claire(clearances.remove_clearance, "clearance"),
        lambda story: engagement.add_new_peer(
            actor=story.side.claire, organisation=story.side.organisation, person=new, channels=["phone"]
        ),
        by_claire(engagement.edit_peer, "peer", presentation="Autrement."),
        by_claire(engagement.end_engagement, "peer"),
        lambda story: engagement.erase_peer(story.side["peer"], actor=system(story.side.organisation.pk)),
        by_claire(experiences.remove_experience, "experience"),
        by_claire(imports.give_up_import, "import"),
        by_claire(places.raise_limit, "peer", max_pairs=6, reason="Elle le demande."),
    ]


def _people() -> list[Verb]:
    new = {"given_name": "Rose", "family_name": "Le Goff", "phone": "01 99 00 55 55", "languages": ["fr"]}
    words = {"title_fr": "Un accord", "body_fr": "Des mots.", "title_en": "An agreement", "body_en": "Words."}
    return [
        lambda story: addresses.note_refused_address(story.side.person.user.email),
        lambda story: arrivals.create_people(
            [new], actor=story.side.claire, organisation=story.side.organisation, role=Role.PEER
        ),
        lambda story: people.give_consent(
            story.side.peer_person,
            ConsentPurpose.EVALUATION,
            actor=story.side.helene,
            organisation=story.side.organisation,
        ),
        lambda story: people.publish_text(
            story.side.organisation, ConsentPurpose.CONTACT, actor=story.side.claire, **words
        ),
        lambda story: people.withdraw_consent(story.side["consent"], actor=story.side.nadia),
        lambda story: people.erase_person(story.person, actor=system()),
        lambda story: people.accept_invitation(story.side["invitation"], actor=PUBLIC, given_name="Rose"),
        lambda story: people.invite(
            "autre@courrier.example", Role.PEER, actor=story.side.claire, organisation=story.side.organisation
        ),
        by_claire(people.withdraw_invitation, "invitation"),
        by_claire(people.end_role, "membership"),
        by_claire(people.change_organisation, "organisation", phone="01 99 00 12 12"),
        by_claire(people.change_site, "site", town="Ailleurs"),
        lambda story: people.create_organisation(
            actor=system(), name="Ailleurs", kind=OrganisationKind.HOSPITAL, coordinator_email="x@courrier.example"
        ),
        by_claire(people.create_site, "organisation", name="Annexe", town="Valmont", departement="44"),
        lambda story: people.open_with(
            Proof("https://connexion.example", f"agent {story.side.site.departement}", False)
        ),
        by_claire(people.unlink_outside_account, "outside"),
        by_claire(people.read_identity, "member", reason="Rappeler la personne"),
        lambda story: people.set_account(story.side.person, actor=story.side.nadia, language="en"),
        by_claire(people.stop_person, "member", reason=StopReason.DISTRESS),
        lambda story: people.resume_person(
            people.stop_person(story.side.person, actor=story.side.claire, reason=StopReason.OTHER),
            actor=story.side.claire,
            reason="Elle va mieux et le demande.",
        ),
        lambda story: people.suspend_member(
            story.side.peer_person, actor=system(story.side.organisation.pk), organisation=story.side.organisation
        ),
        lambda story: people.change_address(story.side.person, "neuve@courrier.example", actor=story.side.nadia),
        lambda story: people.ask_recovery(story.side.peer_person, actor=story.side.claire, reason="Rencontrée hier."),
        lambda story: refusals.remember_refusal(story.side.person.pk, story.side.organisation.pk),
        lambda story: people.ask_copy(story.side.person, actor=story.side.nadia),
        lambda story: people.cancel_erasure(story.side["erasure"], actor=_listener(story)),
        lambda story: people.note_working_address(people.note_refused_address(story.side.person.user.email).user),
    ]


def _safety() -> list[Verb]:
    return [
        by_claire(alerts.mark_danger, "alert"),
        by_claire(alerts.read_alert, "alert"),
        by_claire(duties.remove_shift, "shift"),
        lambda story: duties.confirm_shift(story.side["shift"], actor=_listener(story)),
        lambda story: alerts.escalate(story.side["alert"].pk, str(story.side["alert"].clocks.first().step)),
        lambda story: retention.erase_expired((NOW + 3_000 * DAY).date()),
        lambda story: talks.finish_talk(story.talk, actor=_listener(story)),
        lambda story: talks.promise_call(story.talk, actor=_listener(story), call_at=timezone.now() + DAY),
        lambda story: talks.withdraw_talk(story.talk, actor=story.actor),
    ]


def _agenda() -> list[Verb]:
    dates = {"starts_at": NOW + 20 * DAY, "ends_at": NOW + 20 * DAY + timedelta(hours=2)}
    signed = {"signature": "Hélène Dubreuil"}
    return [
        by_claire(agenda.edit_gathering, "gathering", title="Groupe du lundi", places=3),
        by_claire(agenda.keep_places, "gathering", count=2),
        by_claire(agenda.cancel_gathering, "gathering"),
        lambda story: agenda.hold_gatherings_over(NOW + 60 * DAY, actor=system()),
        by_claire(agenda.add_half_day, "gathering", **dates),
        by_claire(agenda.move_half_day, "half_day_coming", **dates),
        by_claire(agenda.remove_half_day, "half_day_coming"),
        lambda story: agenda.remind_of((NOW + 7 * DAY).date(), now=NOW + 6 * DAY),
        by_helene(agenda.withdraw, "enrolment"),
        lambda story: agenda.withdraw_everywhere(story.side.peer_person.pk, actor=system()),
        lambda story: agenda.move_enrolments(story.side.peer_person.pk, story.side.person.pk),
        lambda story: agenda.record_list(
            story.side["half_day"],
            {"her": story.side.peer_person},
            {"her": Presence.EXCUSED},
            actor=story.side.claire,
        ),
        lambda story: agenda.sign_presence(
            story.side["half_day"], story.side.peer_person, actor=story.side.helene, **signed
        ),
        by_helene(agenda.remove_address, "feed"),
    ]


def _recruitment() -> list[Verb]:
    return [
        lambda story: applications.withdraw_application(story.side["to_meet"], actor=PUBLIC),
        lambda story: applications.erase_application(story.side["application_answered"], actor=PUBLIC),
        by_claire(decisions.take_back, "application_decided"),
        lambda story: decisions.read_letter(story.side["letter"], actor=PUBLIC),
        lambda story: decisions.confirm(story.side["decision"], actor=system()),
        by_claire(interviews.remove_slot, "slot_free"),
        lambda story: interviews.note_absence(story.side["slot_past"], actor=system()),
        lambda story: recruitments.set_condition(
            story.side.organisation, actor=story.side.claire, profile="voice", kind="membership"
        ),
        by_claire(recruitments.remove_condition, "condition"),
        by_claire(campaigns.edit_campaign, "campaign", wanted=3),
        by_claire(campaigns.close_campaign, "campaign"),
        lambda story: campaigns.close_over(NOW + 400 * DAY),
        lambda story: campaigns.count_accepted(story.side["campaign"].pk),
        lambda story: campaigns.count_met(story.side["campaign_need"].need, NOW.date()),
        lambda story: applications.link_person(story.side["application"].pk, story.side.person.pk),
        lambda story: applications.move_applications(story.side.person.pk, story.side.peer_person.pk),
        _change_hour,
    ]


def _change_hour(story: Story) -> Any:
    """Agreed on the phone, then given back by the person."""
    found = interviews.invite(story.side["application"], actor=story.side.claire)
    interviews.give_hour(found, story.side["slot_free"], actor=story.side.claire)
    return interviews.give_back(found, actor=applications.holder(found))


def _missions() -> list[Verb]:
    return [
        by_claire(missions.set_door, "mission_door", is_open=False),
        by_claire(missions.close_mission, "mission"),
        lambda story: missions.withdraw_peer(story.side["peer"], actor=system(story.side.organisation.pk)),
        lambda story: missions.end_past(NOW + 60 * DAY),
        lambda story: missions.erase_missions(Mission.objects.filter(pk=story.side["mission"].pk)),
        _whole_mission,
    ]


def _whole_mission(story: Story) -> Any:
    """Away and back, asked again, chosen; then nobody is needed any more."""
    side, mission = story.side, story.side["mission"]
    missions.withdraw_peer(side["peer"], actor=system(side.organisation.pk))
    (answer,) = missions.ask_peers(mission, [side["peer"]], actor=side.claire, load_reason="Elle le souhaite")
    missions.answer_mission(answer, actor=side.helene, can_come=True)
    missions.settle_mission(mission, [answer], actor=side.claire)
    return missions.cancel_mission(mission, actor=side.claire)


def _recognition() -> list[Verb]:
    toll = Costs(tolls_cents=450)
    paid = {"status": "paid_session", "payer": "CHU", "hourly_cents": 4000}
    return [
        by_helene(recognition.declare_time, "activity", preparation=20, travel=10),
        by_claire(recognition.set_status, "activity", **paid),
        by_helene(recognition.edit_claim, "claim_draft", costs=toll),
        by_helene(recognition.add_receipt, "claim_draft", file=photo()),
        by_helene(recognition.remove_receipt, "receipt_draft"),
        by_claire(recognition.read_receipt, "receipt_sent"),
        by_helene(recognition.withdraw_claim, "claim"),
        by_claire(recognition.refuse, "claim", answer="Il manque le retour."),
        by_claire(recognition.pay, "claim_approved", paid_on=timezone.localdate()),
        by_claire(recognition.cancel, "claim_approved", answer="Payée deux fois."),
        lambda story: recognition.take_official_scale(story.side.organisation, actor=story.side.claire),
        lambda story: recognition.export_accounts(story.side.organisation, NOW.year, actor=story.side.claire),
        by_claire(recognition.remove_scale, "scale"),
        lambda story: recognition.move_activities(story.side.peer_person.pk, story.side.person.pk),
        lambda story: recognition.erase_recognition(story.side.peer_person.pk),
        lambda story: recognition.erase_claims(Claim.objects.filter(organisation=story.side.organisation)),
    ]


def _training() -> list[Verb]:
    new = {"given_name": "Rose", "family_name": "Le Goff", "standing": "professional"}
    return [
        by_claire(training.edit_course, "course", title="Autrement", modules=[("Écouter", 180)]),
        by_claire(training.add_newcomer, "cohort", **new),
        by_claire(training.change_standing, "trainee", standing="relative"),
        lambda story: training.move_training(story.side.peer_person.pk, story.side.person.pk),
        lambda story: training.keep_seats(
            story.side["kept_seats"], story.side["cohort"], actor=story.side.claire, seats=1
        ),
        lambda story: training.release_seats(story.side["campaign"].pk, actor=system(story.side.organisation.pk)),
        by_claire(training.renew, "attestation"),
        by_claire(training.revoke, "attestation", reason="mistake"),
        by_claire(training.decide, "equivalence", move="accept"),
        by_claire(training.read_proof, "equivalence"),
        lambda story: training.remind_of_endings(NOW.date()),
        lambda story: training.tell_of_ending(
            story.side.organisation.pk, story.side["attestation"].pk, story.side["attestation"].expires_on, NOW.date()
        ),
        lambda story: training.erase_training(story.side.peer_person.pk),
    ]


def _listener(story: Story) -> Any:
    return actor_of(story.side.psychologist, story.side.organisation)
