"""Ways to sign in: accounts, what opens them, what slows down those who guess."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.people.enums import STORED_ROLES
from vecu.people.querysets import (
    AwaitedAddressQuerySet,
    InvitationQuerySet,
    OutsideAccountQuerySet,
    RecoveryQuerySet,
    RefusedAddressQuerySet,
)


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


class Invitation(Row):
    """A way in, bound to one address and one role, for seven days and one use. Only a hash of its secret is kept."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.label) for r in STORED_ROLES])
    # Someone already in the file, for whom it opens an account; without, whoever accepts says who they are.
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    invited_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("ends on"))
    used_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    refused_at = models.DateTimeField(_("address refused by its mail server"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


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


class AwaitedAddress(Row):
    """An address someone gave without an account: nobody has shown yet that they read it.

    Only a mark of it, by which it is found when its owner comes to sign in. The account opens then, for whoever
    reads the mailbox and knows the phone number of the file.
    """

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="awaited")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64, db_index=True)
    has_shared_mailbox = models.BooleanField(_("someone else reads this mailbox"), default=False)
    language = models.CharField(_("language of pages and notices"), max_length=2, default="fr")

    objects = AwaitedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address to be confirmed")

    def __str__(self) -> str:
        return f"awaited {self.person_id}"


class Recovery(Row):
    """A coordinator met someone who can no longer sign in: a day later, their proofs are forgotten.

    `email` is the right address when the one in the file was mistyped. The day is for the owner of the account, told
    at once at both addresses, to say that they asked for nothing.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="recoveries")
    asked_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    email = models.EmailField(_("right address"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    runs_at = models.DateTimeField(_("done on"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery of an account")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, cancelled_at=None),
                name="one_recovery_under_way",
                violation_error_message=_("This is already under way."),
            )
        ]

    def __str__(self) -> str:
        return f"recovery {self.person_id}"


class RefusedAddress(Row):
    """Someone was refused here for good reason. Only a mark of their address stays, so that their return is seen."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    refused_at = models.DateTimeField(_("sent away"))

    objects = RefusedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address refused")
        constraints = [models.UniqueConstraint(fields=["organisation", "mark"], name="one_refusal_an_address")]

    def __str__(self) -> str:
        return self.mark[:8]
