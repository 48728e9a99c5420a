"""People: who they are, their roles, and what they ask for about themselves."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedTextField
from vecu.core.models import Row
from vecu.people.enums import STORED_ROLES, Gender, StopReason
from vecu.people.models.accounts import User
from vecu.people.models.places import Organisation
from vecu.people.querysets import DataCopyQuerySet, ErasureRequestQuerySet, MembershipQuerySet, PersonQuerySet
from vecu.people.terms import handle_in


class Person(Row):
    """Someone, once, whatever their roles. Civil identity is encrypted under the person's own key.

    `handle` is the pseudonym drawn from a list (colour and tree), never chosen from the name.
    `stopped_at` is set by the one action that stops everything about a person; nothing leaves while it is set.
    """

    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    given_name = EncryptedTextField(_("first name"), key="vault_id")
    family_name = EncryptedTextField(_("last name"), key="vault_id", blank=True)
    phone = EncryptedTextField(_("phone"), key="vault_id", blank=True)
    contact_email = EncryptedTextField(_("e-mail"), key="vault_id", blank=True)
    name_index = models.CharField(max_length=64, blank=True, db_index=True)
    handle = models.CharField(_("pseudonym"), max_length=60)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    languages = models.JSONField(_("languages"), default=list)
    town = EncryptedTextField(_("town"), key="vault_id", blank=True)
    departement = models.CharField(_("département"), max_length=3, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=20, choices=StopReason.choices, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        # Which of the pseudonyms drawn for somebody new are taken.
        indexes = [models.Index(fields=["handle"], name="people_person_handle")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None, stop_reason="") | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
                name="person_stopped_with_reason",
                violation_error_message=_("Say why everything is stopped."),
            )
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def pseudonym(self) -> str:
        """The handle in the reader's language; someone erased is only that."""
        if self.erased_at is not None:
            return gettext("Someone who left")
        return handle_in(self.handle, (get_language() or "fr")[:2])


class Membership(Row):
    """One role of one person in one organisation, from a day to a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.label) for r in STORED_ROLES])
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        # Who has a role here: asked whenever something is told to the coordinators, among thousands of people.
        indexes = [models.Index(fields=["organisation", "role"], name="people_membership_role")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_on=None),
                name="one_open_membership_a_role",
                violation_error_message=_("This person already has this role here."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class ErasureRequest(Row):
    """Someone asks that everything about them be erased: done seven days later unless they change their mind."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="erasure")
    asked_at = models.DateTimeField(_("asked"))
    runs_at = models.DateTimeField(_("done on"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # Asked by nobody: an account of a patient not used for a year. Signing in again undoes it.
    is_for_idleness = models.BooleanField(default=False)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure request")

    def __str__(self) -> str:
        return f"erasure {self.person_id}"


class DataCopy(Row):
    """A copy of everything held about someone, made by a job, sealed under a key of its own, gone after a week."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="copies")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="fr")
    asked_at = models.DateTimeField(_("asked"))
    steps_done = models.PositiveSmallIntegerField(_("parts done"), default=0)
    steps = models.PositiveSmallIntegerField(_("parts in all"), default=0)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    fetched_at = models.DateTimeField(_("taken"), null=True, blank=True)
    expires_at = models.DateTimeField(_("gone on"))

    objects = DataCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of one’s data")
        constraints = [models.UniqueConstraint(fields=["person"], name="one_copy_at_a_time")]

    def __str__(self) -> str:
        return f"copy {self.person_id}"


class DataCopyPiece(models.Model):
    """A piece of a copy: an image-laden file is never held whole in memory."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    copy = models.ForeignKey(DataCopy, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = EncryptedBinaryField(key="copy.vault_id")

    class Meta:
        verbose_name = _("piece of a copy")
        constraints = [models.UniqueConstraint(fields=["copy", "number"], name="pieces_in_order")]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.number}"
