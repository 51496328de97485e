"""Only lists that Mosquitto can use and the authority signed are let through."""

import json
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from broker_config.access import read_back
from broker_config.wanted import PROBE, BadLists, Measure, check, parse, stamp_topic
from tests.support.pki import Authority

AUTHORITY = Authority("devices")
MEASURE = Measure(device_ca=AUTHORITY.paper.certificate, allowed=11, revoked=22, number=4, stamp=2)


def now() -> datetime:
    return datetime.now(UTC)


def raw(number: int = 5, serials: tuple[int, ...] = (22,), **more: Any) -> bytes:
    said = {"stamp": 3, "crl_number": number, "denied": [], "drop": [], "revoked": 0}
    crl = AUTHORITY.revocation_list(serials, number).decode()
    return json.dumps({**said, "crl": crl, **more}).encode()


def test_good_lists_pass() -> None:
    lists = check(parse(raw(denied=["bdg-1", "bdg-2"], drop=["bdg-2"])), MEASURE, now())
    assert (lists.stamp, lists.number, lists.drop) == (3, 5, ("bdg-2",))
    said = read_back(lists.access.decode())
    assert ("bdg-1", "deny", "#") in said
    assert (PROBE, "write", stamp_topic(3)) in said


@pytest.mark.parametrize("version", [0, 2, 19, 127])
def test_a_list_of_an_unknown_version_is_refused_like_any_other_that_cannot_be_read(
    version: int,
) -> None:
    der = bytearray(ssl.PEM_cert_to_DER_cert(_as_certificate(AUTHORITY.revocation_list((22,), 5))))
    at = der.index(b"\x02\x01\x01")  # the first INTEGER: version 2 of a list
    der[at + 2] = version
    crl = _as_list(ssl.DER_cert_to_PEM_cert(bytes(der)))
    with pytest.raises(BadLists, match="cannot be read"):
        check(parse(raw(crl=crl)), MEASURE, now())


def _as_certificate(pem: bytes) -> str:
    return pem.decode().replace("X509 CRL", "CERTIFICATE").strip()


def _as_list(pem: str) -> str:
    return pem.replace("CERTIFICATE", "X509 CRL")


def test_a_second_list_hidden_behind_the_first_is_not_passed_on() -> None:
    two = AUTHORITY.revocation_list([22], 5) + Authority("devices").revocation_list([22], 9)
    lists = check(parse(raw(crl=two.decode())), MEASURE, now())
    assert lists.crl.count(b"BEGIN") == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"stamp": 1}, "older"),
        ({"number": 3}, "restored a backup"),
        ({"serials": ()}, "lacks probe-revoked"),
        ({"serials": (22, 11)}, "probe-allowed"),
        ({"crl": "x"}, "cannot be read"),
        ({"denied": ["UPPER"]}, "not a kiosk's name"),
        ({"drop": ["_office"]}, "not a kiosk's name"),
    ],
)
def test_bad_lists_are_refused_with_a_reason(said: dict[str, Any], why: str) -> None:
    with pytest.raises(BadLists, match=why):
        check(parse(raw(**said)), MEASURE, now())


def test_a_list_ends_and_is_past_half_before() -> None:
    lists = check(parse(raw()), MEASURE, now())
    assert not lists.past_half(now())
    assert lists.past_half(now() + timedelta(days=4))
    with pytest.raises(BadLists, match="warden away"):
        check(parse(raw()), MEASURE, now() + timedelta(days=8))


@pytest.mark.parametrize("where", range(0, 400, 37))
def test_a_flipped_byte_of_the_signed_list_is_refused(where: int) -> None:
    crl = bytearray(AUTHORITY.revocation_list([22], 5))
    at = 40 + where % (len(crl) - 90)
    crl[at] = ord("A") if crl[at] != ord("A") else ord("B")
    with pytest.raises(BadLists):
        check(parse(raw(crl=crl.decode())), MEASURE, now())


@given(some.binary(max_size=200))
def test_any_bytes_are_lists_or_refused(noise: bytes) -> None:
    with suppress(BadLists):
        parse(noise)


@given(some.lists(some.text(max_size=8), max_size=4))
def test_no_name_writes_a_line_of_its_own(names: list[str]) -> None:
    try:
        lists = check(parse(raw(denied=names)), MEASURE, now())
    except BadLists:
        return
    denied = [line for line in read_back(lists.access.decode()) if line.access == "deny"]
    assert len(denied) == len(set(names)) + 1
