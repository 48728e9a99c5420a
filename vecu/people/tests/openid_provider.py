"""An OpenID provider on the loopback which can lie. Tokens are made by hand, so that the library under test does
not judge its own work."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "vecu", "un secret de papier"


@cache
def key_of(number: int) -> rsa.RSAPrivateKey:
    """Made when it is used: each worker reads this file, one or two of them talk to the provider."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Liar:
    """What the provider says, true until a test makes it lie."""

    url: str = ""
    subject: str = "899700218896"
    claims: dict[str, Any] = field(default_factory=dict)  # put over the true ones; None takes one away
    metadata: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signed_with: int = 0  # which key signs; the first is the one published
    steals_name: bool = False  # signed with the second key under the name of the first
    published: int = 0
    breaks: str = ""  # "500", "html", "redirect", "huge", "no_token"
    asked: dict[str, str] = field(default_factory=dict)  # the last request for authorisation
    exchanged: dict[str, str] = field(default_factory=dict)  # the last exchange of a code
    seen: list[str] = field(default_factory=list)  # each address fetched

    def authorise(self, url: str) -> str:
        """The person signs in there: where the browser is sent back to, code and state in the query."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return f"code=le-code-{len(self.asked['state'])}&state={self.asked['state']}"

    def answer(self, path: str) -> tuple[int, Any]:
        self.seen.append(path)
        if path.endswith("/.well-known/openid-configuration"):
            return 200, self._metadata()
        if path == "/keys":
            return 200, {"keys": [jwk(self.published)]}
        if path == "/token" and self.breaks == "no_token":
            return 200, {"access_token": "x"}
        if path == "/token" and self._is_right_exchange():
            return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._token()}
        return 400, {"error": "invalid_grant"}

    def _metadata(self) -> dict[str, Any]:
        true = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }
        return true | self.metadata

    def _is_right_exchange(self) -> bool:
        digest = hashlib.sha256(self.exchanged.get("code_verifier", "").encode()).digest()
        return encoded(digest) == self.asked["code_challenge"]

    def _token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": self.asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": f"k{self.signed_with}", "typ": "JWT"}
        body = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
        return f"{body}.{encoded(self._signature(body.encode()))}"

    def _signature(self, body: bytes) -> bytes:
        if self.algorithm == "none":
            return b""
        if self.algorithm == "HS256":
            return hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
        return key_of(1 if self.steals_name else self.signed_with).sign(body, padding.PKCS1v15(), hashes.SHA256())


def jwk(number: int) -> dict[str, str]:
    numbers = key_of(number).public_key().public_numbers()
    parts = {"n": numbers.n.to_bytes(256, "big"), "e": numbers.e.to_bytes(3, "big")}
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": f"k{number}"} | {
        name: encoded(value) for name, value in parts.items()
    }


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def serving() -> Iterator[Liar]:
    """The provider, answering on a free port of the loopback until the block ends."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            liar.exchanged = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer()

        def _answer(self) -> None:
            if liar.breaks == "redirect" and self.path == "/token":
                self.send_response(302)
                self.send_header("Location", f"{liar.url}/keys")
                self.end_headers()
                return
            status, said = liar.answer(self.path)
            status = 500 if liar.breaks == "500" else status
            data = {"html": b"<html>", "huge": b" " * 300_000}.get(liar.breaks, json.dumps(said).encode())
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    liar.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
