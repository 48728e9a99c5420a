"""An attestation as a badge, and the key of the organisation that signs it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.training import badges
from vecu.training.enums import AttestationState
from vecu.training.models import Attestation, IssuerKey


@transaction.atomic
def export_badge(attestation: Attestation, *, actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """The signed badge of an attestation that holds, for its holder or whoever issues them. The organisation's key is
    made the first time."""
    require(actor, Can.SEE_TRAINING, attestation)
    if attestation.is_revoked:
        raise Refused("revoked", _("This attestation was withdrawn: there is no badge of it."))
    key = _key_of(attestation.organisation)
    journal.write(actor, "attestation.badge", attestation, subject=attestation.person_id)
    return badges.credential(attestation, key, now or timezone.now())


def status_of(organisation: Organisation, now: datetime | None = None) -> dict[str, Any] | None:
    """The list anyone reads to know which badges no longer hold: withdrawn, or their holder was erased. None as long
    as no badge was ever made."""
    key = IssuerKey.objects.filter(organisation=organisation).first()
    if key is None:
        return None
    gone = Attestation.objects.filter(Q(state=AttestationState.REVOKED) | Q(code_mark=""), organisation=organisation)
    return badges.status_list(organisation, gone.values_list("number", flat=True), key, now or timezone.now())


def issuer_of(organisation: Organisation) -> dict[str, Any] | None:
    """The public half of the key, and whose it is."""
    key = IssuerKey.objects.filter(organisation=organisation).first()
    return None if key is None else badges.issuer(organisation, key)


def _key_of(organisation: Organisation) -> IssuerKey:
    """Made once: two holders at the same second wait for each other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    key = IssuerKey.objects.filter(organisation=organisation).first()
    if key is not None:
        return key
    secret = Ed25519PrivateKey.generate()
    public = base64.b64encode(secret.public_key().public_bytes_raw()).decode()
    key = IssuerKey(organisation=organisation, vault=vault.new_key("training.issuer"), public=public)
    key.secret = secret.private_bytes_raw()
    key.save(force_insert=True)
    return key
