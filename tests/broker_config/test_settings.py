"""A broker without identities stays on this machine."""

from pathlib import Path

import pytest

from broker_config.settings import BrokerRefused, Settings, TlsListener


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
