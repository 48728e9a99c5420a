"""Attestations as Open Badges 3.0: a signed credential its holder may show anywhere, and a list that says which ones
were withdrawn.

Proofs are `eddsa-jcs-2022` of the W3C: the document and the proof's own words, each written in the one way of RFC 8785,
hashed and signed with the organisation's Ed25519 key. Nothing here is secret but that key, which lies in the vault.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.urls import reverse

from vecu.people.models import Organisation
from vecu.training.models import Attestation, IssuerKey

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
MULTIKEY = "https://w3id.org/security/multikey/v1"
LEAST_BITS = 131_072  # of a status list, so that a place in it tells nothing of how many there are
ED25519 = b"\xed\x01"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def issuer_url(organisation_id: Any) -> str:
    return _public(reverse("badge_issuer", args=[organisation_id]))


def status_url(organisation_id: Any) -> str:
    return _public(reverse("badge_status", args=[organisation_id]))


def issuer(organisation: Organisation, key: IssuerKey) -> dict[str, Any]:
    """Who signs, and the public half of the key."""
    url = issuer_url(organisation.pk)
    method = {"id": f"{url}#key", "type": "Multikey", "controller": url, "publicKeyMultibase": multibase(key.public)}
    return {
        "@context": [CREDENTIALS, BADGES, MULTIKEY],
        "id": url,
        "type": ["Profile"],
        "name": organisation.name,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
    }


def credential(attestation: Attestation, key: IssuerKey, now: datetime) -> dict[str, Any]:
    """What the holder shows: what was achieved, when, and where to see whether it still holds. Whose it is stands as
    a salted mark of their address, for whoever already knows the address."""
    url, status = issuer_url(attestation.organisation_id), status_url(attestation.organisation_id)
    body: dict[str, Any] = {
        "@context": [CREDENTIALS, BADGES],
        "id": f"urn:uuid:{attestation.pk}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": url, "type": ["Profile"], "name": attestation.organisation.name},
        "name": attestation.title,
        "validFrom": _moment(attestation.completed_on),
        "credentialSubject": _subject(attestation, url),
        "credentialStatus": {
            "id": f"{status}#{attestation.number}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(attestation.number),
            "statusListCredential": status,
        },
    }
    if attestation.expires_on is not None:
        body["validUntil"] = _moment(attestation.expires_on, time(23, 59, 59))
    return signed(body, f"{url}#key", key, now)


def status_list(organisation: Organisation, numbers: Iterable[int], key: IssuerKey, now: datetime) -> dict[str, Any]:
    """One bit for each number: set, the attestation no longer holds."""
    url = status_url(organisation.pk)
    body = {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_url(organisation.pk),
        "validFrom": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits(numbers),
        },
    }
    return signed(body, f"{issuer_url(organisation.pk)}#key", key, now)


def signed(body: dict[str, Any], method: str, key: IssuerKey, now: datetime) -> dict[str, Any]:
    """The document with its proof."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    told = {"@context": body["@context"], **proof}
    data = hashlib.sha256(canonical(told)).digest() + hashlib.sha256(canonical(body)).digest()
    value = Ed25519PrivateKey.from_private_bytes(bytes(key.secret)).sign(data)
    return {**body, "proof": {**proof, "proofValue": multibase_of(value)}}


def canonical(value: Any) -> bytes:
    """The one way to write it (RFC 8785), for what stands here: texts, whole numbers, lists and names in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def bits(numbers: Iterable[int]) -> str:
    """A list of bits, the first one leftmost, packed and written for the web."""
    wanted = sorted(numbers)
    length = max(LEAST_BITS, 8 * (wanted[-1] // 8 + 1) if wanted else 0)
    held = bytearray(length // 8)
    for number in wanted:
        held[number // 8] |= 0x80 >> number % 8
    packed = gzip.compress(bytes(held), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def multibase(public: str) -> str:
    return multibase_of(ED25519 + base64.b64decode(public))


def multibase_of(data: bytes) -> str:
    """Bytes in base 58, as multibase writes them."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return "z" + ALPHABET[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def _subject(attestation: Attestation, url: str) -> dict[str, Any]:
    achievement = {
        "id": f"{url}#{attestation.course_id}",
        "type": ["Achievement"],
        "name": attestation.title,
        "description": attestation.organiser,
        "criteria": {"narrative": f"{attestation.title}, {attestation.minutes // 60} h. {attestation.organiser}."},
    }
    subject: dict[str, Any] = {"type": ["AchievementSubject"], "achievement": achievement}
    user = attestation.person.user
    if user is not None:
        salt = str(attestation.pk)
        mark = hashlib.sha256((user.email + salt).encode()).hexdigest()
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${mark}",
                "identityType": "emailAddress",
                "salt": salt,
            }
        ]
    return subject


def _moment(day: date, at: time = time(0)) -> str:
    return f"{day.isoformat()}T{at.isoformat()}Z"


def _public(path: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + path
