"""Which rows each role sees, of each model, in a world of two organisations: exactly these and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model, Q
from django.http import Http404

from tests.access.walk import ROLES, VISITOR
from tests.access.world import World
from tests.cast import actor_of
from vecu.core.access import get_visible, require, visible
from vecu.core.errors import Denied
from vecu.core.models import ScopedQuerySet
from vecu.people.actor import PUBLIC, Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can

pytestmark = pytest.mark.django_db

# "-": nothing; here, there: all of the committee, of the other hospital; own: what is theirs (OWN below); tree: an
# organisation and those under it; all: common to everyone. A line `model can` is about another right than reading.
EXPECTED = """
model                               visitor  nadia helene claire solene delphine bertrand etienne youssef
people.Organisation                 -        own   own    tree   tree   tree     tree     -       tree
people.Site                         -        here  here   here   here   here     -        -       there
people.Person                       -        -     -      here   -      -        -        -       there
people.Membership                   -        -     -      here   -      -        -        -       there
people.ConsentText                  -        all   all    all    all    all      all      all     all
people.Consent                      -        own   own    own    own    own      own      own     own
people.Consent record_consent       -        -     -      here   -      -        -        -       there
people.Invitation                   -        -     -      here   -      -        -        -       there
people.ErasureRequest               -        own   own    own    own    own      own      own     own
people.OutsideAccount               -        own   own    own    own    own      own      own     own
people.AwaitedAddress               -        -     -      here   -      -        -        -       there
people.Recovery                     -        -     -      here   -      -        -        -       there
people.Recovery see_own_data        -        own   own    own    own    own      own      own     own
people.RefusedAddress               -        -     -      here   -      -        -        -       there
people.DataCopy                     -        own   own    own    own    own      own      own     own
peers.Peer                          -        -     own    here   here   -        -        -       there
peers.Peer edit_peer                -        -     own    here   -      -        -        -       there
peers.LivedExperience               -        -     own    here   here   -        -        -       there
peers.Absence                       -        -     own    here   here   -        -        -       there
peers.LimitsPassport                -        -     own    here   here   -        -        -       there
peers.LimitsPassport set_limits     -        -     own    -      -      -        -        -       -
peers.Clearance                     -        -     own    here   here   -        -        -       there
peers.Clearance record_clearance    -        -     -      here   -      -        -        -       there
peers.Requirement                   -        -     here   here   here   -        -        -       there
peers.Convention                    -        -     -      here   -      -        -        -       there
peers.SiteAgreement                 -        here  here   here   here   here     -        -       there
peers.RecruitedFor                  -        -     own    here   here   -        -        -       there
peers.LoadEntry                     -        -     own    here   here   -        -        -       there
peers.ImportDraft                   -        -     -      own    -      -        -        -       own
messaging.Thread                    -        own   own    -      -      -        -        -       -
messaging.Participant               -        own   own    -      -      -        -        -       -
messaging.Message                   -        own   own    -      -      -        -        -       -
messaging.Notice                    -        own   own    own    own    own      own      own     own
safeguarding.DutyHours              -        -     -      here   -      -        -        -       there
safeguarding.DutyShift              -        -     -      here   -      -        -        -       there
safeguarding.DutyShift handle_alert -        -     -      here   here   -        -        -       there
safeguarding.CrisisPath             -        -     -      here   -      -        -        -       there
safeguarding.Alert                  -        -     -      here   here   -        -        -       there
safeguarding.Alert raise_alert      -        own   own    own    own    -        -        -       own
safeguarding.AlertClock             -        -     -      here   here   -        -        -       there
safeguarding.AlertReview            -        -     -      here   here   -        -        -       there
safeguarding.SealedContact          -        own   own    own    own    own      own      own     own
safeguarding.SealedOpening          -        -     -      here   here   -        -        -       there
safeguarding.Report                 -        -     -      here   here   -        -        -       there
safeguarding.Report report_message  -        own   own    -      -      -        -        -       -
safeguarding.TalkRequest            -        -     -      -      here   -        -        -       -
safeguarding.TalkRequest ask_to_talk -       -     own    -      -      -        -        -       -
agenda.Gathering                    -        own   own    here   here   own      own      own     there
agenda.Gathering run_gatherings     -        -     -      here   here   -        -        -       there
agenda.Gathering join_gatherings    -        own   own    own    own    own      own      own     own
agenda.HalfDay                      -        own   own    here   here   own      own      own     there
agenda.HalfDay run_gatherings       -        -     -      here   here   -        -        -       there
agenda.HalfDay join_gatherings      -        own   own    own    own    own      own      own     own
agenda.Enrolment                    -        own   own    here   here   own      own      own     there
agenda.Enrolment run_gatherings     -        -     -      here   here   -        -        -       there
agenda.Enrolment join_gatherings    -        own   own    own    own    own      own      own     own
agenda.Attendance                   -        own   own    here   here   own      own      own     there
agenda.Attendance run_gatherings    -        -     -      here   here   -        -        -       there
agenda.Attendance join_gatherings   -        own   own    own    own    own      own      own     own
agenda.CalendarFeed                 -        own   own    own    own    own      own      own     own
recognition.Activity                -        -     own    here   -      -        -        -       there
recognition.Activity claim_expenses -        -     own    -      -      -        -        -       -
recognition.Activity decide_claim   -        -     -      here   -      -        -        -       there
recognition.Claim                   -        -     own    here   -      -        -        -       there
recognition.Claim claim_expenses    -        -     own    -      -      -        -        -       -
recognition.Claim decide_claim      -        -     -      here   -      -        -        -       there
recognition.Receipt                 -        -     own    here   -      -        -        -       there
recognition.Receipt claim_expenses  -        -     own    -      -      -        -        -       -
recognition.Scale                   -        -     here   here   -      -        -        -       there
recognition.Scale manage_scales     -        -     -      here   -      -        -        -       there
recognition.Rate                    -        -     here   here   -      -        -        -       there
recruitment.Recruitment             all      -     -      -      -      -        -        -       -
recruitment.Recruitment manage_recruitment - -     -      here   -      -        -        -       there
recruitment.Campaign                -        -     -      here   -      -        -        -       there
recruitment.Campaign apply          all      -     -      -      -      -        -        -       -
recruitment.CampaignNeed            -        -     -      here   -      -        -        -       there
recruitment.EntryCondition          -        -     -      here   -      -        -        -       there
recruitment.Application             -        -     -      here   own    -        -        -       there
recruitment.Application decide_application - -     -      here   -      -        -        -       there
recruitment.Decision                -        -     -      here   own    -        -        -       there
recruitment.ApplicationLetter       -        -     -      here   -      -        -        -       there
recruitment.InterviewSlot           -        -     -      here   own    -        -        -       there
recruitment.Interview               -        -     -      here   own    -        -        -       there
recruitment.InterviewGuide          -        -     -      own    own    -        -        -       own
recruitment.InterviewNote           -        -     -      own    own    -        -        -       own
accompaniment.Programme             all      all   -      -      -      -        -        -       -
accompaniment.Programme manage_programme -   -     -      here   -      -        -        -       there
accompaniment.WardDoor              -        -     -      here   -      -        -        -       there
accompaniment.SupportRequest        -        -     -      here   -      -        -        -       there
accompaniment.CallAttempt           -        -     -      here   -      -        -        -       there
accompaniment.UnmetNeed             -        -     -      here   -      -        -        -       there
accompaniment.Proposal              -        -     -      here   -      -        -        -       there
accompaniment.Proposal answer_proposal -     -     own    -      -      -        -        -       -
accompaniment.Pair                  -        own   own    here   here   -        -        -       there
accompaniment.Pair log_contact      -        -     own    -      -      -        -        -       -
accompaniment.Pair close_pair       -        -     -      here   -      -        -        -       there
accompaniment.Contact               -        -     own    here   here   -        -        -       there
accompaniment.FollowUp              -        -     own    here   here   -        -        -       there
accompaniment.Evaluation            -        own   own    here   here   -        -        -       there
accompaniment.Plan                  -        -     -      here   -      -        -        -       there
accompaniment.PlanLine              -        -     -      here   -      -        -        -       there
missions.MissionDoor                -        -     -      here   -      -        -        -       there
missions.Mission                    -        -     -      here   -      -        -        -       there
missions.MissionAnswer              -        -     -      here   -      -        -        -       there
missions.MissionAnswer answer_mission -      -     own    -      -      -        -        -       -
training.Course                     -        own   own    here   own    own      own      own     there
training.Course manage_training     -        -     -      here   -      -        -        -       there
training.CourseModule               -        own   own    here   own    own      own      own     there
training.ModulePage                 -        own   own    here   own    own      own      own     there
training.PageSound                  -        own   own    here   own    own      own      own     there
training.ModuleFollowing            -        own   own    own    own    own      own      own     own
training.DiaryNote                  -        own   own    own    own    own      own      own     own
training.Criterion                  -        own   own    here   own    own      own      own     there
training.SelfAssessment             -        own   own    own    own    own      own      own     own
training.Assessment                 -        -     -      here   -      -        -        -       there
training.CourseReview               -        -     -      here   -      -        -        -       there
training.EngagementAttestation      -        own   own    own    own    own      own      own     own
training.EngagementAttestation record_clearance - - -     here   -      -        -        -       there
training.KnownCourse                -        here  here   here   here   here     -        -       there
training.KnownCourse manage_training -       -     -      here   -      -        -        -       there
training.KeptSeats                  -        -     -      here   -      -        -        -       there
training.Cohort                     -        own   own    here   own    own      own      own     there
training.Cohort manage_training     -        -     -      here   -      -        -        -       there
training.Trainee                    -        own   own    here   own    own      own      own     there
training.TraineePaper               -        own   own    here   own    own      own      own     there
training.Attestation                -        own   own    here   own    own      own      own     there
training.Attestation issue_attestation -     -     -      here   -      -        -        -       there
training.IssuerKey                  -        -     -      here   -      -        -        -       there
training.Equivalence                -        -     own    here   -      -        -        -       there
training.Equivalence decide_equivalence -    -     -      here   -      -        -        -       there
"""

# What "own" means, said here a second time on purpose: not by the querysets that are tried.
OWN: dict[str, tuple[str, ...]] = {
    "people.Organisation": ("memberships__person",),
    "people.Consent": ("person",),
    "people.ErasureRequest": ("person",),
    "people.OutsideAccount": ("user__person",),
    "people.Recovery": ("person",),
    "people.DataCopy": ("person",),
    "peers.Peer": ("person",),
    "peers.LivedExperience": ("peer__person",),
    "peers.Absence": ("peer__person",),
    "peers.LimitsPassport": ("peer__person",),
    "peers.Clearance": ("peer__person",),
    "peers.RecruitedFor": ("peer__person",),
    "peers.LoadEntry": ("peer__person",),
    "missions.MissionAnswer": ("peer__person",),
    "peers.ImportDraft": ("by",),
    "messaging.Thread": ("participants__person",),
    "messaging.Participant": ("person",),
    "messaging.Message": ("thread__participants__person",),
    "messaging.Notice": ("person",),
    "safeguarding.Alert": ("opened_by",),
    "safeguarding.Report": ("reporter",),
    "safeguarding.SealedContact": ("person",),
    "safeguarding.TalkRequest": ("person",),
    "agenda.Gathering": ("enrolments__person", "host"),
    "agenda.HalfDay": ("gathering__enrolments__person", "gathering__host"),
    "agenda.Enrolment": ("person",),
    "agenda.Attendance": ("person",),
    "agenda.CalendarFeed": ("person",),
    "recruitment.Application": ("slots__host",),
    "recruitment.Decision": ("application__slots__host",),
    "recruitment.InterviewSlot": ("host",),
    "recruitment.Interview": ("application__slots__host",),
    "recognition.Activity": ("person",),
    "recognition.Claim": ("person",),
    "recognition.Receipt": ("claim__person",),
    "recruitment.InterviewGuide": ("interview__host",),
    "recruitment.InterviewNote": ("author",),
    "accompaniment.Proposal": ("peer__person",),
    "accompaniment.Pair": ("peer__person", "beneficiary"),
    "accompaniment.Contact": ("pair__peer__person",),
    "accompaniment.FollowUp": ("pair__peer__person",),
    "accompaniment.Evaluation": ("person",),
    "training.Course": ("cohorts__trainees__person",),
    "training.CourseModule": ("course__cohorts__trainees__person",),
    "training.ModulePage": ("module__course__cohorts__trainees__person",),
    "training.PageSound": ("page__module__course__cohorts__trainees__person",),
    "training.ModuleFollowing": ("trainee__person",),
    "training.DiaryNote": ("trainee__person",),
    "training.Criterion": ("course__cohorts__trainees__person",),
    "training.SelfAssessment": ("trainee__person",),
    "training.EngagementAttestation": ("person",),
    "training.Cohort": ("trainees__person",),
    "training.Trainee": ("person",),
    "training.TraineePaper": ("trainee__person",),
    "training.Attestation": ("person",),
    "training.Equivalence": ("person",),
}
# Where the organisation of a row is found, when it is not a column of its own.
PLACE = {"people.Person": "memberships__organisation", "safeguarding.AlertClock": "alert__organisation"}

MOST = 20  # rows of a model asked one by one
LINES = [line.split() for line in EXPECTED.strip().splitlines()[1:]]


def scoped_models() -> set[str]:
    models = [
        model for model in apps.get_models() if model.__module__.startswith("vecu.") and "tests" not in model.__module__
    ]
    return {m._meta.label for m in models if isinstance(m._default_manager.all(), ScopedQuerySet)}


def test_no_scoped_model_is_forgotten() -> None:
    assert {line[0] for line in LINES} == scoped_models()
    assert EXPECTED.split("\n")[1].split()[1:] == list(ROLES)


each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: ".".join(line[: len(line) - len(ROLES)]))


@each_line
def test_rows_seen(line: list[str], world: World) -> None:
    label, words = line[0], line[-len(ROLES) :]
    can = Can(line[1]) if len(line) > len(ROLES) + 1 else None
    model = apps.get_model(label)
    seen, expected = {}, {}
    for role, word in zip(ROLES, words, strict=True):
        actor = _actor(world, role)
        seen[role] = set(visible(model, actor, can).values_list("pk", flat=True))
        expected[role] = SETS[word](model, world, role)
    assert seen == expected
    assert any(expected.values()) or label == "accompaniment.UnmetNeed", "the world holds no such row"


@each_line
def test_one_row_is_found_by_those_who_see_it_and_no_other(line: list[str], world: World) -> None:
    """`get_visible` and `require` ask queries written once for each reach: one actor after another, the same rows."""
    label, words = line[0], line[-len(ROLES) :]
    model = apps.get_model(label)
    can = Can(line[1]) if len(line) > len(ROLES) + 1 else None
    rows = list(model._base_manager.all()[:MOST])
    for role, word in zip(ROLES, words, strict=True):
        actor, expected = _actor(world, role), SETS[word](model, world, role)
        for row in rows:
            assert _is_found(model, actor, can, row) == (row.pk in expected), (role, row)
            reading = can or model._default_manager.all().reading
            assert _may(actor, reading, row) == (row.pk in expected), (role, row)


def _is_found(model: type[Model], actor: Actor, can: Can | None, row: Model) -> bool:
    try:
        return bool(get_visible(model, actor, can, pk=str(row.pk)) == row)
    except Http404:
        return False


def _may(actor: Actor, can: Can, row: Model) -> bool:
    try:
        require(actor, can, row)
    except Denied:
        return False
    return True


def _actor(world: World, role: str) -> Actor:
    return PUBLIC if role == VISITOR else actor_of(getattr(world.cast, role))


def _here(model: type[Model], world: World, role: str) -> set[Any]:
    return _of(model, world.here.organisation)


def _there(model: type[Model], world: World, role: str) -> set[Any]:
    return _of(model, world.there.organisation)


def _of(model: type[Model], organisation: Organisation) -> set[Any]:
    place = PLACE.get(model._meta.label, "organisation")
    return set(model._base_manager.filter(**{place: organisation}).values_list("pk", flat=True))


def _own(model: type[Model], world: World, role: str) -> set[Any]:
    wanted = Q()
    for path in OWN[model._meta.label]:
        wanted |= Q(**{path: getattr(world.cast, role)})
    return set(model._base_manager.filter(wanted).values_list("pk", flat=True))


def _tree(model: type[Model], world: World, role: str) -> set[Any]:
    cast = world.cast
    if role == "youssef":
        return {cast.other_hospital.pk}
    below = {cast.committee.pk, cast.hospital.pk}
    return {cast.network.pk, *below} if role == "bertrand" else below


def _all(model: type[Model], world: World, role: str) -> set[Any]:
    return set(model._base_manager.values_list("pk", flat=True))


SETS: dict[str, Callable[[type[Model], World, str], set[Any]]] = {
    "-": lambda model, world, role: set(),
    "here": _here,
    "there": _there,
    "own": _own,
    "tree": _tree,
    "all": _all,
}
