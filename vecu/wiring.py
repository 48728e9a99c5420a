"""What follows what: the roof, and the only place where one area makes another act.

Each follower turns an event into plain arguments. `now` followers share the transaction of the fact. A notice is
itself a row and its letter a job, so telling someone is done `now` and leaves only if the fact is committed.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from vecu.accompaniment import events as pairs
from vecu.accompaniment.actions import closing, needs, programmes, proposals, requests
from vecu.accompaniment.actions import pairs as pair_actions
from vecu.accompaniment.enums import PairClosing
from vecu.accompaniment.models import Pair, Proposal
from vecu.core import mail
from vecu.core.events import wire
from vecu.messaging import events as messages
from vecu.messaging.actions import notices, threads
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Message, Participant, Thread
from vecu.peers import actions as peer_actions
from vecu.peers import events as peers
from vecu.peers.models import Peer
from vecu.people import actions as people_actions
from vecu.people import events as people
from vecu.people.actions import returned
from vecu.people.actor import system
from vecu.people.enums import ConsentPurpose, Role, StopReason
from vecu.people.models import Membership, Person
from vecu.safeguarding import events as safety
from vecu.safeguarding.actions import reports, sealed, talks
from vecu.safeguarding.enums import ReportOutcome, ReportReason
from vecu.safeguarding.models import Report, TalkRequest


def tell(
    ids: Iterable[UUID],
    kind: NoticeKind,
    organisation_id: UUID,
    url_name: str = "",
    key: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """A notice to each of these people, whose link opens `url_name` for `key`; seeing `about` reads it."""
    for person in Person.objects.filter(pk__in=list(ids)).order_by("pk"):
        notices.tell(
            person,
            kind,
            organisation=organisation_id,
            url_name=url_name,
            url_key=str(key) if key and url_name else "",
            about=about or key,
        )


def holders(organisation_id: UUID, *roles: Role, but: UUID | None = None) -> list[UUID]:
    members = Membership.objects.filter(organisation_id=organisation_id).current().with_role(*roles)
    members = members.exclude(person=but) if but else members
    return list(members.order_by("person_id").values_list("person_id", flat=True).distinct())


# -- people


def stop_pairs(event: people.PersonStopped) -> None:
    actor = system(event.organisation_id)
    closing.stop_accompaniment(event.person_id, reason=event.reason, actor=actor, now=event.stopped_at)


def stop_pairs_here(event: people.MemberSuspended) -> None:
    """What they have in this organisation ends; what they have elsewhere goes on."""
    actor, moment = system(event.organisation_id), event.suspended_at
    closing.stop_accompaniment(
        event.person_id, reason=StopReason.OTHER, actor=actor, organisation_id=event.organisation_id, now=moment
    )
    for peer in Peer.objects.engaged().filter(person=event.person_id, organisation=event.organisation_id):
        peer_actions.end_engagement(peer, actor=actor, now=moment)


def join_files(event: people.FilesJoined) -> None:
    requests.move_requests(event.from_person_id, event.to_person_id)
    sealed.move_contact(event.from_person_id, event.to_person_id)


def tell_of_refused_recovery(event: people.RecoveryRefused) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.person_id)
    tell(staff, NoticeKind.INFORMATION, event.organisation_id, "member_detail", event.person_id)


def stop_what_was_agreed(event: people.ConsentWithdrawn) -> None:
    closing.follow_withdrawn_consent(event.person_id, event.organisation_id, event.purpose, event.withdrawn_at)
    if event.purpose == ConsentPurpose.SHARED_EXPERIENCE:
        for peer in Peer.objects.not_agreeing().filter(person=event.person_id, organisation=event.organisation_id):
            proposals.withdraw_from_peer(peer, actor=system(event.organisation_id), now=event.withdrawn_at)


def tell_of_refused_address(about: UUID | None, address: str) -> None:
    """Nothing more leaves for an address refused for good, a person's, an invitation's or a ward's; those who
    coordinate are told, and reach whoever it is another way."""
    for invitation in returned.note_refused_invitations(address):
        staff = holders(invitation.organisation_id, Role.COORDINATOR)
        tell(staff, NoticeKind.MAIL_REFUSED, invitation.organisation_id, "member_list", about=invitation.pk)
    for door in programmes.note_refused_reply(address):
        staff = holders(door.organisation_id, Role.COORDINATOR)
        tell(staff, NoticeKind.MAIL_REFUSED, door.organisation_id, "programme_detail", door.programme_id, about=door.pk)
    person = people_actions.note_refused_address(address)
    if person is None:
        return
    here = Membership.objects.filter(person=person).current().values_list("organisation_id", flat=True)
    for organisation_id in sorted(set(here)):
        staff = holders(organisation_id, Role.COORDINATOR, but=person.pk)
        tell(staff, NoticeKind.MAIL_REFUSED, organisation_id, "member_detail", person.pk)


def tell_of_many_openings(event: people.ManyFilesOpened) -> None:
    """To those who read the journal; where nobody else does, to the other coordinators. Never to the reader alone."""
    reader, here = event.reader_id, event.organisation_id
    if watchers := holders(here, Role.DATA_OFFICER, but=reader):
        return tell(watchers, NoticeKind.MANY_READINGS, here, "journal_list", about=reader)
    return tell(holders(here, Role.COORDINATOR, but=reader), NoticeKind.MANY_READINGS, here, "member_detail", reader)


# -- patient partners


def take_back_proposals(event: peers.PeerPaused | peers.EngagementEnded) -> None:
    moment = event.paused_at if isinstance(event, peers.PeerPaused) else event.ended_at
    peer = Peer.objects.get(pk=event.peer_id)
    proposals.withdraw_from_peer(peer, actor=system(event.organisation_id), now=moment)


def tell_supervisor(event: peers.PeerLimitRaised) -> None:
    staff = holders(event.organisation_id, Role.PSYCHOLOGIST)
    tell(staff, NoticeKind.INFORMATION, event.organisation_id, "peer_detail", event.peer_id)


def nothing_follows(event: object) -> None:
    """The fact is enough: lists read it."""


# -- exchanges


def note_and_announce(event: messages.MessageSent) -> None:
    pair_actions.note_message(event.thread_id, event.author_person_id, event.sent_at)
    pair = Pair.objects.filter(thread_id=event.thread_id).only("pk").first()
    others = Participant.objects.filter(thread_id=event.thread_id, left_at=None, blocked_at=None)
    ids = others.exclude(person_id=event.author_person_id).values_list("person_id", flat=True)
    if pair is not None:
        tell(ids, NoticeKind.MESSAGE, event.organisation_id, "exchange", pair.pk, about=event.thread_id)


def queue_report(event: messages.MessageReported) -> None:
    message = Message.objects.select_related("author__person").get(pk=event.message_id)
    reports.receive_report(
        organisation_id=event.organisation_id,
        thread_key=event.thread_id,
        message_key=event.message_id,
        reporter=Person.objects.get(pk=event.reporter_person_id),
        reported=message.author.person,
        reason=ReportReason(event.reason),
        words=event.words,
    )


def end_pair_left(event: messages.ThreadLeft) -> None:
    closed_at = Thread.objects.values_list("closed_at", flat=True).get(pk=event.thread_id)
    closing.close_left(event.thread_id, event.person_id, closed_at)
    staff = holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.PAIR_CLOSED, event.organisation_id)


# -- safeguarding


def tell_circle(event: safety.AlertEscalated) -> None:
    tell(event.person_ids, NoticeKind.ALERT, event.organisation_id, "alert_detail", event.alert_id)


def tell_second_person(event: safety.SealedAsked) -> None:
    """Somebody else must agree before a sealed contact is opened."""
    staff = _answering(event.organisation_id, {event.asked_by_id, event.subject_id})
    tell(staff, NoticeKind.ALERT, event.organisation_id, "alert_detail", event.alert_id, about=event.opening_id)


def tell_of_opening_alone(event: safety.SealedOpened) -> None:
    """What one person opened alone is known to the others at once, before it is looked at the next day."""
    if event.is_alone:
        staff = _answering(event.organisation_id, {event.actor_person_id, event.subject_id})
        tell(staff, NoticeKind.ALERT, event.organisation_id, "alert_detail", event.alert_id, about=event.opening_id)


def tell_that_it_was_opened(event: safety.SealedTold) -> None:
    notices.tell(
        Person.objects.get(pk=event.person_id),
        NoticeKind.DATA_READ,
        organisation=event.organisation_id,
        url_name="sealed_contact",
        about=event.opening_id,
    )


def _answering(organisation_id: UUID, but: set[UUID | None]) -> list[UUID]:
    staff = holders(organisation_id, Role.COORDINATOR, Role.PSYCHOLOGIST)
    return [person_id for person_id in staff if person_id not in but]


def tell_report_queue(event: safety.ReportReceived) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, Role.PSYCHOLOGIST)
    tell(staff, NoticeKind.REPORT, event.organisation_id, "report_detail", event.report_id)


def tell_both_of_reading(event: safety.ReportRead) -> None:
    tell(event.person_ids, NoticeKind.DATA_READ, event.organisation_id, "reading_list")


def answer_and_close(event: safety.ReportAnswered) -> None:
    """What was decided is done. The exchange ends as if whoever was reported had left it: a patient who reported her
    peer is looked for another one."""
    reporter, actor = [event.reporter_person_id], system(event.organisation_id)
    notices.put_away(event.report_id, NoticeKind.REPORT)
    tell(reporter, NoticeKind.REPORT_ANSWERED, event.organisation_id, "report_followed", event.report_id)
    if event.outcome not in (ReportOutcome.EXCHANGE_CLOSED, ReportOutcome.MEMBER_SUSPENDED):
        return
    report = Report.objects.select_related("reported", "organisation").get(pk=event.report_id)
    thread = Thread.objects.open().filter(pk=event.thread_id).first()
    if thread is not None:
        threads.close_thread(thread, actor=actor, now=report.answered_at)
        closing.close_left(event.thread_id, report.reported_id, report.answered_at)
    if event.outcome == ReportOutcome.MEMBER_SUSPENDED:
        people_actions.suspend_member(
            report.reported, actor=actor, organisation=report.organisation, now=report.answered_at
        )


def tell_psychologist(event: safety.TalkAsked) -> None:
    staff = holders(event.organisation_id, Role.PSYCHOLOGIST) or holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.TALK, event.organisation_id, "talk_detail", event.talk_id)


def tell_when_called(event: safety.TalkPromised) -> None:
    notices.put_away(event.talk_id, NoticeKind.TALK)
    talk = TalkRequest.objects.get(pk=event.talk_id)
    notices.tell(
        Person.objects.get(pk=event.person_id),
        NoticeKind.INFORMATION,
        organisation=event.organisation_id,
        url_name="talk_ask",
        about=talk.pk,
    )


# -- one-to-one support


def tell_coordinators(event: pairs.RequestReceived) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.REQUEST_RECEIVED, event.organisation_id, "request_detail", event.request_id)


def put_request_away(event: pairs.RequestOpened | pairs.RequestClosed) -> None:
    """Somebody has called: the other coordinators need not look."""
    notices.put_away(event.request_id, NoticeKind.REQUEST_RECEIVED)


def tell_peer(event: pairs.PeerProposed) -> None:
    tell([event.peer_person_id], NoticeKind.PROPOSAL, event.organisation_id, "proposal_detail", event.proposal_id)


def tell_who_proposed(event: pairs.ProposalAnswered) -> None:
    proposal = Proposal.objects.only("proposed_by_id", "request_id").get(pk=event.proposal_id)
    tell(
        [proposal.proposed_by_id],
        NoticeKind.PROPOSAL_ANSWERED,
        event.organisation_id,
        "request_detail",
        proposal.request_id,
    )


def put_question_away(event: pairs.ProposalAnswered) -> None:
    """Answered, taken back or too late: the peer's first screen no longer says that someone waits for them."""
    proposal = Proposal.objects.select_related("peer").get(pk=event.proposal_id)
    notices.read_notices_about(proposal.pk, person_id=proposal.peer.person_id)


def tell_both(event: pairs.PairOpened) -> None:
    ids = [event.peer_person_id, event.beneficiary_person_id]
    tell(ids, NoticeKind.PAIR_OPENED, event.organisation_id, "exchange", event.pair_id)


def meet_need(event: pairs.PairOpened) -> None:
    """The need noted while nobody was found has its answer."""
    pair = Pair.objects.select_related("request").get(pk=event.pair_id)
    needs.mark_met(pair.request, actor=system(event.organisation_id))


def put_reminders_away(event: pairs.ContactLogged) -> None:
    """They are in touch, and it was logged: neither the beginning nor the log is to be thought of any more."""
    notices.put_away(event.pair_id, NoticeKind.PAIR_OPENED, NoticeKind.LOG_REMINDER)


def offer_talk(event: pairs.ContactLogged) -> None:
    if event.needs_support:
        talks.ask_to_talk(
            actor=system(event.organisation_id),
            person_id=event.peer_person_id,
            organisation_id=event.organisation_id,
            now=event.logged_at,
        )


def tell_of_change(event: pairs.ChangeAsked | pairs.CallAsked) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.INFORMATION, event.organisation_id, "pair_detail", event.pair_id)


def tell_call(event: pairs.CallPlanned) -> None:
    ids = [event.peer_person_id, event.beneficiary_person_id]
    tell(ids, NoticeKind.INFORMATION, event.organisation_id, "exchange", event.pair_id)


def tell_end(event: pairs.PairClosed) -> None:
    """Both are told, but not when one of the two left at once: the other is sent nothing. After a death the peer is
    told by a human, never by a notice; when everything else stopped for whoever they followed, they get a kind word
    without a reason, and someone to talk with."""
    open_only = (NoticeKind.PAIR_OPENED, NoticeKind.LOG_REMINDER, NoticeKind.INFORMATION)
    notices.put_away(event.pair_id, *open_only)
    if event.closing == PairClosing.STOPPED and event.stopped_person_id == event.beneficiary_person_id:
        tell([event.peer_person_id], NoticeKind.PAIR_STOPPED, event.organisation_id, "exchange", event.pair_id)
    if event.closing in (PairClosing.DEATH, PairClosing.STOPPED, PairClosing.LEFT):
        return
    ids = [event.peer_person_id, event.beneficiary_person_id]
    tell(ids, NoticeKind.PAIR_CLOSED, event.organisation_id, "exchange", event.pair_id)


def ask_questions(event: pairs.EvaluationAsked) -> None:
    tell([event.person_id], NoticeKind.EVALUATION, event.organisation_id, "evaluation_answer", event.evaluation_id)


def remind_to_log(event: pairs.LogReminderDue) -> None:
    tell([event.peer_person_id], NoticeKind.LOG_REMINDER, event.organisation_id, "contact_add", event.pair_id)


def wire_all() -> None:
    """Called once, when the last app is ready."""
    wire(peers.PeerReturned, now=[nothing_follows])
    wire(safety.AlertOpened, now=[nothing_follows])
    _wire_people()
    _wire_exchanges()
    _wire_safety()
    _wire_support()


def _wire_people() -> None:
    wire(people.PersonStopped, now=[stop_pairs])
    wire(people.MemberSuspended, now=[stop_pairs_here])
    wire(people.FilesJoined, now=[join_files])
    wire(people.RecoveryRefused, now=[tell_of_refused_recovery])
    wire(people.ManyFilesOpened, now=[tell_of_many_openings])
    wire(people.ConsentWithdrawn, now=[stop_what_was_agreed])
    mail.on_bounce(tell_of_refused_address)
    wire(peers.PeerPaused, now=[take_back_proposals])
    wire(peers.EngagementEnded, now=[take_back_proposals])
    wire(peers.PeerLimitRaised, now=[tell_supervisor])


def _wire_exchanges() -> None:
    wire(messages.MessageSent, now=[note_and_announce])
    wire(messages.MessageReported, now=[queue_report])
    wire(messages.ThreadLeft, now=[end_pair_left])


def _wire_safety() -> None:
    wire(safety.AlertEscalated, now=[tell_circle])
    wire(safety.SealedAsked, now=[tell_second_person])
    wire(safety.SealedOpened, now=[tell_of_opening_alone])
    wire(safety.SealedTold, now=[tell_that_it_was_opened])
    wire(safety.ReportReceived, now=[tell_report_queue])
    wire(safety.ReportRead, now=[tell_both_of_reading])
    wire(safety.ReportAnswered, now=[answer_and_close])
    wire(safety.TalkAsked, now=[tell_psychologist])
    wire(safety.TalkPromised, now=[tell_when_called])


def _wire_support() -> None:
    wire(pairs.RequestReceived, now=[tell_coordinators])
    wire(pairs.RequestOpened, now=[put_request_away])
    wire(pairs.RequestClosed, now=[put_request_away])
    wire(pairs.PeerProposed, now=[tell_peer])
    wire(pairs.ProposalAnswered, now=[put_question_away, tell_who_proposed])
    wire(pairs.PairOpened, now=[meet_need, tell_both])
    wire(pairs.ContactLogged, now=[put_reminders_away, offer_talk])
    wire(pairs.ChangeAsked, now=[tell_of_change])
    wire(pairs.CallAsked, now=[tell_of_change])
    wire(pairs.CallPlanned, now=[tell_call])
    wire(pairs.PairClosed, now=[tell_end])
    wire(pairs.EvaluationAsked, now=[ask_questions])
    wire(pairs.LogReminderDue, now=[remind_to_log])
