"""A small identity provider that speaks OpenID Connect over HTTP, with keys of its own."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "lineage", "a secret that both know"


@dataclass
class IdentityProvider:
    """Confirms everybody who comes as `person`; `claims` overrides what the token says."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def authorize(self, address: str) -> str:
        """Do what a browser would at the authorisation endpoint; return where it is sent back to."""
        query = parse_qs(urlsplit(address).query)
        assert query["client_id"] == [CLIENT_ID]
        assert query["code_challenge_method"] == ["S256"]
        back = urlsplit(query["redirect_uri"][0])
        return f"{back.path}?{urlencode({'code': 'the-code', 'state': query['state'][0]})}"

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/token":
            return {"access_token": "x", "token_type": "Bearer", "id_token": self._token()}
        if path == "/keys":
            return {"keys": [{**json.loads(RSAAlgorithm.to_jwk(self.key.public_key())), "kid": "1"}]}
        if path == "/userinfo":
            return self.person
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        places = ("authorize", "token", "keys", "userinfo")
        return {"issuer": self.url, **{name: f"{self.url}/{place}" for name, place in zip(names, places, strict=True)}}

    def _token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, **self.person, **self.claims}
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})


@contextmanager
def serve_identities() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(provider.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            provider.asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
