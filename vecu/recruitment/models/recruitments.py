"""How an organisation recruits, and what each role asks for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.peers.enums import Profile
from vecu.recruitment.enums import ConditionKind, Hindsight
from vecu.recruitment.querysets import HereQuerySet, RecruitmentQuerySet


class Recruitment(Row):
    """How one organisation recruits: for which roles, within which delay it answers, and who decides."""

    organisation = models.OneToOneField("people.Organisation", models.PROTECT, related_name="recruitment")
    is_open = models.BooleanField(_("open to applications"), default=False)
    profiles = models.JSONField(_("roles looked for"), default=list)
    phone = models.CharField(_("phone shown to applicants"), max_length=30, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer at each step"),
        default=15,
        help_text=_("Promised to each applicant. Past it, the application comes first on your first screen."),
    )
    keep_months = models.PositiveSmallIntegerField(
        _("months kept after the answer"),
        default=12,
        help_text=_("Twelve at most. Then the application is deleted."),
    )
    needs_two = models.BooleanField(
        _("two people decide"),
        default=False,
        help_text=_("A second person confirms each decision before its letter leaves."),
    )

    objects = RecruitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("recruitment")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=60),
                name="recruitment_answers_soon",
                violation_error_message=_("Answer within 1 to 60 days."),
            ),
            models.CheckConstraint(
                condition=Q(keep_months__gte=1, keep_months__lte=12),
                name="recruitment_keeps_a_year_at_most",
                violation_error_message=_("An application is kept 1 to 12 months after its answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"recruitment {self.organisation_id}"


class EntryCondition(Row):
    """One thing a role asks for in one organisation. `least` is the hindsight class from which it is met; `words` are
    the organisation's own explanation, shown with ours."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+")
    profile = models.CharField(_("role"), max_length=20, choices=Profile.choices)
    kind = models.CharField(_("condition"), max_length=20, choices=ConditionKind.choices)
    least = models.CharField(_("at least"), max_length=20, choices=Hindsight.choices, blank=True)
    words = models.CharField(_("explained in your words"), max_length=300, blank=True)

    objects = HereQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry condition")
        ordering = ["profile", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "profile", "kind"],
                name="one_condition_of_a_kind",
                violation_error_message=_("This condition is already set for this role."),
            ),
            models.CheckConstraint(
                condition=Q(kind="hindsight") ^ Q(least=""),
                name="hindsight_has_a_class",
                violation_error_message=_("Say how much time is needed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.kind}"
