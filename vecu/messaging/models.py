"""Threads between two people, and notices that say nothing outside."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedTextField
from vecu.core.models import Row
from vecu.messaging.enums import NoticeKind, ThreadState
from vecu.messaging.querysets import MessageQuerySet, NoticeQuerySet, ParticipantQuerySet, ThreadQuerySet

BODY_LENGTH = 4000
ALT_LENGTH = 300


class Thread(Row):
    """One thread per pair, never reused, under its own key: destroying the key erases it everywhere."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ThreadState.choices, default=ThreadState.OPEN)
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    erase_on = models.DateField(_("erased on"), null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state="closed", closed_at__isnull=False, erase_on__isnull=False)
                | Q(state="erased", erased_at__isnull=False),
                name="thread_state_dated",
                violation_error_message=_("A closed exchange needs the date on which it is erased."),
            )
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"


class Participant(Row):
    """A person's seat in a thread, under a pseudonym until both choose to show their first names."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="participants")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="seats")
    handle = models.CharField(max_length=60)
    shows_first_name = models.BooleanField(_("show my first name"), default=False)
    shows_reading = models.BooleanField(_("say when I have read"), default=False)
    last_read_at = models.DateTimeField(null=True, blank=True)
    last_read_number = models.PositiveIntegerField(default=0)
    blocked_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return self.handle


class Message(Row):
    """What was written, once. `number` orders the thread; an image is kept beside it, decoded and written anew.

    `reported_at` is the one key that lets somebody else read this line and its neighbours.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    author = models.ForeignKey(Participant, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    body = EncryptedTextField(_("message"), key="thread.vault_id", blank=True, max_length=BODY_LENGTH)
    image = EncryptedBinaryField(_("image"), key="thread.vault_id", blank=True)
    image_alt = EncryptedTextField(_("what the image shows"), key="thread.vault_id", blank=True, max_length=ALT_LENGTH)
    has_image = models.BooleanField(default=False)
    reported_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["thread", "number"], name="message_numbers")]

    def __str__(self) -> str:
        return f"message {self.number}"


class Notice(Row):
    """Something for one person to read once signed in. `url_name` and `url_key` make the link; no health word.

    `about` is the key of what it speaks of (a thread, an alert): reading that thing reads the notice.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    url_name = models.CharField(max_length=60, blank=True)
    url_key = models.CharField(max_length=60, blank=True)
    about = models.UUIDField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_of_person"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.kind
