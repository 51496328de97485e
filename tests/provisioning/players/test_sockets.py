"""Ten thousand sockets need files and addresses; what cannot be had is said."""

import resource
from ipaddress import ip_address

import pytest

from provisioning.players.sockets import (
    PER_ADDRESS,
    SPARE_FILES,
    TooManySockets,
    room_for,
    source_address,
)


def test_the_limit_is_raised_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 20_000))
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: raised.append(both))
    assert room_for(100) == 1024
    assert room_for(10_000) == 10_000 + SPARE_FILES
    assert raised == [(10_000 + SPARE_FILES, 20_000)]


def test_more_than_the_administrator_allows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    with pytest.raises(TooManySockets, match="administrator"):
        room_for(10_000)


def test_no_address_is_asked_for_more_ports_than_it_has() -> None:
    used = [source_address(number, "127.0.0.1") for number in range(0, 10_000_000, PER_ADDRESS)]
    assert len(set(used)) == len(used)
    assert all(one is not None and ip_address(one).is_loopback for one in used)


@pytest.mark.parametrize("host", ["192.0.2.1", "::1", "broker.example"])
def test_towards_other_networks_the_system_chooses(host: str) -> None:
    assert source_address(50_000, host) is None
