"""The fallback opens one MQTT 5 door on this machine and hides nothing it lacks."""

import tomllib
from pathlib import Path

import pytest

from broker_config.fallback import LACKS, configuration
from broker_config.in_force import files
from broker_config.knock import answers
from broker_config.settings import BrokerRefused, Settings, TlsListener
from tests.support.broker import ProgramBroker


def test_has_one_mqtt_5_door_on_this_machine() -> None:
    told = tomllib.loads(configuration(Settings(port=1884, state=Path("state"))))
    assert [door["listen"] for door in told["v5"].values()] == ["127.0.0.1:1884"]
    assert "v4" not in told


def test_writes_an_ipv6_address_as_rust_reads_it() -> None:
    told = tomllib.loads(configuration(Settings(port=1884, state=Path("state"), bind="::1")))
    assert told["v5"]["1"]["listen"] == "[::1]:1884"


def test_bounds_what_it_keeps_in_memory_for_a_filter() -> None:
    router = tomllib.loads(configuration(Settings(port=1884, state=Path("state"))))["router"]
    assert router["max_segment_size"] * router["max_segment_count"] <= 64 * 2**20


def test_refuses_tls_instead_of_serving_without() -> None:
    tls = TlsListener(port=8883, ca=Path("ca"), cert=Path("cert"), key=Path("key"))
    with pytest.raises(BrokerRefused, match="mosquitto"):
        configuration(Settings(port=1884, state=Path("state"), tls=tls))


def test_refuses_identities_instead_of_serving_without() -> None:
    known = files(Path("f"), "127.0.0.1", 8884, 10)
    with pytest.raises(BrokerRefused, match="mosquitto"):
        configuration(Settings(port=1884, state=Path("state"), identities=known))


def test_says_what_it_lacks() -> None:
    assert any("access control" in lack for lack in LACKS)
    assert any("disk" in lack for lack in LACKS)


def test_rumqttd_accepts_it(fallback_broker: ProgramBroker) -> None:
    assert answers(fallback_broker.host, fallback_broker.port)
