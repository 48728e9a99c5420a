"""The tables `core` itself owns. `vecu.core.models` shows them to Django."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = [
    "ChangeMark",
    "DataKey",
    "Job",
    "JobState",
    "JournalArchive",
    "JournalCut",
    "JournalEntry",
    "LiveSignal",
    "OnceKey",
    "WorkerBeat",
]


class DataKey(models.Model):
    """A key that encrypts the texts of one person, thread or file. Destroying it erases them everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version in use"), default=1)
    wrapped_with = models.PositiveSmallIntegerField(_("wrapping key"))
    # All versions of the key, wrapped together; empty once destroyed.
    wrapped = models.BinaryField(_("wrapped key"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    rotated_at = models.DateTimeField(_("version in use since"), null=True)
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        # The one key of a purpose, the outbox's for one, among those of every person.
        indexes = [
            models.Index(
                fields=["purpose", "created_at"],
                condition=models.Q(destroyed_at__isnull=True),
                name="core_datakey_standing",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | models.Q(destroyed_at__isnull=False, wrapped__isnull=True),
                name="core_datakey_destroyed_means_empty",
            )
        ]


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("given up")
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """Something to do outside the request, written in the same transaction as the fact that asks for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    payload = models.JSONField(_("what about (identifiers only)"), default=dict)
    key = models.CharField(_("idempotency key"), max_length=200, null=True, unique=True)  # noqa: DJ001
    about = models.UUIDField(_("person concerned"), null=True, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    run_at = models.DateTimeField(_("run at"))
    lease_until = models.DateTimeField(_("leased until"), null=True)
    worker = models.CharField(_("worker"), max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["state", "run_at"], name="core_job_due"),
            models.Index(fields=["finished_at"], name="core_job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WorkerBeat(models.Model):
    """A worker says it is alive."""

    name = models.CharField(primary_key=True, max_length=64)
    beat_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("worker heartbeat")
        verbose_name_plural = _("worker heartbeats")


class JournalEntry(models.Model):
    """Who did or read what, when and why; never what was written. Rows are only ever added."""

    id = models.BigAutoField(primary_key=True)
    # The chain of an organisation; the empty identifier is the chain of the instance itself.
    chain = models.UUIDField(_("chain"))
    number = models.PositiveBigIntegerField(_("place in the chain"))
    at = models.DateTimeField(_("at"))
    actor_id = models.UUIDField(_("who"), null=True)
    actor_role = models.CharField(_("in which role"), max_length=40, blank=True)
    is_reading = models.BooleanField(_("reading"), default=False)
    verb = models.CharField(_("what was done"), max_length=80)
    object_type = models.CharField(_("kind of object"), max_length=80)
    object_id = models.CharField(_("object"), max_length=40, blank=True)
    subject_id = models.UUIDField(_("person concerned"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    request_id = models.CharField(pgettext_lazy("web page", "request"), max_length=40, blank=True)
    prev = models.CharField(_("previous mark"), max_length=64)
    hash = models.CharField(_("mark"), max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="core_journal_place")]
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="core_journal_subject"),
            models.Index(fields=["object_type", "object_id"], name="core_journal_object"),
            models.Index(fields=["chain", "at"], name="core_journal_at"),
        ]


class JournalCut(models.Model):
    """Up to where a chain was forgotten: number and mark of the last entry removed, and the signature of both.

    The triggers let entries go only up to here; `journal.verify` starts from here.
    """

    chain = models.UUIDField(primary_key=True)
    number = models.PositiveBigIntegerField(_("last entry removed"))
    hash = models.CharField(_("mark"), max_length=64)
    before = models.DateTimeField(_("older than"))
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("cut of the journal")
        verbose_name_plural = _("cuts of the journal")


class JournalArchive(models.Model):
    """Of the entries removed, those kept longer, sealed: read on a request of the law, never by a page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.UUIDField(_("chain"), db_index=True)
    first = models.PositiveBigIntegerField(_("first entry"))
    last = models.PositiveBigIntegerField(_("last entry"))
    vault = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(_("gone on"), db_index=True)

    class Meta:
        verbose_name = _("sealed part of the journal")
        verbose_name_plural = _("sealed parts of the journal")


class OnceKey(models.Model):
    """A form sent: the same form sent again gets the first answer and does nothing."""

    key = models.UUIDField()
    owner = models.CharField(_("hash of the session"), max_length=64)
    location = models.TextField(_("where the first answer led"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("form key")
        verbose_name_plural = _("form keys")
        constraints = [models.UniqueConstraint(fields=["key", "owner"], name="core_oncekey_once")]


class LiveSignal(models.Model):
    """Something changed on a channel. Says nothing of what."""

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("live signal")
        verbose_name_plural = _("live signals")
        indexes = [models.Index(fields=["channel", "id"], name="core_livesignal_channel")]


class ChangeMark(models.Model):
    """A watched row was written: whose facts it changes, and where. Put by triggers (`core.marks`), joined at night.

    `about` is the key of whom it is about, or the organisation's when it may be anyone there.
    """

    MOST = 1 << 40  # a million of them still add up to less than the databases can hold

    organisation_id = models.UUIDField()
    about = models.UUIDField()
    mark = models.BigIntegerField()

    class Meta:
        verbose_name = _("mark of a change")
        verbose_name_plural = _("marks of changes")
        # Counted and summed in the index alone.
        indexes = [models.Index(fields=["organisation_id", "mark", "about"], name="core_changemark_of_one")]
