"""In somebody's own copy: courses, attestations with their code, diplomas sent with their file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from vecu.core import uploads, vault
from vecu.people.exports import Section, register, register_files
from vecu.people.models import Person
from vecu.training.actions.attestations import said_code
from vecu.training.enums import Level
from vecu.training.hours import say_minutes
from vecu.training.models import (
    Assessment,
    Attestation,
    Criterion,
    DiaryNote,
    EngagementAttestation,
    Equivalence,
    ModuleFollowing,
    SelfAssessment,
    Trainee,
)


@register
def training_part(person: Person) -> list[Section]:
    trainees = Trainee.objects.filter(person=person).select_related("cohort__course", "cohort__gathering")
    attestations = Attestation.objects.filter(person=person).select_related("person").order_by("issued_on", "number")
    sent = list(Equivalence.objects.filter(person=person).order_by("asked_at").defer("proof"))
    vault.preload(row.vault_id for row in sent)
    given = EngagementAttestation.objects.filter(person=person).select_related("person", "organisation")
    said = SelfAssessment.objects.filter(trainee__person=person).select_related(
        "trainee__person", "trainee__cohort__course"
    )
    seen = Assessment.objects.filter(trainee__person=person).select_related(
        "trainee__person", "trainee__cohort__course"
    )
    followed = ModuleFollowing.objects.filter(trainee__person=person).select_related(
        "module", "trainee__cohort__course"
    )
    notes = DiaryNote.objects.filter(trainee__person=person).select_related(
        "trainee__person", "trainee__cohort__course"
    )
    return [
        Section("courses", _("The courses you followed"), [_course(row) for row in trainees.order_by("created_at")]),
        Section("online", _("The modules you followed online"), [_followed(row) for row in followed]),
        Section("diary", _("Your diary"), [_note(row) for row in notes]),
        Section("standing", _("Where you said you stand"), [_self(row) for row in said]),
        Section("assessments", _("Where your assessors said you stand"), [_assessed(row) for row in seen]),
        Section("attestations", _("Your attestations"), [_attestation(row) for row in attestations]),
        Section(
            "engagements", _("What you gave, and the letter that thanked you"), [_engagement(row) for row in given]
        ),
        Section("equivalences", _("The diplomas you sent"), [_equivalence(row) for row in sent]),
    ]


@register_files
def proofs(person: Person) -> Iterator[tuple[str, bytes]]:
    for row in Equivalence.objects.filter(person=person).order_by("asked_at").iterator(chunk_size=1):
        data = bytes(row.proof)
        yield f"diplomes/{row.asked_at:%Y-%m-%d}-{row.pk}.{uploads.end_of(data)}", data


def _course(row: Trainee) -> dict[str, Any]:
    return {
        _("course"): row.cohort.course.title,
        _("began"): row.cohort.gathering.starts_at,
        _("comes as"): row.get_standing_display(),
        _("gave your view of the course"): row.has_reviewed,
        _("papers received"): [paper.get_kind_display() for paper in row.papers.order_by("received_on")],
    }


def _followed(row: ModuleFollowing) -> dict[str, Any]:
    return {
        _("course"): row.trainee.cohort.course.title,
        _("module"): row.module.title if row.module else "",
        _("pages seen"): len(row.seen),
        _("went to the end on"): row.ended_on,
        _("minutes online"): row.minutes,
    }


def _note(row: DiaryNote) -> dict[str, Any]:
    return {
        _("course"): row.trainee.cohort.course.title,
        _("date"): row.created_at,
        _("prompt"): str(row.prompt),
        _("what I wrote"): str(row.words),
    }


def _self(row: SelfAssessment) -> dict[str, Any]:
    return {_("moment"): row.get_moment_display(), _("date"): row.created_at, **_levels(row.trainee, row.levels)}


def _assessed(row: Assessment) -> dict[str, Any]:
    """In the same words; by whom is not yours to take along."""
    return {_("date"): row.created_at, **_levels(row.trainee, row.levels)}


def _levels(trainee: Trainee, levels: dict[str, str]) -> dict[str, Any]:
    titles = {
        str(pk): title
        for pk, title in Criterion.objects.filter(course=trainee.cohort.course_id).values_list("pk", "title")
    }
    return {titles[key]: str(Level(level).label) for key, level in levels.items() if key in titles}


def _attestation(row: Attestation) -> dict[str, Any]:
    return {
        _("number"): row.number,
        _("title"): row.title,
        _("name"): str(row.name),
        _("organised by"): row.organiser,
        _("length"): say_minutes(row.minutes),
        _("of which online"): say_minutes(row.online_minutes),
        _("obtained on"): row.completed_on,
        _("issued on"): row.issued_on,
        _("valid until"): row.expires_on,
        _("withdrawn on"): row.revoked_at,
        _("code"): said_code(str(row.code)),
    }


def _engagement(row: EngagementAttestation) -> dict[str, Any]:
    return {
        _("organisation"): row.organisation.name,
        _("first day"): row.started_on,
        _("last day"): row.ended_on,
        _("what was given"): [", ".join(filter(None, line)) for line in row.content],
        _("letter"): str(row.letter),
        _("code"): said_code(str(row.code)),
        _("would like to come back, since"): row.return_asked_on,
    }


def _equivalence(row: Equivalence) -> dict[str, Any]:
    return {
        _("diploma"): str(row.diploma),
        _("in place of"): row.get_qualification_display(),
        _("obtained on"): row.obtained_on,
        _("sent"): row.asked_at,
        _("state"): row.get_state_display(),
        _("decided"): row.decided_at,
        _("answer"): str(row.answer),
    }
