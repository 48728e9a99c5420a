"""Following a module online at one's own pace, and keeping a diary that nobody else reads.

Of a question nothing is kept. The diary writes no line of the journal: it is nobody's business that somebody wrote.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.training.actions import rows
from vecu.training.enums import PageKind
from vecu.training.models import CourseModule, DiaryNote, ModuleFollowing, ModulePage, Trainee

MOST_NOTES = 500


@transaction.atomic
def see_page(trainee: Trainee, page: ModulePage, *, actor: Actor, now: datetime | None = None) -> ModuleFollowing:
    """A page was read, listened to or answered. Once all of a module were, it counts as followed to its end, with the
    minutes it is said to take that day; a page added later takes nothing back."""
    _require_own(trainee, actor)
    if page.module.course_id != trainee.cohort.course_id:
        raise Refused("another_course", _("This page is not one of your course."))
    # Two tabs at the same second, or a page taken out at that second, wait for each other: nothing seen is lost.
    hold(page.module)
    Trainee.objects.select_for_update().get(pk=trainee.pk)
    known, _is_new = ModuleFollowing.objects.get_or_create(
        trainee=trainee, module=page.module, defaults={"organisation_id": trainee.organisation_id}
    )
    following = ModuleFollowing.objects.select_for_update().get(pk=known.pk)
    following.seen = sorted({*following.seen, str(page.pk)})
    _keep(following, page.module, now)
    return following


def hold(module: CourseModule) -> None:
    """Whoever follows, writes or takes out a page of it waits for whoever is doing so; held before a trainee is."""
    CourseModule.objects.select_for_update().filter(pk=module.pk).first()


def end_those_done(module: CourseModule, now: datetime | None = None) -> None:
    """A page was taken out: whoever has seen all the others is at the end too."""
    for following in ModuleFollowing.objects.filter(module=module, ended_on=None).select_for_update():
        _keep(following, module, now)


def end_if_done(following: ModuleFollowing, now: datetime | None = None) -> None:
    """Pages seen were added from another file: together they may be all of them."""
    if following.module is not None:
        _keep(following, following.module, now)


def _keep(following: ModuleFollowing, module: CourseModule, now: datetime | None) -> None:
    """With the day of the end, once all pages were seen. `updated_at` is left alone: it would tell when the last one
    was."""
    pages = {str(pk) for pk in ModulePage.objects.filter(module=module).values_list("pk", flat=True)}
    if following.ended_on is None and pages and pages <= set(following.seen):
        following.ended_on = timezone.localdate(now or timezone.now())
        following.minutes = module.online_minutes
    following.save(update_fields=["seen", "ended_on", "minutes"])


@transaction.atomic
def write_note(trainee: Trainee, words: str, *, actor: Actor, page: ModulePage | None = None) -> DiaryNote:
    """A note of one's own, under the prompt of a page or freely; under a prompt there is one, written again as one
    likes."""
    _require_own(trainee, actor)
    if not words.strip():
        raise Refused("nothing_written", _("Write a few words, or go on without writing."))
    if page is not None and (page.kind != PageKind.REFLECTION or page.module.course_id != trainee.cohort.course_id):
        raise Refused("another_course", _("This page is not one of your course."))
    prompt = page.body if page is not None else ""
    if page is not None:
        hold(page.module)
        # Taken out at this second: what was written is kept, freely.
        page = ModulePage.objects.filter(pk=page.pk).first()
    Trainee.objects.select_for_update().get(pk=trainee.pk)
    note = DiaryNote.objects.filter(trainee=trainee, page=page).first() if page is not None else None
    if note is None:
        if DiaryNote.objects.filter(trainee=trainee).count() >= MOST_NOTES:
            raise Refused("diary_full", _("This diary is full: take a copy of it, then erase some notes."))
        note = DiaryNote(organisation_id=trainee.organisation_id, trainee=trainee, page=page, prompt=prompt)
    return _written(note, words)


@transaction.atomic
def change_note(note: DiaryNote, words: str, *, actor: Actor) -> DiaryNote:
    """Written otherwise; what it said before is kept nowhere."""
    _require_own(note.trainee, actor)
    if not words.strip():
        raise Refused("nothing_written", _("Write a few words, or erase this note."))
    return _written(note, words)


@transaction.atomic
def erase_note(note: DiaryNote, *, actor: Actor) -> None:
    """Gone, for its author alone decides of it."""
    _require_own(note.trainee, actor)
    note.delete()


def _written(note: DiaryNote, words: str) -> DiaryNote:
    note.words = words.strip()
    rows.checked(note)
    note.save()
    return note


def _require_own(trainee: Trainee, actor: Actor) -> None:
    require(actor, Can.SEE_TRAINING, trainee)
    if trainee.person_id != actor.person_id:
        raise Refused("not_yours", _("Only the person themselves follows their course and writes in their diary."))
