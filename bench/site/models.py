from __future__ import annotations

from django.db import models


class Submission(models.Model):
    """A questionnaire sent by one of four hundred people."""

    who = models.CharField(max_length=40, unique=True)


class Answer(models.Model):
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    question = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)


class Counter(models.Model):
    """One row that every write changes: a write counted twice, or not at all, shows here."""

    value = models.PositiveIntegerField(default=0)

    @classmethod
    def add(cls) -> None:
        """Read, then write: loses counts wherever two transactions may overlap unguarded."""
        row = cls.objects.select_for_update().get_or_create(pk=1)[0]
        row.value += 1
        row.save()
