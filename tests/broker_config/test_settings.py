"""A broker without identities stays on this machine."""

from pathlib import Path

import pytest

from broker_config.in_force import files
from broker_config.settings import BrokerRefused, Identities, Settings, TlsListener


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.10", "10.0.0.1", "fe80::1"])
def test_refuses_every_address_but_this_machines_own(bind: str) -> None:
    with pytest.raises(BrokerRefused, match="identities"):
        Settings(port=1883, state=Path("state"), bind=bind)


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.3.2.1", "::1"])
def test_accepts_the_addresses_of_this_machine(bind: str) -> None:
    assert Settings(port=1883, state=Path("state"), bind=bind).bind == bind


@pytest.mark.parametrize("bind", ["", "localhost", "kiosk.example", "127.0.0.1 0.0.0.0"])
def test_a_name_is_refused_because_it_may_point_anywhere(bind: str) -> None:
    with pytest.raises(BrokerRefused, match="not an IP address"):
        Settings(port=1883, state=Path("state"), bind=bind)


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_refuses_a_number_that_is_no_port(port: int) -> None:
    with pytest.raises(BrokerRefused, match="port"):
        Settings(port=port, state=Path("state"))


def test_a_line_break_in_a_folder_name_cannot_become_an_option() -> None:
    with pytest.raises(BrokerRefused, match="rename"):
        Settings(port=1883, state=Path("state\nlistener 1884 0.0.0.0"))


def test_a_line_break_in_a_certificates_name_cannot_become_an_option() -> None:
    tls = TlsListener(port=8883, ca=Path("a\nb"), cert=Path("c"), key=Path("k"))
    with pytest.raises(BrokerRefused, match="rename"):
        Settings(port=1883, state=Path("state"), tls=tls)


def identities(bind: str = "127.0.0.1", port: int = 8884, folder: str = "f") -> Identities:
    return files(Path(folder), bind, port, 100)


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.10", "127.0.0.1"])
def test_with_identities_every_address_is_open_to_kiosks(bind: str) -> None:
    known = identities(bind)
    assert Settings(port=8883, state=Path("state"), bind=bind, identities=known).bind == bind


@pytest.mark.parametrize("known", [identities("office.example"), identities(port=0)])
def test_the_offices_door_is_checked_like_the_kiosks(known: Identities) -> None:
    with pytest.raises(BrokerRefused, match=r"address|port"):
        Settings(port=8883, state=Path("state"), identities=known)


def test_a_line_break_in_a_folder_of_identities_cannot_become_an_option() -> None:
    with pytest.raises(BrokerRefused, match="rename"):
        Settings(port=8883, state=Path("state"), identities=identities(folder="a\nlistener 1"))


def test_identities_and_the_plain_tls_door_do_not_go_together() -> None:
    tls = TlsListener(port=8885, ca=Path("a"), cert=Path("c"), key=Path("k"))
    with pytest.raises(BrokerRefused, match="no other TLS door"):
        Settings(port=8883, state=Path("state"), tls=tls, identities=identities())
