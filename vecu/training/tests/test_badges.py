"""A badge is checked here by a reader of our own that shares no code with what wrote it."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.urls import reverse

from vecu.core.errors import Denied, Refused
from vecu.training import actions
from vecu.training.models import Attestation, IssuerKey
from vecu.training.tests.factories import make_attestation

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Checker:
    """What an employer's program does: fetch who signs, check the proof, then look at the list."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def fetch(self, url: str) -> dict[str, Any]:
        answer = self.client.get(url.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200, url
        return answer.json()

    def accepts(self, badge: dict[str, Any]) -> bool:
        if not self.is_signed(badge):
            return False
        status = badge["credentialStatus"]
        listed = self.fetch(status["statusListCredential"])
        assert self.is_signed(listed), "the list itself is signed"
        encoded = listed["credentialSubject"]["encodedList"]
        assert encoded[0] == "u"
        held = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
        assert len(held) * 8 >= 131072
        place = int(status["statusListIndex"])
        return not (held[place // 8] >> (7 - place % 8)) & 1

    def is_signed(self, document: dict[str, Any]) -> bool:
        body = {name: value for name, value in document.items() if name != "proof"}
        proof = dict(document["proof"])
        signature = self.decode(proof.pop("proofValue"))
        assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", "eddsa-jcs-2022")
        told = hashlib.sha256(self.plain({"@context": body["@context"], **proof})).digest()
        said = hashlib.sha256(self.plain(body)).digest()
        try:
            self.key(proof["verificationMethod"]).verify(signature, told + said)
        except InvalidSignature:
            return False
        return True

    def key(self, method: str) -> Ed25519PublicKey:
        issuer = self.fetch(method.partition("#")[0])
        assert method in issuer["assertionMethod"]
        (found,) = [one for one in issuer["verificationMethod"] if one["id"] == method]
        data = self.decode(found["publicKeyMultibase"])
        assert data[:2] == b"\xed\x01"
        return Ed25519PublicKey.from_public_bytes(data[2:])

    @staticmethod
    def decode(text: str) -> bytes:
        assert text[0] == "z"
        number = 0
        for letter in text[1:]:
            number = number * 58 + BASE58.index(letter)
        zeros = len(text[1:]) - len(text[1:].lstrip("1"))
        return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")

    def plain(self, value: Any) -> bytes:
        """RFC 8785, written from the standard: names sorted, nothing between."""
        if isinstance(value, dict):
            parts = [self.plain(name) + b":" + self.plain(value[name]) for name in sorted(value)]
            return b"{" + b",".join(parts) + b"}"
        if isinstance(value, list):
            return b"[" + b",".join(self.plain(one) for one in value) + b"]"
        return json.dumps(value, ensure_ascii=False).encode()


@pytest.fixture
def attestation(world: SimpleNamespace) -> Attestation:
    return make_attestation(world.course, world.people["marc"], actor=world.claire)


@pytest.fixture
def badge(world: SimpleNamespace, attestation: Attestation, enter: Any) -> dict[str, Any]:
    answer = enter("marc").post(reverse("attestation_badge", args=[attestation.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    return json.loads(answer.content)


def test_it_works(badge: dict[str, Any], attestation: Attestation, world: SimpleNamespace) -> None:
    assert Checker(Client()).accepts(badge)
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    (identifier,) = badge["credentialSubject"]["identifier"]
    address = world.people["marc"].user.email
    mark = hashlib.sha256((address + identifier["salt"]).encode()).hexdigest()
    assert identifier["identityHash"] == f"sha256${mark}"
    assert address not in json.dumps(badge) and "Ollivier" not in json.dumps(badge)


def test_once_withdrawn_it_is_refused(badge: dict[str, Any], attestation: Attestation, world: SimpleNamespace) -> None:
    other = make_attestation(world.course, world.people["nadege"], actor=world.claire)
    actions.revoke(attestation, actor=world.claire, reason="mistake")
    checker = Checker(Client())
    assert not checker.accepts(badge)
    assert checker.accepts(actions.export_badge(other, actor=world.nadege))
    with pytest.raises(Refused, match="revoked"):
        actions.export_badge(attestation, actor=world.marc)


def test_once_erased_it_is_refused(badge: dict[str, Any], world: SimpleNamespace) -> None:
    actions.erase_training(world.people["marc"].pk)
    assert not Checker(Client()).accepts(badge)


def test_a_word_changed_and_it_is_refused(badge: dict[str, Any]) -> None:
    checker = Checker(Client())
    for change in (
        lambda found: found.update(name="Autre chose"),
        lambda found: found["credentialSubject"]["achievement"].update(name="Docteur"),
        lambda found: found["credentialStatus"].update(statusListIndex="9"),
        lambda found: found["proof"].update(created="2020-01-01T00:00:00Z"),
    ):
        changed = copy.deepcopy(badge)
        change(changed)
        assert not checker.is_signed(changed)


def test_the_key_is_sealed_and_made_once(
    badge: dict[str, Any], attestation: Attestation, world: SimpleNamespace
) -> None:
    actions.export_badge(attestation, actor=world.claire)
    key = IssuerKey.objects.get()
    (stored,) = IssuerKey.objects.values_list("secret", flat=True)
    assert bytes(key.secret) not in stored.data


def test_an_organisation_without_badges_has_no_page(world: SimpleNamespace, client: Client) -> None:
    for name in ("badge_issuer", "badge_status"):
        assert client.get(reverse(name, args=[world.elsewhere.pk])).status_code == 404


def test_somebody_elses_is_not_exported(attestation: Attestation, world: SimpleNamespace, enter: Any) -> None:
    for actor in (world.nadege, world.youssef, world.solene):
        with pytest.raises(Denied):
            actions.export_badge(attestation, actor=actor)
    assert enter("youssef").post(reverse("attestation_badge", args=[attestation.pk])).status_code == 404
