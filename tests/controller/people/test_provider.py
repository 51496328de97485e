"""A provider is given whole or not at all."""

import pytest

from controller.people.provider import HalfProvider, Provider, provider_of

WHOLE = {
    "ANJUNGAN_OIDC_ISSUER": "https://id.example/realms/kota",
    "ANJUNGAN_OIDC_CLIENT_ID": "anjungan",
    "ANJUNGAN_OIDC_CLIENT_SECRET": "makan siang di dago",
    "ANJUNGAN_OIDC_HOME": "https://kantor.example:8443/",
}


def test_without_a_word_there_is_no_provider() -> None:
    assert provider_of({}) is None
    assert provider_of({"ANJUNGAN_OIDC_ISSUER": " ", "HOME": "/home/office"}) is None


def test_a_whole_provider_is_known_by_its_name() -> None:
    back = "https://kantor.example:8443/login/openid/back"
    issuer, client, secret = list(WHOLE.values())[:3]
    found = Provider(issuer, client, secret, back, "id.example")
    assert provider_of(WHOLE) == found
    named = provider_of({**WHOLE, "ANJUNGAN_OIDC_NAME": "Akun Kota"})
    assert named == found._replace(name="Akun Kota")


@pytest.mark.parametrize("missing", list(WHOLE))
def test_half_a_provider_is_refused(missing: str) -> None:
    with pytest.raises(HalfProvider, match=missing):
        provider_of({**WHOLE, missing: ""})


@pytest.mark.parametrize("home", ["kantor.example", "ftp://kantor", "https://", "https://a/b"])
def test_a_home_that_is_no_address_is_refused(home: str) -> None:
    with pytest.raises(HalfProvider, match="HOME"):
        provider_of({**WHOLE, "ANJUNGAN_OIDC_HOME": home})


@pytest.mark.parametrize("issuer", ["http://id.example", "id.example", "https://", "file:///x"])
def test_a_provider_without_https_is_refused(issuer: str) -> None:
    with pytest.raises(HalfProvider, match="ISSUER"):
        provider_of({**WHOLE, "ANJUNGAN_OIDC_ISSUER": issuer})


def test_a_provider_on_this_machine_may_do_without_https() -> None:
    assert provider_of({**WHOLE, "ANJUNGAN_OIDC_ISSUER": "http://127.0.0.1:9000"})
