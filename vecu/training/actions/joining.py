"""Two files are one person: training follows into the other file. Where both hold the same, the stronger stands, then
the older, and what only the other said is added to it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from vecu.people.actor import system
from vecu.people.models import Person
from vecu.training.actions import engagements, followings
from vecu.training.enums import AttestationState, EquivalenceState
from vecu.training.models import Assessment, Attestation, DiaryNote, Equivalence, SelfAssessment, Trainee, TraineePaper
from vecu.training.workflows import EQUIVALENCE

STANDING = (EquivalenceState.ACCEPTED, EquivalenceState.ASKED)  # the stronger first


@transaction.atomic
def move_training(from_person_id: UUID, to_person_id: UUID) -> None:
    """Cohorts, attestations, thanks and diplomas of the one file, in the other."""
    into = Person.objects.get(pk=to_person_id)
    known = {trainee.cohort_id: trainee for trainee in Trainee.objects.filter(person=into).select_related("person")}
    for trainee in Trainee.objects.filter(person=from_person_id).select_related("person"):
        if held := known.get(trainee.cohort_id):
            _join_trainees(trainee, held)
        else:
            _move_trainee(trainee, into)
    _move_attestations(from_person_id, into)
    engagements.move_engagements(from_person_id, into)
    _move_equivalences(from_person_id, into)


def _move_trainee(trainee: Trainee, into: Person) -> None:
    """Where they stand, as they and their assessors say it, and their diary are sealed again under the key of the file
    they go to."""
    sealed = [
        (row, ("levels",)) for model in (SelfAssessment, Assessment) for row in model.objects.filter(trainee=trainee)
    ]
    sealed += [(note, ("prompt", "words")) for note in DiaryNote.objects.filter(trainee=trainee)]
    opened = []
    for row, names in sealed:
        row.trainee = trainee
        opened.append({name: getattr(row, name) for name in names})
    trainee.person = into
    trainee.save(update_fields=["person", "updated_at"])
    for (row, names), values in zip(sealed, opened, strict=True):
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*names, "updated_at"])


def _join_trainees(trainee: Trainee, held: Trainee) -> None:
    """Both files were in this cohort: one line of it stays, with the papers, the looks and the view of both."""
    for paper in TraineePaper.objects.filter(trainee=trainee):
        same = TraineePaper.objects.filter(trainee=held, kind=paper.kind).first()
        if same is None:
            paper.trainee = held
            paper.save(update_fields=["trainee", "updated_at"])
        elif paper.received_on < same.received_on:
            same.received_on = paper.received_on
            same.save(update_fields=["received_on", "updated_at"])
    for model, name in ((SelfAssessment, "moment"), (Assessment, "assessor_id")):
        known = {getattr(look, name): look for look in model.objects.filter(trainee=held)}
        for look in model.objects.filter(trainee=trainee):
            look.trainee = trainee
            _join_looks(look, known.get(getattr(look, name)), held)
    _join_diaries(trainee, held)
    if trainee.has_reviewed and not held.has_reviewed:
        held.has_reviewed = True
        held.save(update_fields=["has_reviewed", "updated_at"])
    trainee.delete()


def _join_diaries(trainee: Trainee, held: Trainee) -> None:
    """Every note is kept, freely where both wrote under the same page; a page seen in either file is seen, and
    whoever saw all of them between both is at the end."""
    written = set(held.diary.exclude(page=None).values_list("page_id", flat=True))
    for note in DiaryNote.objects.filter(trainee=trainee):
        note.trainee = trainee
        prompt, words = note.prompt, note.words
        note.trainee, note.prompt, note.words = held, prompt, words
        note.page_id = None if note.page_id in written else note.page_id
        note.save()
    known = {row.module_id: row for row in held.followings.exclude(module=None)}
    for row in trainee.followings.all():
        same = known.get(row.module_id)
        if same is None:
            row.trainee = held
            row.save(update_fields=["trainee", "updated_at"])
            continue
        same.seen = [*same.seen, *(page for page in row.seen if page not in same.seen)]
        ended = [one for one in (same, row) if one.ended_on is not None]
        if ended:
            best = min(ended, key=lambda one: (-one.minutes, one.ended_on))
            same.ended_on, same.minutes = best.ended_on, best.minutes
        same.save(update_fields=["seen", "ended_on", "minutes", "updated_at"])
        followings.end_if_done(same)


def _join_looks(look: SelfAssessment | Assessment, known: SelfAssessment | Assessment | None, held: Trainee) -> None:
    """The same look twice: what was said first stands, what only the other says is added."""
    levels = look.levels
    if known is None:
        look.trainee = held
        look.levels = levels
        look.save(update_fields=["trainee", "levels", "updated_at"])
        return
    known.trainee = held
    first, then = (levels, known.levels) if look.created_at < known.created_at else (known.levels, levels)
    known.levels = {**then, **first}
    known.save(update_fields=["levels", "updated_at"])


def _move_attestations(from_person_id: UUID, into: Person) -> None:
    """Sealed again, under the key of the file they go to. Two for one cohort both open their page still: the older one
    stands for the cohort."""
    first_ones = Attestation.objects.filter(state=AttestationState.VALID, replaces=None).exclude(cohort=None)
    known = {row.cohort_id: row for row in first_ones.filter(person=into)}
    for row in Attestation.objects.filter(person=from_person_id).select_related("person"):
        name, code = str(row.name), str(row.code)
        is_first = row.state == AttestationState.VALID and row.replaces_id is None
        same = known.get(row.cohort_id) if is_first else None
        if same is not None:
            younger = row if same.number < row.number else same
            younger.cohort = None
            Attestation.objects.filter(pk=younger.pk).update(cohort=None, updated_at=timezone.now())
        row.person, row.name, row.code = into, name, code
        row.save()


def _move_equivalences(from_person_id: UUID, into: Person) -> None:
    """Sent from both files in place of the same training: one is looked at or recognised, the other is kept beside it."""
    known = {
        (row.organisation_id, row.qualification): row
        for row in Equivalence.objects.filter(person=into, state__in=STANDING).defer("proof")
    }
    for row in Equivalence.objects.filter(person=from_person_id).defer("proof").order_by("asked_at", "pk"):
        same = known.get((row.organisation_id, row.qualification)) if row.state in STANDING else None
        if same is not None:
            weaker = max(row, same, key=lambda one: (STANDING.index(EquivalenceState(one.state)), one.asked_at))
            decided_at = weaker.decided_at or timezone.now()
            EQUIVALENCE.apply(weaker, "set_aside", actor=system(weaker.organisation_id), decided_at=decided_at)
        Equivalence.objects.filter(pk=row.pk).update(person=into, updated_at=timezone.now())
