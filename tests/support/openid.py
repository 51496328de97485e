"""A small OpenID provider on this machine: real HTTP, real signatures, and every trick we know.

Owns one person (`subject`) who always agrees. `claims` and `sign` bend what it vouches for;
`said` bends what it says of itself. A code works once, for the client and verifier it was for.
"""

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT, SECRET = "anjungan", "of-this-test-only"


def new_key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"})


class Provider:
    """`issuer` is its address; `now` its time in seconds."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.subject = "user-1"
        self.key = new_key("one")
        self.claims: dict[str, Any] = {}
        self.said: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.honest
        self.asked: list[str] = []  # every path that was asked for
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def honest(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def agree(self, url: str) -> dict[str, str]:
        """The person is at `url` and says yes: the query with which the browser comes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def back(self, url: str) -> str:
        """The same as the address a browser is sent to."""
        asked = parse_qs(urlsplit(url).query)
        return f"{urlsplit(asked['redirect_uri'][0]).path}?{urlencode(self.agree(url))}"

    def get(self, path: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            told = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            return 200, told | self.said
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return 404, {}

    def token(self, authorization: str, form: dict[str, str]) -> tuple[int, Any]:
        ours = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {ours}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": asked["client_id"],
            "exp": self.now + 300,
            "iat": self.now,
            "nonce": asked["nonce"],
            "email": "kepala@example.org",
        }
        kept = {k: v for k, v in (claims | self.claims).items() if v is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(kept)}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's is `self`
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                self._answer(*provider.get(self.path))

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*provider.token(self.headers.get("authorization", ""), form))

            def _answer(self, status: int, told: Any) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: Any) -> None:
                pass

        return Handler
