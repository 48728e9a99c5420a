"""What the pages of training show: cohorts with their people and hours, what ends, one's own training."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.db.models import QuerySet, UUIDField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.agenda.enums import EnrolmentState
from vecu.agenda.models import Enrolment, HalfDay
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.moments import say_date
from vecu.core.prepared import PreparedRows, any_of
from vecu.core.templatetags.ui.stencils import address, place
from vecu.peers.enums import ClearanceKind
from vecu.peers.models import Peer
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Membership, Person
from vecu.people.policy import Can
from vecu.training import expiries, hours
from vecu.training.actions.attestations import said_code
from vecu.training.enums import PAPERS, Qualification, Standing
from vecu.training.expiries import AGREEMENT, ATTESTATION, CONVENTION, Ending
from vecu.training.models import Attestation, Cohort, DiaryNote, EngagementAttestation, Trainee

# Whose each line is, read on the first screen: written once.
WHOSE = PreparedRows(
    Person,
    lambda: Person.objects.filter(any_of("pk", "ids", UUIDField())),
    only=("vault_id", "given_name", "family_name", "handle", "erased_at"),
)
LEADERS = (Role.TRAINER, Role.COORDINATOR, Role.PSYCHOLOGIST)
LEARNERS = (Role.PEER, Role.TRAINEE, *LEADERS)
LAWFUL = (Qualification.EDUCATION, Qualification.EDUCATION_LEAD)


@dataclass(frozen=True)
class TraineeLine:
    """One person of a cohort: papers, hours, attestation."""

    trainee: Trainee
    name: str
    is_waiting: bool
    papers_here: int
    papers_asked: int
    hours: hours.Hours
    attestation: Attestation | None

    @property
    def papers(self) -> str:
        if self.papers_here == self.papers_asked:
            return _("all received")
        return _("%(here)s of %(asked)s") % {"here": self.papers_here, "asked": self.papers_asked}


def name_of(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip() if person.erased_at is None else person.pseudonym


def people_with(actor: Actor, *roles: Role) -> list[tuple[str, str]]:
    """Who has one of these roles here today, by name: choices of a form."""
    held = visible(Membership, actor, Can.MANAGE_TRAINING).current().with_role(*roles)
    people = visible(Person, actor, Can.MANAGE_TRAINING).reachable()
    found = list(people.filter(pk__in=held.filter(organisation=actor.organisation_id).values("person_id")))
    vault.preload(person.vault_id for person in found)
    return sorted(((str(person.pk), name_of(person)) for person in found), key=lambda choice: choice[1])


def trainee_lines(cohort: Cohort, actor: Actor) -> list[TraineeLine]:
    """Those who have a place or wait for one, in the order they came; a fixed number of queries."""
    states = dict(Enrolment.objects.standing().filter(gathering=cohort.gathering_id).values_list("person_id", "state"))
    rows = visible(Trainee, actor).filter(cohort=cohort, person__in=list(states)).select_related("person")
    trainees = list(rows.prefetch_related("papers").order_by("created_at", "pk"))
    vault.preload(trainee.person.vault_id for trainee in trainees)
    counted = hours.of_cohort(cohort, (trainee.person_id for trainee in trainees))
    issued = {row.person_id: row for row in visible(Attestation, actor).standing().filter(cohort=cohort, replaces=None)}
    return [
        TraineeLine(
            trainee,
            name_of(trainee.person),
            states[trainee.person_id] == EnrolmentState.WAITING,
            _received(trainee),
            len(PAPERS[Standing(trainee.standing)]),
            counted[trainee.person_id],
            issued.get(trainee.person_id),
        )
        for trainee in trainees
    ]


def _received(trainee: Trainee) -> int:
    asked = PAPERS[Standing(trainee.standing)]
    return sum(paper.kind in asked for paper in trainee.papers.all())


def learners(actor: Actor, cohort: Cohort) -> list[tuple[str, str]]:
    """Those who may be enrolled, and are not in it yet: choices of a form."""
    there = Enrolment.objects.standing().filter(gathering=cohort.gathering_id).values_list("person_id", flat=True)
    known = {str(pk) for pk in there} | {str(cohort.gathering.host_id)}
    return [choice for choice in people_with(actor, *LEARNERS) if choice[0] not in known]


def cohorts_to_come(actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """Those not over and not cancelled: choices of a form, with their first day."""
    rows = visible(Cohort, actor, Can.MANAGE_TRAINING).not_cancelled().filter(gathering__ends_at__gt=now)
    rows = rows.select_related("course", "gathering").order_by("gathering__starts_at")[:50]
    return [(str(row.pk), f"{row.course.title}, {say_date(row.gathering.starts_at)}") for row in rows]


def half_days(cohort: Cohort) -> QuerySet[HalfDay]:
    """Its half-days in their order, those taken out left out."""
    rows = HalfDay.objects.filter(gathering=cohort.gathering_id, removed_at=None)
    return rows.select_related("site").order_by("starts_at")


def own_courses(actor: Actor) -> list[tuple[Trainee, hours.Hours]]:
    """The cohorts in which I have a place, the newest first, with my hours."""
    rows = visible(Trainee, actor).filter(person=actor.person_id).with_place()
    rows = rows.select_related("cohort__course", "cohort__gathering").order_by("-cohort__gathering__starts_at")
    return [(row, hours.of_cohort(row.cohort, [row.person_id])[row.person_id]) for row in rows]


def own_diaries(actor: Actor) -> list[Trainee]:
    """The groups in which I have no place, or no longer, and wrote something for myself: it stays mine."""
    rows, here = visible(Trainee, actor).filter(person=actor.person_id), visible(Trainee, actor).with_place()
    rows = rows.filter(pk__in=visible(DiaryNote, actor).values("trainee_id")).exclude(pk__in=here.values("pk"))
    return list(rows.select_related("cohort__course").order_by("created_at"))


def say_who(lines: Iterable[TraineeLine]) -> str:
    """« 5 patients et proches, 3 professionnels ; 1 personne attend »."""
    here = [line for line in lines if not line.is_waiting]
    carers = sum(line.trainee.standing == Standing.PROFESSIONAL for line in here)
    waiting = sum(line.is_waiting for line in lines)
    lived = len(here) - carers
    words = [
        ngettext("%(n)s patient or relative", "%(n)s patients and relatives", lived) % {"n": lived},
        ngettext("%(n)s professional", "%(n)s professionals", carers) % {"n": carers},
    ]
    if waiting:
        words.append(ngettext("%(n)s person waits", "%(n)s people wait", waiting) % {"n": waiting})
    return ", ".join(words)


# -- attestations


def state_of(attestation: Attestation, on: date | None = None) -> tuple[str, str]:
    """Valid, out of date or withdrawn, with its tone."""
    if attestation.is_revoked:
        return _("Withdrawn"), "alert"
    if attestation.is_over(on):
        return _("Out of date"), "mirabelle"
    return _("Valid"), "sauge"


def check_address(code: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("attestation_check", args=[said_code(code)])


def paper(attestation: Attestation) -> dict[str, Any]:
    """What the PDF says."""
    code = str(attestation.code)
    return {
        "attestation": attestation,
        "organisation": attestation.organisation,
        "length": hours.say_minutes(attestation.minutes),
        "online": hours.say_minutes(attestation.online_minutes) if attestation.online_minutes else "",
        "content": [(title, hours.say_minutes(minutes)) for title, minutes in attestation.content],
        "is_lawful": attestation.qualification in LAWFUL,
        "code": said_code(code),
        "address": check_address(code),
        "qr": segno.make(check_address(code), error="m").svg_data_uri(scale=4, border=0, dark="#000"),
    }


def usual_thanks(peer: Peer) -> str:
    """A first draft of the letter, to be put in one's own words."""
    words = {"name": peer.person.given_name, "place": peer.organisation.name, "year": peer.started_on.year}
    return (
        _(
            "Dear %(name)s,\n\nSince %(year)s you have given your time and your experience with us. People met someone who "
            "understood without a long explanation: that was you.\n\nThank you, from the whole team and from them.\n\nThe "
            "attestation that comes with this letter says what you gave; keep it, it may serve you. Our door stays open, "
            "for a coffee or to start again.\n\n%(place)s"
        )
        % words
    )


def engagement_paper(attestation: EngagementAttestation) -> dict[str, Any]:
    """What the PDF says: the letter, then the attestation."""
    code = str(attestation.code)
    return {
        "attestation": attestation,
        "organisation": attestation.organisation,
        "letter": str(attestation.letter),
        "code": said_code(code),
        "address": check_address(code),
        "qr": segno.make(check_address(code), error="m").svg_data_uri(scale=4, border=0, dark="#000"),
    }


# -- what ends


@dataclass(frozen=True)
class EndingLine:
    """One line of the list: what ends, for whom, when, and where it is renewed."""

    what: str
    who: str
    ends_on: date
    is_over: bool
    url: str
    action: str


def endings(actor: Actor, *, ahead: timedelta = expiries.AHEAD, most: int | None = None) -> list[EndingLine]:
    """Of the actor's organisation, for those who may see it."""
    if not actor.may(Can.SEE_EXPIRIES) or actor.organisation_id is None:
        return []
    found, today = expiries.endings([actor.organisation_id], ahead=ahead, most=most), timezone.localdate()
    people = {row.pk: row for row in WHOSE.all(ids={row.person_id for row in found if row.person_id})}
    vault.preload(person.vault_id for person in people.values())
    return [_ending_line(row, people, today) for row in found]


def _ending_line(row: Ending, people: dict[UUID, Person], today: date) -> EndingLine:
    what, url, action = _renewal(row)
    who = name_of(people[row.person_id]) if row.person_id in people else ""
    return EndingLine(what, who, row.ends_on, row.is_over(today), url, action)


def _renewal(row: Ending) -> tuple[str, str, str]:
    """In words, with the page where it is renewed and what its button says."""
    if row.kind == AGREEMENT:
        url = f"{reverse('convention_add')}?agreement={row.row_id}"
        return _("Convention: %(site)s") % {"site": row.what}, url, _("Write it down again")
    if row.kind == CONVENTION:
        url = _page_of("convention_renew", row)
        return _("Convention: %(site)s") % {"site": row.what}, url, _("Renew the convention")
    if row.kind == ATTESTATION:
        url = _page_of("attestation_detail", row)
        return row.what, f"{url}#renew", _("Renew the attestation")
    label = str(ClearanceKind(row.what).label)
    if row.what == ClearanceKind.SUPERVISION:
        return label, reverse("gathering_list"), _("Choose a group")
    return label, f"{_page_of('peer_detail', row)}#proofs", _("Enter the new dates")


def _page_of(name: str, row: Ending) -> str:
    before, after = address(name, *place())
    return f"{before}{row.row_id}{after}"


def own_endings(actor: Actor) -> list[EndingLine]:
    """My own: what ends soon, without the buttons of those who coordinate."""
    if actor.organisation_id is None:
        return []
    today = timezone.localdate()
    mine = [row for row in expiries.endings([actor.organisation_id]) if row.person_id == actor.person_id]
    return [EndingLine(_renewal(row)[0], "", row.ends_on, row.is_over(today), "", "") for row in mine]
