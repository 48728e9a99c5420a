"""In somebody's own copy: what they asked for, their exchanges, what was logged of them and what they answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from vecu.accompaniment.enums import AgeGroup, DayPart, FollowUpKind, Stage
from vecu.accompaniment.models import CallAttempt, Contact, Evaluation, FollowUp, Pair, Proposal, SupportRequest
from vecu.core import vault
from vecu.peers import languages, terms, territory
from vecu.peers.enums import Channel, Slot
from vecu.people.enums import Gender
from vecu.people.exports import Section, register
from vecu.people.models import Person

# Points made with both. The others are a coordinator's own watch over a silence or a grief, and say what the other
# one of the two went through.
OF_BOTH = (FollowUpKind.AFTER_FIRST, FollowUpKind.ONE_MONTH, FollowUpKind.LATER)


@register
def accompaniment_part(person: Person) -> list[Section]:
    """Both sides of this area: what one asked, and what one gives as a peer."""
    return [*asked(person), *met(person), *given(person)]


def asked(person: Person) -> list[Section]:
    """Requests with everything told, and the calls made about them."""
    requests = list(SupportRequest.objects.filter(person=person).select_related("programme").order_by("received_at"))
    vault.preload(request.vault_id for request in requests)
    calls = CallAttempt.objects.filter(request__in=requests).order_by("called_at")
    return [
        Section("requests", _("Your requests"), [_request(request) for request in requests]),
        Section(
            "calls",
            _("When we called you"),
            [{_("when"): call.called_at, _("outcome"): call.get_outcome_display()} for call in calls],
        ),
    ]


def met(person: Person) -> list[Section]:
    """Exchanges on either side, what was logged and when they were looked at."""
    pairs = list(
        Pair.objects.filter(Q(beneficiary=person) | Q(peer__person=person))
        .select_related("peer__person", "beneficiary")
        .order_by("opened_at")
    )
    contacts = Contact.objects.filter(pair__in=pairs).order_by("happened_on")
    made_with = Q(kind__in=OF_BOTH) | Q(kind=FollowUpKind.TELL_PERSON, pair__beneficiary=person)
    points = FollowUp.objects.filter(made_with, pair__in=pairs, cancelled_at=None).order_by("due_on")
    return [
        Section("pairs", _("Your meetings with a peer, or as a peer"), [_pair(pair, person) for pair in pairs]),
        Section("contacts", _("Contacts noted"), [_contact(contact, person) for contact in contacts]),
        Section(
            "follow_ups",
            _("When your coordinator asks how it goes"),
            [{_("what"): row.label, _("due on"): row.due_on, _("done"): row.done_at} for row in points],
        ),
    ]


def given(person: Person) -> list[Section]:
    """Evaluations answered, and, for a peer, what was proposed to them, without a word of the requests."""
    answers = Evaluation.objects.filter(person=person).select_related("pair__request").order_by("asked_at")
    vault.preload(row.pair.request.vault_id for row in answers)
    proposals = Proposal.objects.filter(peer__person=person).order_by("asked_at")
    return [
        Section("evaluations", _("What you answered to our questions"), [_evaluation(row) for row in answers]),
        Section(
            "proposals",
            _("Meetings proposed to you as a peer"),
            [
                {
                    _("asked"): row.asked_at,
                    _("how it stands"): row.get_state_display(),
                    _("answered"): row.answered_at,
                }
                for row in proposals
            ],
        ),
    ]


def _request(request: SupportRequest) -> dict[str, Any]:
    return {
        _("number"): request.number,
        _("programme"): request.programme.name,
        _("received"): request.received_at,
        _("how it came"): request.get_source_display(),
        _("for"): request.get_role_display(),
        _("relation"): request.get_relation_display(),
        **_told(request.told),
        **_wished(request.wished),
        _("in your own words"): str(request.own_words),
        _("to know for the call"): str(request.to_know),
        _("when to call"): _labels(DayPart, request.call_parts),
        _("département"): territory.name(request.departement) if request.departement else "",
        _("year of birth"): request.birth_year,
        _("languages"): [str(languages.label(code)) for code in request.languages],
        _("fixed date"): request.fixed_on,
        _("how it stands"): request.get_state_display(),
        _("ended"): request.closed_at,
        _("why it ended"): request.get_closing_display(),
        _("erased on"): request.expires_on,
    }


def _told(needs: dict[str, Any]) -> dict[str, Any]:
    return {
        _("conditions"): _terms(needs.get("conditions", ())),
        _("treatments"): _terms(needs.get("treatments", ())),
        _("situations"): _terms(needs.get("situations", ())),
        _("stage"): _labels(Stage, [needs.get("stage")]),
        _("age at diagnosis"): needs.get("age_at_diagnosis"),
        _("condition, in your words"): needs.get("own_condition"),
        _("age"): _labels(AgeGroup, [needs.get("age_group")]),
        _("agreement of a parent"): needs.get("guardian"),
    }


def _wished(wishes: dict[str, Any]) -> dict[str, Any]:
    return {
        _("what matters"): _terms(wishes.get("matters", ())),
        _("someone who is"): _labels(Gender, [wishes.get("gender")]),
        _("near my age"): wishes.get("near_my_age"),
        _("ways to talk"): _labels(Channel, wishes.get("channels", ())),
        _("usual times"): _labels(Slot, wishes.get("slots", ())),
        _("not someone from my hospital"): wishes.get("not_same_site"),
        _("not someone from my town"): wishes.get("not_same_town"),
    }


def _pair(pair: Pair, person: Person) -> dict[str, Any]:
    """Why it ended is told to whoever asked for a peer: a peer is promised to hear nothing of the person's reasons."""
    is_peer = pair.peer.person_id == person.pk
    other = pair.beneficiary if is_peer else pair.peer.person
    is_told_why = not is_peer or pair.closed_by_id == person.pk
    return {
        _("as a peer"): is_peer,
        _("with"): other.pseudonym if other is not None else "",
        _("since"): pair.opened_at,
        _("first contact"): pair.first_contact_at,
        _("last contact"): pair.last_contact_at,
        _("a call to be arranged since"): pair.call_asked_at,
        _("call planned"): pair.call_planned_at,
        _("ended"): pair.closed_at,
        **({_("why it ended"): pair.get_closing_display()} if is_told_why else {}),
        _("erased on"): pair.expires_on,
    }


def _contact(contact: Contact, person: Person) -> dict[str, Any]:
    """How it felt belongs to whoever noted it."""
    row = {
        _("day"): contact.happened_on,
        _("how"): contact.get_channel_display(),
        _("how long"): contact.get_duration_display(),
        _("themes"): contact.theme_labels,
    }
    if contact.logged_by_id == person.pk:
        row |= {_("how it felt"): contact.get_feeling_display(), _("I need to talk"): contact.needs_support}
    return row


def _evaluation(row: Evaluation) -> dict[str, Any]:
    return {
        _("asked"): row.asked_at,
        _("answered"): row.answered_at,
        _("no longer asked since"): row.cancelled_at,
        _("first question, 1 to 5"): row.first,
        _("second question, 1 to 5"): row.second,
        _("third question, 1 to 5"): row.third,
        _("your words"): str(row.word),
    }


def _terms(codes: Iterable[str]) -> list[str]:
    return [terms.label(code) if terms.is_known(code) else code for code in codes]


def _labels(choices: Any, codes: Iterable[str | None]) -> list[str]:
    return [str(choices(code).label) for code in codes if code in choices.values]
