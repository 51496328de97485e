"""A provider vouches for one person to one browser once, and no trick makes it more."""

import base64
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from controller.people.accounts import Identity
from controller.people.oidc import (
    TICKET_MS,
    NotVouched,
    Oidc,
    ProviderAway,
    Ticket,
    unpack,
)
from controller.people.provider import Provider
from tests.support import openid
from tests.support.people import NOW

BACK = "https://office.example/login/openid/back"
HOUR = 60 * 60_000


class Office:
    """Our side, with a clock to turn."""

    def __init__(self, provider: openid.Provider) -> None:
        self.now = NOW
        told = Provider(provider.issuer, openid.CLIENT, openid.SECRET, BACK)
        self.oidc = Oidc(told, lambda: self.now)
        self.provider = provider

    def flow(self, **bent: str) -> Identity:
        url, ticket = self.oidc.begin("/")
        return self.oidc.finish(ticket, self.provider.agree(url) | bent)


@pytest.fixture
def provider() -> Iterator[openid.Provider]:
    started = openid.Provider(NOW // 1000)
    yield started
    started.stop()


@pytest.fixture
def office(provider: openid.Provider) -> Office:
    return Office(provider)


def test_an_identity_is_issuer_and_subject_and_never_an_address(office: Office) -> None:
    assert office.flow() == Identity(office.provider.issuer, "user-1")


def test_what_the_provider_says_of_itself_is_asked_once(office: Office) -> None:
    for _ in range(3):
        office.flow()
    assert office.provider.asked.count("/keys") == 1
    assert office.provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_code_works_once(office: Office) -> None:
    url, ticket = office.oidc.begin("/")
    answer = office.provider.agree(url)
    office.oidc.finish(ticket, answer)
    with pytest.raises(NotVouched):
        office.oidc.finish(ticket, answer)


def test_row_68_somebody_elses_code_logs_nobody_in(office: Office) -> None:
    theirs, _ = office.oidc.begin("/")
    _, mine = office.oidc.begin("/")
    answer = office.provider.agree(theirs)
    with pytest.raises(NotVouched):
        office.oidc.finish(mine, answer)
    with pytest.raises(NotVouched):  # PKCE: the code is bound to their verifier
        office.oidc.finish(mine, answer | {"state": mine.state})


@pytest.mark.parametrize(
    "bent",
    [
        {"state": ""},
        {"state": "é"},
        {"code": ""},
        {"code": "guessed"},
        {"iss": "https://evil.example"},
    ],
)
def test_a_bent_answer_is_refused(office: Office, bent: dict[str, str]) -> None:
    with pytest.raises(NotVouched):
        office.flow(**bent)


def test_a_ticket_does_not_last(office: Office) -> None:
    url, ticket = office.oidc.begin("/")
    for now in (NOW + TICKET_MS + 1, NOW - 1):
        office.now = now
        with pytest.raises(NotVouched):
            office.oidc.finish(ticket, office.provider.agree(url))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "anjungan"]},
        {"aud": None},
        {"azp": "another"},
        {"exp": NOW // 1000 - 61},
        {"exp": None},
        {"iat": NOW // 1000 + 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
    ],
    ids=str,
)
def test_a_token_for_something_else_is_refused(office: Office, claims: dict[str, Any]) -> None:
    office.provider.claims = claims
    with pytest.raises(NotVouched):
        office.flow()


def test_one_of_several_audiences_is_us_if_the_token_was_made_for_us(office: Office) -> None:
    office.provider.claims = {"aud": ["another", "anjungan"], "azp": "anjungan"}
    assert office.flow().subject == "user-1"


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def unsigned(claims: dict[str, Any]) -> str:
    parts = (json.dumps(one).encode() for one in ({"alg": "none"}, claims))
    return ".".join(encoded(one) for one in parts) + "."


def by_a_stranger(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": "one"}, claims, openid.new_key("one"))


def by_the_client_secret(claims: dict[str, Any]) -> str:
    key = OctKey.import_key(openid.SECRET * 4)
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key)


@pytest.mark.parametrize(
    "sign", [unsigned, by_a_stranger, by_the_client_secret, lambda _: "", lambda _: "a.b.c"]
)
def test_a_token_that_the_provider_did_not_sign_is_refused(office: Office, sign: Any) -> None:
    office.provider.sign = sign
    with pytest.raises(NotVouched):
        office.flow()


def test_the_providers_public_key_is_no_shared_secret(office: Office) -> None:
    public = office.provider.key.as_pem(private=False)

    def confused(claims: dict[str, Any]) -> str:
        parts = [{"alg": "HS256", "kid": "one"}, claims]
        said = ".".join(encoded(json.dumps(one).encode()) for one in parts)
        return f"{said}.{encoded(hmac.digest(public, said.encode(), 'sha256'))}"

    office.provider.sign = confused
    with pytest.raises(NotVouched):
        office.flow()


def test_new_keys_of_the_provider_are_fetched(office: Office) -> None:
    office.flow()
    office.provider.key = openid.new_key("two")
    office.now += 2 * 60_000
    office.provider.now = office.now // 1000
    assert office.flow().subject == "user-1"


def test_tokens_with_unknown_keys_do_not_make_us_ask_all_the_time(office: Office) -> None:
    office.flow()
    office.provider.sign = lambda claims: jwt.encode(
        {"alg": "ES256", "kid": "nine"}, claims, openid.new_key("nine")
    )
    for _ in range(5):
        with pytest.raises(NotVouched):
            office.flow()
    assert office.provider.asked.count("/keys") == 1


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://198.51.100.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"jwks_uri": 7},
    ],
    ids=str,
)
def test_a_provider_that_says_odd_things_of_itself_is_not_used(
    office: Office, said: dict[str, Any]
) -> None:
    office.provider.said = said
    with pytest.raises(ProviderAway):
        office.flow()


def test_a_provider_that_is_away_is_said_to_be_away(office: Office) -> None:
    url, ticket = office.oidc.begin("/")
    answer = office.provider.agree(url)
    office.provider.stop()
    with pytest.raises(ProviderAway):
        office.oidc.finish(ticket, answer)
    office.now += 2 * HOUR
    with pytest.raises(ProviderAway):
        office.oidc.begin("/")


@pytest.mark.parametrize("issuer", ["http://id.example", "ftp://id.example", "", "id.example"])
def test_a_provider_without_https_is_refused_at_the_start(issuer: str) -> None:
    with pytest.raises(ProviderAway, match="https"):
        Oidc(Provider(issuer, "a", "b", BACK), lambda: NOW)


def test_a_ticket_survives_the_cookie() -> None:
    ticket = Ticket("s", "n", "v", NOW, "/kiosks?state=fail")
    assert unpack(ticket.pack()) == ticket


def test_a_cookie_of_endless_depth_is_refused() -> None:
    with pytest.raises(NotVouched):
        unpack(base64.urlsafe_b64encode(b"[" * 40_000).decode())


@given(st.text() | st.lists(st.integers() | st.text() | st.none()).map(json.dumps))
def test_whatever_is_in_the_cookie_is_a_ticket_or_refused(cookie: str) -> None:
    packed = base64.urlsafe_b64encode(cookie.encode("utf-8", "replace")).decode()
    for said in (cookie, packed):
        try:
            assert isinstance(unpack(said).at, int)
        except NotVouched:
            continue
