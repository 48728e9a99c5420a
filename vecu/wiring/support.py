"""What follows a request, a proposal, a pair."""

from __future__ import annotations

from django.utils import timezone

from vecu.accompaniment import events as pairs
from vecu.accompaniment import newcomers
from vecu.accompaniment.actions import needs
from vecu.accompaniment.enums import Feeling, PairClosing, PairState
from vecu.accompaniment.models import Pair, Proposal, UnmetNeed
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.peers import actions as peer_actions
from vecu.peers.enums import LoadKind
from vecu.peers.models import Peer
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.recruitment.actions import campaigns
from vecu.safeguarding.actions import talks
from vecu.wiring.telling import holders, tell

OF_A_PAIR = (
    *(NoticeKind.PAIR_OPENED, NoticeKind.LOG_REMINDER),
    *(NoticeKind.CHANGE_ASKED, NoticeKind.CALL_ASKED, NoticeKind.CALL_PLANNED),
)


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
    """And those who coordinate, where nothing begins before they have rung both."""
    ids = [event.peer_person_id, event.beneficiary_person_id]
    tell(ids, NoticeKind.PAIR_OPENED, event.organisation_id, "exchange", event.pair_id)
    if Pair.objects.select_related("beneficiary").get(pk=event.pair_id).awaits_call:
        staff = holders(event.organisation_id, Role.COORDINATOR)
        tell(staff, NoticeKind.CALL_ASKED, event.organisation_id, "pair_detail", event.pair_id)


def meet_need(event: pairs.PairOpened) -> None:
    """The need noted while nobody was found has its answer."""
    pair = Pair.objects.select_related("request").get(pk=event.pair_id)
    needs.mark_met(pair.request, actor=system(event.organisation_id))


def count_need(event: pairs.NeedNoted) -> None:
    """Recruitments that look for the same know that one more waits."""
    need = UnmetNeed.objects.get(pk=event.need_id)
    campaigns.count_need(event.organisation_id, need.pk, newcomers.target_of(need))


def count_met(event: pairs.NeedMet) -> None:
    campaigns.count_met(event.need_id, event.met_on)


def put_reminders_away(event: pairs.ContactLogged) -> None:
    """They are in touch, and it was logged: neither the beginning, nor their call, nor the log is to be thought of any
    more."""
    of_the_beginning = (NoticeKind.PAIR_OPENED, NoticeKind.CALL_ASKED, NoticeKind.CALL_PLANNED)
    notices.put_away(event.pair_id, *of_the_beginning, NoticeKind.LOG_REMINDER)


def weigh_hard_contact(event: pairs.ContactLogged) -> None:
    """It weighs for a while, and opens a rest: nobody new without a reason."""
    if event.needs_support or event.feeling == Feeling.HARD:
        peer = Peer.objects.filter(person=event.peer_person_id, organisation=event.organisation_id).first()
        if peer is not None:
            day = timezone.localdate(event.logged_at)
            about, here = event.contact_id, event.organisation_id
            peer_actions.note_load(peer.pk, organisation_id=here, kind=LoadKind.HARD, about=about, on=day)


def offer_talk(event: pairs.ContactLogged) -> None:
    if event.needs_support:
        talks.ask_to_talk(
            actor=system(event.organisation_id),
            person_id=event.peer_person_id,
            organisation_id=event.organisation_id,
            now=event.logged_at,
        )


def tell_of_change(event: pairs.ChangeAsked) -> None:
    """To those who coordinate, but whoever recorded it: they know."""
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.actor_person_id)
    tell(staff, NoticeKind.CHANGE_ASKED, event.organisation_id, "pair_detail", event.pair_id)


def tell_of_call(event: pairs.CallAsked) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.CALL_ASKED, event.organisation_id, "pair_detail", event.pair_id)


def tell_call(event: pairs.CallPlanned) -> None:
    """Before the first call, nobody is to log one that did not take place."""
    is_first = Pair.objects.filter(pk=event.pair_id, state=PairState.STARTING).exists()
    notices.put_away(event.pair_id, NoticeKind.CALL_ASKED, *([NoticeKind.LOG_REMINDER] if is_first else []))
    ids = [event.peer_person_id, event.beneficiary_person_id]
    tell(ids, NoticeKind.CALL_PLANNED, event.organisation_id, "exchange", event.pair_id)


def tell_end(event: pairs.PairClosed) -> None:
    """Both are told, but not when one of the two left at once: the other is sent nothing. After a death the peer is
    told by a human, never by a notice; when everything else stopped for whoever they followed, they get a kind word
    without a reason, and someone to talk with."""
    notices.put_away(event.pair_id, *OF_A_PAIR)
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


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(pairs.RequestReceived, now=[tell_coordinators])
    wire(pairs.RequestOpened, now=[put_request_away])
    wire(pairs.RequestClosed, now=[put_request_away])
    wire(pairs.NeedNoted, now=[count_need])
    wire(pairs.NeedMet, now=[count_met])
    wire(pairs.PeerProposed, now=[tell_peer])
    wire(pairs.ProposalAnswered, now=[put_question_away, tell_who_proposed])
    wire(pairs.PairOpened, now=[meet_need, tell_both])
    wire(pairs.ContactLogged, now=[put_reminders_away, weigh_hard_contact, offer_talk])
    wire(pairs.ChangeAsked, now=[tell_of_change])
    wire(pairs.CallAsked, now=[tell_of_call])
    wire(pairs.CallPlanned, now=[tell_call])
    wire(pairs.PairClosed, now=[tell_end])
    wire(pairs.EvaluationAsked, now=[ask_questions])
    wire(pairs.LogReminderDue, now=[remind_to_log])
