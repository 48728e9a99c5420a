"""Accounts elsewhere (an establishment's, Pro Santé Connect) that open an account here, once their owner linked them.

Known by issuer and subject together, and only as a mark: the number a provider gives to a professional is not kept.
Nothing is ever linked by an address, and nobody arrives this way: an account here comes by invitation.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.crypto import blind_index
from vecu.core.errors import Denied, Refused
from vecu.core.openid import Proof
from vecu.people.actor import Actor
from vecu.people.enums import STAFF_ROLES
from vecu.people.models import Membership, OutsideAccount, Person, User
from vecu.people.policy import Can


@transaction.atomic
def link_outside_account(person: Person, proof: Proof, *, actor: Actor, now: datetime | None = None) -> OutsideAccount:
    """From now on this account elsewhere opens mine. Only those who work here, each for themselves, one a provider."""
    require(actor, Can.SEE_OWN_DATA, person)
    if actor.person_id != person.pk or person.user is None:
        raise Denied("an account elsewhere is linked by its owner")
    if not Membership.objects.current().filter(person=person).with_role(*STAFF_ROLES).exists():
        raise Refused("not_staff", _("This way of signing in is for those who work for a programme."))
    found = OutsideAccount.objects.filter(mark=mark_of(proof)).first()
    if found is not None and found.user_id == person.user_id:
        return found
    if found is not None:
        raise Refused(
            "linked_elsewhere",
            _("This professional account already opens another account here. Unlink it there first."),
        )
    if OutsideAccount.objects.filter(user=person.user, issuer=proof.issuer).exists():
        raise Refused("one_each", _("You already linked another account of this provider. Unlink it first."))
    account = OutsideAccount.objects.create(
        user=person.user, issuer=proof.issuer, mark=mark_of(proof), last_used_at=now or timezone.now()
    )
    journal.write(actor, "account.link", account, subject=person)
    return account


@transaction.atomic
def unlink_outside_account(account: OutsideAccount, *, actor: Actor) -> None:
    """This account elsewhere no longer opens mine; refused when it is the only way left."""
    require(actor, Can.SEE_OWN_DATA, account)
    user = account.user
    others = user.outside_accounts.exclude(pk=account.pk)
    has_other_way = user.can_be_written_to or user.has_usable_password() or is_mfa_enabled(user) or others.exists()
    if not has_other_way:
        raise Refused("only_way", _("It is your only way in. Add a passkey or choose a password first."))
    journal.write(actor, "account.unlink", account, subject=actor.person_id)
    account.delete()


@transaction.atomic
def open_with(proof: Proof, *, now: datetime | None = None) -> User | None:
    """Whose account this proof opens, if somebody linked it; the day is noted, since an unused link is forgotten."""
    account = OutsideAccount.objects.filter(mark=mark_of(proof), issuer=proof.issuer).select_related("user").first()
    if account is None:
        return None
    account.last_used_at = now or timezone.now()
    account.save(update_fields=["last_used_at", "updated_at"])
    return account.user


def mark_of(proof: Proof) -> str:
    """Issuer and subject as one mark. Digested first: a mark of texts takes capital and small letters for the same."""
    exact = hashlib.sha256(f"{proof.issuer}\0{proof.subject}".encode("utf-8", "surrogatepass")).hexdigest()
    return blind_index(exact, "people.outside_account")
