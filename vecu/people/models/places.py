"""Organisations and where they are present."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.people.enums import OrganisationKind
from vecu.people.querysets import OrganisationQuerySet, SiteQuerySet


class Organisation(Row):
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    phone = models.CharField(_("phone shown to everyone"), max_length=30, blank=True)
    email = models.EmailField(_("address shown to everyone"), blank=True)
    peer_label = models.CharField(
        _("what you call your peers"),
        max_length=60,
        default="patient partenaire",
        help_text=_("Shown to everyone."),
    )
    peer_label_en = models.CharField(_("the same in English"), max_length=60, default="patient partner")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Site(Row):
    """A place where an organisation is present: a hospital, a house of the Ligue, a branch."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=120)
    town = models.CharField(_("town"), max_length=80)
    departement = models.CharField(_("département"), max_length=3)
    is_open = models.BooleanField(_("open"), default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
