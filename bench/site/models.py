from __future__ import annotations

from django.db import models


class Submission(models.Model):
    """A questionnaire sent by one of four hundred people."""

    who = models.CharField(max_length=40, unique=True)


class Answer(models.Model):
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    question = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
