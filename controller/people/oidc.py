"""People known by another house: OpenID Connect, code flow with PKCE, as a client only.

Knows the protocol and no account: what it gives is (issuer, subject), never an e-mail address,
which a provider lets people change. Who that is here, an administrator has linked beforehand;
nobody gets an account by turning up (see docs/adr/0011). Algorithms are fixed here: neither the
provider's document nor the token may name others. A ticket ties the way back to the browser that
left: whoever is sent a link to come back with somebody else's code is not logged in as them.
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from controller.people.accounts import Identity
from controller.people.provider import LOOPBACK, Provider

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
TICKET_MS: Final = 10 * 60_000
_KEPT_MS: Final = 60 * 60_000  # what the provider says of itself
_AGAIN_MS: Final = 60_000  # how often an unknown key makes us ask for the keys
_LEEWAY_S: Final = 60
_TIMEOUT_S: Final = 5.0
_MOST_SUBJECT: Final = 200


class NotVouched(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The provider did not vouch, or not for this browser. Log in again."""


class ProviderAway(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The provider does not answer as it must. Its administrator, or ours, must act."""


class Ticket(NamedTuple):
    """What the browser carries meanwhile, in a cookie of its own."""

    state: str
    nonce: str
    verifier: str
    at: int
    next: str

    def pack(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode()


def unpack(cookie: str) -> Ticket:
    """Raises NotVouched for what is no ticket."""
    try:
        words = json.loads(base64.urlsafe_b64decode(cookie.encode()))
        ticket = Ticket(*words)
    except (ValueError, TypeError, RecursionError) as error:
        raise NotVouched from error
    right = all(isinstance(word, str) and word for word in (*ticket[:3], ticket.next))
    if not right or not isinstance(ticket.at, int):
        raise NotVouched
    return ticket


class Oidc:
    """One a process: keeps what the provider says of itself. `clock` gives milliseconds."""

    def __init__(self, provider: Provider, clock: Callable[[], int]) -> None:
        _check_address(provider.issuer, provider.issuer)
        self._provider = provider
        self._clock = clock
        self._lock = Lock()
        self._said: Mapping[str, Any] = {}
        self._said_at = 0
        self._keys: KeySet | None = None
        self._keys_at = 0

    @property
    def issuer(self) -> str:
        return self._provider.issuer

    def begin(self, after: str) -> tuple[str, Ticket]:
        """Where the browser goes, and what it carries. Raises ProviderAway."""
        ticket = Ticket(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            at=self._clock(),
            next=after,
        )
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=ticket.state,
                nonce=ticket.nonce,
                code_verifier=ticket.verifier,
            )
        return url, ticket

    def finish(self, ticket: Ticket, answer: Mapping[str, str]) -> Identity:
        """`answer` is the query of the way back. Raises NotVouched and ProviderAway."""
        if not 0 <= self._clock() - ticket.at <= TICKET_MS:
            raise NotVouched
        if not secrets.compare_digest(answer.get("state", "").encode(), ticket.state.encode()):
            raise NotVouched
        if answer.get("iss", self.issuer) != self.issuer or not answer.get("code"):
            raise NotVouched
        return self._identity(self._exchange(answer["code"], ticket.verifier), ticket.nonce)

    def _exchange(self, code: str, verifier: str) -> str:
        """A code for an ID token."""
        endpoint = self._endpoint("token_endpoint")
        try:
            with self._client() as client:
                told = client.fetch_token(
                    endpoint,
                    code=code,
                    code_verifier=verifier,
                    grant_type="authorization_code",
                )
        except AuthlibBaseError as error:
            raise NotVouched from error
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway(f"{self.issuer} does not answer: {type(error).__name__}") from error
        token = told.get("id_token")
        if not isinstance(token, str):
            raise NotVouched
        return token

    def _identity(self, token: str, nonce: str) -> Identity:
        claims = self._claims(token)
        wanted = jwt.JWTClaimsRegistry(
            now=self._clock() // 1000,
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._provider.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            wanted.validate(claims)
        except JoseError as error:
            raise NotVouched from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", self._provider.client_id) != self._provider.client_id or (
            several and "azp" not in claims
        ):
            raise NotVouched
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _MOST_SUBJECT:
            raise NotVouched
        return Identity(self.issuer, subject)

    def _claims(self, token: str) -> dict[str, Any]:
        """Of a token signed by one of the provider's keys; new keys are asked for once."""
        for fresh in (False, True):
            try:
                keys = self._keyset(fresh=fresh)
                return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
            except (JoseError, ValueError, TypeError) as error:
                if fresh:
                    raise NotVouched from error
        raise NotVouched

    def _keyset(self, *, fresh: bool) -> KeySet:
        now = self._clock()
        with self._lock:
            age = now - self._keys_at
            if self._keys is None or age > _KEPT_MS or (fresh and age > _AGAIN_MS):
                told = self._fetch(self._endpoint("jwks_uri", locked=True))
                try:
                    self._keys, self._keys_at = KeySet.import_key_set(told), now  # type: ignore[arg-type]
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise ProviderAway(f"{self.issuer} has no keys we can read") from error
            return self._keys

    def _endpoint(self, name: str, *, locked: bool = False) -> str:
        said = self._discover() if locked else self._discovered()
        address = said.get(name)
        if not isinstance(address, str):
            raise ProviderAway(f"{self.issuer} does not name its {name}")
        _check_address(address, self.issuer)
        return address

    def _discovered(self) -> Mapping[str, Any]:
        with self._lock:
            return self._discover()

    def _discover(self) -> Mapping[str, Any]:
        if not self._said or self._clock() - self._said_at > _KEPT_MS:
            said = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self.issuer:
                raise ProviderAway(f"{self.issuer} calls itself {str(said.get('issuer'))[:200]!r}")
            self._said, self._said_at = said, self._clock()
        return self._said

    def _fetch(self, url: str) -> dict[str, Any]:
        try:
            told = httpx.get(url, timeout=_TIMEOUT_S, follow_redirects=False)
            told.raise_for_status()
            found = told.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway(f"{self.issuer} does not answer: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise ProviderAway(f"{self.issuer} answers something else")
        return found

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._provider.client_id,
            client_secret=self._provider.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a way
            redirect_uri=self._provider.back,
            scope="openid",
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )


def _check_address(address: str, issuer: str) -> None:
    """HTTPS; without it only where provider and office are one machine. Raises ProviderAway."""
    found, home = urlsplit(address), urlsplit(issuer)
    plain = found.scheme == "http" and home.scheme == "http" and found.hostname in LOOPBACK
    if not found.hostname or not (found.scheme == "https" or plain):
        raise ProviderAway(f"{address[:200]!r} is not https: the administrator must correct it")
