"""People, the organisations they act in, and what they agreed to."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.people.enums import (
    STORED_ROLES,
    ConsentChannel,
    ConsentPurpose,
    Gender,
    OrganisationKind,
    StopReason,
)
from vecu.people.querysets import (
    ConsentQuerySet,
    ConsentTextQuerySet,
    ErasureRequestQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
    OrganisationQuerySet,
    OutsideAccountQuerySet,
    PersonQuerySet,
    SiteQuerySet,
)
from vecu.people.terms import handle_in


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None) -> User:
        user = self.model(email=self.normalize_email(email).lower())
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A way to sign in. The e-mail stays readable because it is the login; who the person is lives in Person."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_active = models.BooleanField(default=True)
    has_shared_mailbox = models.BooleanField(
        _("someone else reads this mailbox"),
        default=False,
        help_text=_("Then no code and no notice is ever sent there."),
    )
    mail_refused_at = models.DateTimeField(_("address refused by its mail server"), null=True, blank=True)
    language = models.CharField(_("language of pages and notices"), max_length=2, default="fr")
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def can_be_written_to(self) -> bool:
        """Unasked: never to a closed account, a mailbox others read, or an address that refuses mail."""
        return self.is_active and not self.has_shared_mailbox and self.mail_refused_at is None


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
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "text"],
                condition=Q(withdrawn_at=None),
                name="one_standing_consent_a_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.given_at:%Y-%m-%d}"


class Invitation(Row):
    """A way in, bound to one address and one role, for seven days and one use. Only a hash of its secret is kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.label) for r in STORED_ROLES])
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("ends on"))
    used_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


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


class OutsideAccount(Row):
    """A professional's account elsewhere which opens this one. The subject is kept only as a mark, with its issuer."""

    user = models.ForeignKey(User, models.CASCADE, related_name="outside_accounts")
    issuer = models.CharField(_("issuer"), max_length=255)
    mark = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(_("last used"))

    objects = OutsideAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("professional account")
        constraints = [models.UniqueConstraint(fields=["user", "issuer"], name="one_outside_account_an_issuer")]

    def __str__(self) -> str:
        return f"outside account {self.pk}"


class Throttle(models.Model):
    """Failed tries at one door: a delay that grows, never a lock. The key is a hash, not an address."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("slowing down of sign-in")

    def __str__(self) -> str:
        return self.key[:8]
