from __future__ import annotations

import uuid

from django.db import models

from vecu.core.crypto import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row


class Folder(Row):
    vault_id = models.UUIDField()


class Note(Row):
    organisation_id = models.UUIDField(default=uuid.uuid4)
    vault_id = models.UUIDField()
    title = models.CharField(max_length=100, blank=True)
    body = EncryptedTextField(key="vault_id", blank=True, max_length=2000)
    extra = EncryptedJSONField(key="vault_id", null=True, blank=True)
    photo = EncryptedBinaryField(key="vault_id", blank=True)
    state = models.CharField(max_length=10, default="new")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(body=""),
                name="sample_done_has_body",
                violation_error_message="Write the note before closing it.",
            )
        ]


class Page(Row):
    folder = models.ForeignKey(Folder, on_delete=models.CASCADE)
    text = EncryptedTextField(key="folder.vault_id", blank=True)


class Fact(models.Model):
    """What a view or a job wrote, counted by the tests."""

    label = models.CharField(max_length=100)
