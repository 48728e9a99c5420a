"""What is followed online: the pages of a module, how far somebody is, and the diary they keep for themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedTextField
from vecu.core.models import Row
from vecu.training.enums import PageKind
from vecu.training.models.cohorts import Trainee
from vecu.training.models.courses import CourseModule
from vecu.training.querysets import (
    DiaryNoteQuerySet,
    ModuleFollowingQuerySet,
    ModulePageQuerySet,
    PageSoundQuerySet,
)


class ModulePage(Row):
    """One page of a module online: something to read, to listen to, a question, or a prompt for one's diary.

    `choices` are pairs (words, whether it fits) of a question; `explanation` is read once it was answered. What
    somebody answers is kept nowhere.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    module = models.ForeignKey(CourseModule, models.CASCADE, related_name="pages")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=PageKind.choices)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True, max_length=12000)
    choices = models.JSONField(_("answers"), default=list, blank=True)
    explanation = models.TextField(_("explanation"), blank=True, max_length=2000)

    objects = ModulePageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of a module")
        ordering = ["place", "created_at"]

    def __str__(self) -> str:
        return self.title


class PageSound(Row):
    """What is listened to on a page, with its words: sealed under a key of its own, since a voice is somebody's."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    page = models.OneToOneField(ModulePage, models.CASCADE, related_name="sound")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12)
    seconds = models.PositiveIntegerField(_("length"))
    data = EncryptedBinaryField(key="vault_id")
    transcript = EncryptedTextField(_("the same in words"), key="vault_id", max_length=40000)

    objects = PageSoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("sound of a page")

    def __str__(self) -> str:
        return f"sound of {self.page_id}"


class ModuleFollowing(Row):
    """Which pages of a module a trainee has seen; once all were, `ended_on` and the minutes it was then said to take.

    But for the first one, nothing tells when a page was seen; nothing at all what was answered.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="followings")
    module = models.ForeignKey(CourseModule, models.SET_NULL, null=True, related_name="followings")
    seen = models.JSONField(_("pages seen"), default=list)
    ended_on = models.DateField(_("went to the end on"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes online"), default=0)

    objects = ModuleFollowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("module followed online")
        constraints = [
            models.UniqueConstraint(fields=["trainee", "module"], name="module_followed_once"),
            models.CheckConstraint(condition=Q(ended_on__isnull=False) | Q(minutes=0), name="module_counts_once_ended"),
        ]

    def __str__(self) -> str:
        return f"following {self.pk}"


class DiaryNote(Row):
    """Something a trainee wrote for themselves, under a prompt or freely: sealed under their own key, read by them
    alone. It keeps the prompt it answers, whatever becomes of the page."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="diary")
    page = models.ForeignKey(ModulePage, models.SET_NULL, null=True, blank=True, related_name="+")
    prompt = EncryptedTextField(_("prompt"), key="trainee.person.vault_id", blank=True, max_length=12000)
    words = EncryptedTextField(_("what I wrote"), key="trainee.person.vault_id", max_length=8000)

    objects = DiaryNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a diary")
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["trainee", "page"], name="diary_note_once")]

    def __str__(self) -> str:
        return f"note {self.pk}"
