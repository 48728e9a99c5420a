"""The exact words agreed to, and the ledger of who agreed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.people.enums import ConsentChannel, ConsentPurpose
from vecu.people.models.persons import Person
from vecu.people.models.places import Organisation
from vecu.people.querysets import ConsentQuerySet, ConsentTextQuerySet


class ConsentText(Row):
    """The exact words agreed to. Never edited: a new version is a new row. `organisation` empty means everyone's."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    title_fr = models.CharField(max_length=150)
    title_en = models.CharField(max_length=150)
    body_fr = models.TextField()
    body_en = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "purpose", "version"], name="consent_text_versions"),
            models.UniqueConstraint(
                fields=["purpose", "version"],
                condition=Q(organisation=None),
                name="common_consent_text_versions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"

    @property
    def title(self) -> str:
        return self.in_language(get_language() or "fr")[0]

    @property
    def body(self) -> str:
        return self.in_language(get_language() or "fr")[1]

    def in_language(self, language: str) -> tuple[str, str]:
        """Title and words, in French unless English is asked for."""
        return (self.title_en, self.body_en) if language.startswith("en") else (self.title_fr, self.body_fr)


class Consent(Row):
    """One line of the ledger: who agreed to which words, when, how, and when they took it back."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="fr")
    channel = models.CharField(_("how"), max_length=10, choices=ConsentChannel.choices)
    given_at = models.DateTimeField(_("given"))
    recorded_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        # Those taken back are few, and asked for whenever somebody is looked for.
        indexes = [
            models.Index(
                fields=["organisation", "person"], condition=Q(withdrawn_at__isnull=False), name="consents_taken_back"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "text"],
                condition=Q(withdrawn_at=None),
                name="one_standing_consent_a_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.given_at:%Y-%m-%d}"
