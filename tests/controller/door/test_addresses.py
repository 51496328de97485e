"""Where a request came from cannot be invented by whoever sends it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.door.addresses import NOBODY, bucket, client, networks

PROXIES = networks(["192.0.2.1", "10.0.0.0/8", "2001:db8::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.9", [], "198.51.100.9"),
        ("198.51.100.9", ["203.0.113.5"], "198.51.100.9"),  # not a proxy of ours
        ("192.0.2.1", ["203.0.113.5"], "203.0.113.5"),
        ("192.0.2.1", ["203.0.113.5, 198.51.100.7"], "198.51.100.7"),  # the first is invented
        ("192.0.2.1", ["203.0.113.5", "198.51.100.7"], "198.51.100.7"),
        ("192.0.2.1", ["203.0.113.5, 10.1.2.3"], "203.0.113.5"),  # two proxies of ours
        ("192.0.2.1", ["10.9.9.9"], "10.9.9.9"),
        ("192.0.2.1", ["nonsense"], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5, "], "192.0.2.1"),
        ("192.0.2.1", [], "192.0.2.1"),
        ("::ffff:192.0.2.1", ["203.0.113.5"], "203.0.113.5"),
        ("2001:db8::1", ["2001:db8:5::7"], "2001:db8:5::7"),
        (None, ["203.0.113.5"], NOBODY),
        ("testclient", [], NOBODY),
    ],
)
def test_only_named_proxies_are_believed(
    peer: str | None, forwarded: list[str], expected: str
) -> None:
    assert client(peer, forwarded, PROXIES) == expected


@given(st.lists(st.text(max_size=60), max_size=5))
def test_whatever_is_forwarded_an_address_comes_out(forwarded: list[str]) -> None:
    assert len(client("192.0.2.1", forwarded, PROXIES)) <= 64


def test_without_proxies_the_header_means_nothing() -> None:
    assert client("127.0.0.1", ["203.0.113.5"], ()) == "127.0.0.1"


def test_one_house_is_one_bucket() -> None:
    assert bucket("2001:db8::1") == bucket("2001:db8::ffff:1") != bucket("2001:db8:1::1")
    assert bucket("192.0.2.1") == "192.0.2.1"
    assert bucket(NOBODY) == NOBODY


@pytest.mark.parametrize("wrong", ["proxy.example", "192.0.2.0/33", ""])
def test_a_proxy_is_an_address_or_a_network(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear"):
        networks([wrong])
