"""Signing in with an OpenID Connect provider: what to ask, and what to believe of its answer.

Only the providers the operator configured are ever spoken to, and only at their own origin: nothing here follows
an address that somebody typed, nor a redirect. An answer is believed when everything holds: the state and the nonce
of this browser, the code verifier, the signature by a key of the provider, the issuer, the audience and the times.
What is kept of it is who (issuer and subject) and how well they proved it; no name, no address is asked for.

No Django import: settings make their providers from here before Django is loaded.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt

DISCOVERY = "/.well-known/openid-configuration"
TIMEOUT = 5  # seconds for one answer, however slowly it drips
MAX_BYTES = 256 * 1024
LEEWAY = 60  # clocks of two machines differ
PENDING_LIFE = 600  # a person has ten minutes to prove who they are
PUBLISHED_LIFE = 3600  # what a provider publishes is read again after that: a key it takes back soon opens nothing
KEYS_PAUSE = 60  # an unknown key is looked for again, but no more often than this
# Signatures only the provider can make. Never "none", nor those made with the secret that we hold too.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
WANTED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
SUBJECT_LENGTH = 255


@dataclass(frozen=True)
class Provider:
    """A provider as its operator configured it. `second_factor` lists the values of `acr` that mean two factors."""

    name: str
    issuer: str
    client_id: str
    client_secret: str
    label: str
    label_en: str = ""
    second_factor: tuple[str, ...] = ()
    scope: str = "openid"


@dataclass(frozen=True)
class Proof:
    """Who the provider says this is. `has_second_factor`: and they gave it two proofs, not long ago."""

    issuer: str
    subject: str
    has_second_factor: bool


class NotProven(Exception):
    """The provider's answer proves nothing. `code` says why, for the log and the page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def begin(provider: Provider, return_url: str, *, max_age: int) -> tuple[str, dict[str, Any]]:
    """Where to send the browser, and what its session keeps until it comes back."""
    pending: dict[str, Any] = {
        "provider": provider.name,
        "issuer": provider.issuer,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(64),
        "max_age": max_age,
        "at": time.time(),
    }
    digest = hashlib.sha256(pending["verifier"].encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_url,
        "scope": provider.scope,
        "state": pending["state"],
        "nonce": pending["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "max_age": str(max_age),
    }
    if provider.second_factor:
        asked["acr_values"] = " ".join(provider.second_factor)
    door = str(_metadata(provider).get("authorization_endpoint", ""))
    if not _is_safe(door):
        raise NotProven("misconfigured")
    return f"{door}{'&' if '?' in door else '?'}{urlencode(asked)}", pending


def finish(provider: Provider, pending: Mapping[str, Any] | None, answer: Mapping[str, str], return_url: str) -> Proof:
    """Who came back, if everything holds; raises NotProven. `pending` must have left the session: it serves once."""
    if pending is None or pending.get("provider") != provider.name or pending.get("issuer") != provider.issuer:
        raise NotProven("not_asked")
    if not _same(answer.get("state"), pending["state"]):
        raise NotProven("wrong_state")
    if time.time() - pending["at"] > PENDING_LIFE:
        raise NotProven("too_late")
    if answer.get("iss") not in (None, provider.issuer):
        raise NotProven("wrong_issuer")
    if answer.get("error") or not answer.get("code"):
        raise NotProven("cancelled" if answer.get("error") == "access_denied" else "provider_error")
    token = _exchange(provider, answer["code"], pending["verifier"], return_url)
    return _proof(provider, _claims(provider, token), pending)


def _proof(provider: Provider, claims: Mapping[str, Any], pending: Mapping[str, Any]) -> Proof:
    if not _same(claims["nonce"], pending["nonce"]):
        raise NotProven("wrong_nonce")
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    presenter = claims.get("azp")
    if presenter not in (None, provider.client_id) or (len(audience) > 1 and presenter is None):
        raise NotProven("wrong_audience")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH:
        raise NotProven("wrong_subject")
    proven_at = claims.get("auth_time")
    is_recent = isinstance(proven_at, int) and time.time() - proven_at <= pending["max_age"] + LEEWAY
    if proven_at is not None and not is_recent:
        raise NotProven("too_old")
    # Two factors count when the operator says what that means here, and the provider says when they were given.
    has_second_factor = is_recent and claims.get("acr") in provider.second_factor
    return Proof(provider.issuer, subject, has_second_factor)


def _exchange(provider: Provider, code: str, verifier: str, return_url: str) -> str:
    """The identity token for a code. The secret goes the way the provider asks for, in the header if it is free."""
    found = _metadata(provider)
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": return_url, "code_verifier": verifier}
    headers = {}
    if "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        fields |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    answer = _fetch(provider, str(found.get("token_endpoint", "")), urlencode(fields).encode(), headers)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise NotProven("no_token")
    return token


def _claims(provider: Provider, token: str) -> dict[str, Any]:
    """What the token says, once its signature, issuer, audience and times hold."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise NotProven("wrong_signature")
        key = _key(provider, header.get("kid"))
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[header["alg"]],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": WANTED_CLAIMS, "enforce_minimum_key_length": True},
        )
    except jwt.ExpiredSignatureError as error:
        raise NotProven("expired") from error
    except jwt.InvalidAudienceError as error:
        raise NotProven("wrong_audience") from error
    except jwt.InvalidIssuerError as error:
        raise NotProven("wrong_issuer") from error
    except jwt.InvalidSignatureError as error:
        raise NotProven("wrong_signature") from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotProven("wrong_token") from error
    return claims


# -- what a provider publishes, remembered for a while

_metadata_seen: dict[str, tuple[float, dict[str, Any]]] = {}
_keys_seen: dict[str, tuple[float, dict[str, Any]]] = {}


def forget() -> None:
    """Ask providers again for what they publish."""
    _metadata_seen.clear()
    _keys_seen.clear()


def _metadata(provider: Provider) -> dict[str, Any]:
    at, found = _metadata_seen.get(provider.issuer, (0.0, {}))
    if time.time() - at > PUBLISHED_LIFE:
        found = _fetch(provider, provider.issuer.rstrip("/") + DISCOVERY)
        if found.get("issuer") != provider.issuer:
            raise NotProven("wrong_issuer")
        _metadata_seen[provider.issuer] = (time.time(), found)
    return found


def _key(provider: Provider, name: str | None) -> jwt.PyJWK:
    """The provider's signing key of that name; published again if it is new, since providers change their keys."""
    at, found = _keys_seen.get(provider.issuer, (0.0, {}))
    age = time.time() - at
    if age > PUBLISHED_LIFE or (_named(found, name) is None and age > KEYS_PAUSE):
        found = _fetch(provider, str(_metadata(provider).get("jwks_uri", "")))
        _keys_seen[provider.issuer] = (time.time(), found)
    key = _named(found, name)
    if key is None:
        raise NotProven("unknown_key")
    return jwt.PyJWK(key)


def _named(published: Mapping[str, Any], name: str | None) -> dict[str, Any] | None:
    keys = [key for key in published.get("keys", []) if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    same = [key for key in keys if name is None or key.get("kid") == name]  # one key only needs no name
    return same[0] if len(same) == 1 else None


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an answer like another: not the one expected."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(_NoRedirect)


def _fetch(
    provider: Provider, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """One JSON object from the provider's own origin, within limits of time and size."""
    if not _is_safe(url) or _origin(url) != _origin(provider.issuer):
        raise NotProven("misconfigured")
    request = Request(url, data=body, headers={"Accept": "application/json", **(headers or {})})  # noqa: S310
    end = time.monotonic() + TIMEOUT
    try:
        with _opener.open(request, timeout=TIMEOUT) as response:
            data = b""
            while piece := response.read1(MAX_BYTES):
                data += piece
                if len(data) > MAX_BYTES or time.monotonic() > end:
                    raise NotProven("unreachable")
        found = json.loads(data)
    except HTTPError as error:
        raise NotProven("provider_error" if error.code < 500 else "unreachable") from error
    except (OSError, HTTPException) as error:
        raise NotProven("unreachable") from error
    except ValueError as error:
        raise NotProven("provider_error") from error
    if not isinstance(found, dict):
        raise NotProven("provider_error")
    return found


def _same(given: Any, kept: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), kept.encode())


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _is_safe(url: str) -> bool:
    """HTTPS; or this very machine, for trials."""
    parts = urlsplit(url)
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return (
        bool(parts.hostname)
        and "@" not in parts.netloc
        and (parts.scheme == "https" or (parts.scheme == "http" and is_here))
    )
