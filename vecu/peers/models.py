"""What a patient partner can give, where, and how much."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row
from vecu.peers.enums import (
    Activity,
    AgeClass,
    ClearanceKind,
    ExemptionReason,
    LoadKind,
    PeerKind,
    Profile,
    Relation,
    Unit,
)
from vecu.peers.querysets import (
    AbsenceQuerySet,
    ClearanceQuerySet,
    ConventionQuerySet,
    ImportDraftQuerySet,
    LimitsPassportQuerySet,
    LivedExperienceQuerySet,
    LoadEntryQuerySet,
    PeerQuerySet,
    RecruitedForQuerySet,
    RequirementQuerySet,
    SiteAgreementQuerySet,
)


class Peer(Row):
    """A patient partner in one organisation.

    `slots` are usual half-days (Slot), empty meaning "any time"; `profiles` (Profile) and `channels` (Channel)
    are lists of codes. `max_pairs` is how many people at once; places taken are counted in `active_pairs`
    (`take_place`, `free_place`), which a constraint keeps under `max_pairs`: a coordinator who needs more
    raises the limit first, with a reason. `care_site` serves the sole wish « not someone from my hospital ».
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="peers")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="peers")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    kind = models.CharField(_("experience as"), max_length=10, choices=PeerKind.choices)
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices, blank=True)
    profiles = models.JSONField(_("ready to"), default=list, blank=True)
    channels = models.JSONField(_("ways to talk"), default=list, blank=True)
    slots = models.JSONField(_("usual times"), default=list, blank=True)
    territories = models.JSONField(_("départements for face to face"), default=list, blank=True)
    care_site = models.ForeignKey(
        "people.Site",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where I am or was treated"),
    )
    presentation = EncryptedTextField(_("how I introduce myself"), key="vault_id", blank=True)
    employer_code = EncryptedTextField(_("employer, only to avoid an acquaintance"), key="vault_id", blank=True)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    max_pairs = models.PositiveSmallIntegerField(_("people at the same time, at most"), default=3)
    active_pairs = models.PositiveSmallIntegerField(default=0)
    last_pair_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(_("back on"), null=True, blank=True)

    objects = PeerQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient partner")
        # In the order of the list: a page of it stops at its fiftieth line.
        indexes = [models.Index(fields=["organisation", "active_pairs", "last_pair_at", "started_on", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="one_peer_a_person_here"),
            models.CheckConstraint(
                condition=Q(active_pairs__lte=F("max_pairs")),
                name="peer_capacity",
                violation_error_message=_("This patient partner already follows as many people as they accept."),
            ),
            models.CheckConstraint(
                condition=Q(paused_until=None) | Q(paused_at__isnull=False),
                name="peer_pause_has_a_start",
                violation_error_message=_("A pause needs a first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"peer {self.pk}"


class LivedExperience(Row):
    """One thing lived through, from the maintained list (`terms.py`), dated by years, plus own words."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="experiences")
    code = models.CharField(_("experience"), max_length=40)
    year_from = models.PositiveSmallIntegerField(_("from the year"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("to the year"), null=True, blank=True)
    own_words = EncryptedTextField(_("in your own words"), key="peer.vault_id", blank=True)

    objects = LivedExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("lived experience")
        # In the order in which matching reads those of everyone, in the index alone.
        indexes = [
            models.Index(
                "organisation", "peer", F("year_from").desc(), "code", "year_to", name="experiences_of_everyone"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["peer", "code", "year_from"], name="experience_once"),
            models.CheckConstraint(
                condition=Q(year_to=None) | Q(year_from=None) | Q(year_to__gte=F("year_from")),
                name="experience_years_in_order",
                violation_error_message=_("The last year comes before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Absence(Row):
    """Away from a day to a day (availability by exception). Never with a reason."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_in_order",
                violation_error_message=_("The last day comes before the first one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} → {self.ends_on}"


class Clearance(Row):
    """A dated proof that one requirement is met; without an end, it stays.

    Entered by the coordinator, or the line of the ledger (`consent`) in which the peer signed the words themselves.
    With `exemption`, the coordinator says why no proof is asked of this person. Presence in supervision groups is
    counted, never entered: `actions.count_sessions` writes the days on which it was enough.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="clearances")
    kind = models.CharField(_("what"), max_length=20, choices=ClearanceKind.choices)
    obtained_on = models.DateField(_("since"))
    expires_on = models.DateField(_("ends on"), null=True, blank=True)
    consent = models.ForeignKey("people.Consent", models.SET_NULL, null=True, blank=True, related_name="+")
    exemption = models.CharField(_("exempted"), max_length=20, choices=ExemptionReason.choices, blank=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        ordering = ["kind", "-obtained_on"]
        # Whether a proof is in force is read in the index alone; so are the first ones to end.
        indexes = [
            models.Index(fields=["peer", "kind", "obtained_on", "expires_on"]),
            models.Index(fields=["organisation", "expires_on", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("obtained_on")),
                name="clearance_in_order",
                violation_error_message=_("It ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_counted(self) -> bool:
        """Follows from presence in groups: corrected there."""
        return self.kind == ClearanceKind.SUPERVISION and not self.exemption


class Requirement(Row):
    """What an organisation asks for a profile, where it differs from the rule: every proof, without an end.

    Whatever is not written here is asked, so that a line forgotten never lets anybody act; presence in supervision
    groups alone is asked only where written: at least so many (`amount`, `unit`) in the last `valid_months`. For a
    proof that is entered, `valid_months` is how long it holds when no last day is given with it.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="requirements")
    profile = models.CharField(_("profile"), max_length=20, choices=Profile.choices)
    kind = models.CharField(_("what"), max_length=20, choices=ClearanceKind.choices)
    is_asked = models.BooleanField(_("is asked"), default=True)
    valid_months = models.PositiveSmallIntegerField(_("valid for, in months"), null=True, blank=True)
    amount = models.PositiveSmallIntegerField(_("at least"), null=True, blank=True)
    unit = models.CharField(_("counted in"), max_length=8, choices=Unit.choices, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "profile", "kind"], name="requirement_once"),
            models.CheckConstraint(
                condition=(
                    ~Q(kind=ClearanceKind.SUPERVISION)
                    | Q(is_asked=False)
                    | (Q(amount__gt=0, valid_months__gt=0) & ~Q(unit=""))
                ),
                name="requirement_says_how_much",
                violation_error_message=_("Say how many, and in how many months."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.kind}"


class Convention(Row):
    """What an organisation signed with another structure: with whom, who answers for it on each side, from when to
    when, and the signed paper, sealed. It holds at the sites of its agreements. A renewal `replaces` the one before.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    partner = models.CharField(_("with"), max_length=160)
    referent = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("referent here")
    )
    partner_referent = EncryptedTextField(_("referent there"), key="vault_id", blank=True, max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    file = EncryptedBinaryField(key="vault_id", null=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="renewals")

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = _("convention")
        ordering = ["partner", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="convention_in_order",
                violation_error_message=_("It ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"convention {self.pk}"


class SiteAgreement(Row):
    """That a convention lets an organisation's volunteers act at a site, from a day to a day."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    convention = models.ForeignKey(Convention, models.CASCADE, null=True, blank=True, related_name="agreements")
    site = models.ForeignKey("people.Site", models.CASCADE, related_name="agreements")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = SiteAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement with a site")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="agreement_in_order",
                violation_error_message=_("It ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_on}"


class LimitsPassport(Row):
    """« Mon cadre »: what someone will not be asked, per activity. Append-only versions; the newest holds.

    `refused_codes` are codes of `terms.py` the peer refuses; `own_words`, `signs` and `what_helps` are own
    words, shown to the psychologist and coordinator only, whose readings are journaled.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="passports")
    activity = models.CharField(_("for"), max_length=20, choices=Activity.choices)
    version = models.PositiveSmallIntegerField()
    refused_codes = models.JSONField(default=list, blank=True)
    own_words = EncryptedTextField(_("what I will not be asked"), key="peer.vault_id", blank=True)
    signs = EncryptedTextField(_("signs that I am not well"), key="peer.vault_id", blank=True)
    what_helps = EncryptedTextField(_("what helps me"), key="peer.vault_id", blank=True)

    objects = LimitsPassportQuerySet.as_manager()

    class Meta:
        verbose_name = _("limits passport")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["peer", "activity", "version"], name="passport_versions"),
        ]

    def __str__(self) -> str:
        return f"{self.activity} v{self.version}"


class RecruitedFor(Row):
    """What a peer was looked for: the recruitment they answered (`about`, its `number`), and the need behind it.

    It says what was looked for, not what they lived: that is theirs to say.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    peer = models.OneToOneField(Peer, models.CASCADE, related_name="recruited")
    about = models.UUIDField()
    number = models.PositiveIntegerField(_("campaign"))
    code = models.CharField(_("experience looked for"), max_length=40)
    kind = models.CharField(_("experience as"), max_length=10, choices=PeerKind.choices)
    age_class = models.CharField(_("age"), max_length=10, choices=AgeClass.choices, blank=True)
    departement = models.CharField(_("département"), max_length=3, blank=True)

    objects = RecruitedForQuerySet.as_manager()

    class Meta:
        verbose_name = _("what a peer was looked for")
        indexes = [models.Index(fields=["organisation", "code"])]

    def __str__(self) -> str:
        return f"recruited for {self.number}"


class LoadEntry(Row):
    """Something dated that weighs on a peer: a hard contact, a gathering, a testimony. `about` is its key; people
    followed are counted by `Peer.active_pairs`."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="load_entries")
    kind = models.CharField(_("what"), max_length=12, choices=LoadKind.choices)
    about = models.UUIDField()
    happens_on = models.DateField(_("day"))

    objects = LoadEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("something that weighs")
        constraints = [models.UniqueConstraint(fields=["peer", "about"], name="weighs_once")]
        indexes = [models.Index(fields=["peer", "happens_on"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.happens_on}"


class ImportDraft(Row):
    """A spreadsheet read but not yet accepted: its rows, encrypted, until confirmed or the next day."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    rows = EncryptedJSONField(key="vault_id")
    expires_at = models.DateTimeField()

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("import in preview")

    def __str__(self) -> str:
        return f"import {self.pk}"
