"""An uninterruptible supply, played by a few lines of NUT's protocol."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.power import PowerProbe, Supply
from agent.probes.power_nut import NutError, NutUps, parse


class Upsd:
    """Answers each connection's question with the state it was given, in small pieces."""

    def __init__(self) -> None:
        self.variables = {"battery.charge": "100", "ups.status": "OL CHRG"}
        self.error = ""
        self.questions: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._server.accept()
            with connection:
                question = connection.recv(200)
                if not question:
                    return
                self.questions.append(question)
                for line in self._answer():
                    connection.sendall(line)

    def _answer(self) -> list[bytes]:
        if self.error:
            return [f"ERR {self.error}\n".encode()]
        told = [f'VAR kios {k} "{v}"\n'.encode() for k, v in self.variables.items()]
        return [b"BEGIN LIST VAR kios\n", *told, b"END LIST VAR kios\n"]

    def close(self) -> None:
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(5)
        self._server.close()


@pytest.fixture
def upsd() -> Iterator[Upsd]:
    server = Upsd()
    yield server
    server.close()


def test_a_supply_on_line_is_mains(upsd: Upsd) -> None:
    assert NutUps("kios", port=upsd.port)() == Supply("mains", 100)
    assert upsd.questions == [b"LIST VAR kios\n"]


def test_a_power_cut_and_an_empty_battery_are_told(upsd: Upsd, tmp_path: Path) -> None:
    upsd.variables = {"battery.charge": "17.5", "ups.status": "OB DISCHRG LB"}
    finding = PowerProbe(tmp_path, ups=NutUps("kios", port=upsd.port)).observe()
    assert finding.codes == ("power.on_battery", "power.battery_low")
    assert finding.facts["battery_percent"] == 17


@pytest.mark.parametrize("error", ["DRIVER-NOT-CONNECTED", "DATA-STALE", "UNKNOWN-UPS"])
def test_a_supply_that_cannot_be_asked_is_an_error_with_the_daemons_word(
    upsd: Upsd, error: str
) -> None:
    upsd.error = error
    with pytest.raises(NutError, match=error):
        NutUps("kios", port=upsd.port)()


def test_a_daemon_that_is_away_is_an_error_of_the_network(upsd: Upsd) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        NutUps("kios", port=free)()
    assert upsd.questions == []


def test_a_name_that_would_be_a_second_command_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        NutUps("kios\nFSD kios")


@given(st.text(max_size=300))
def test_any_answer_is_a_supply_or_a_nut_error(answer: str) -> None:
    try:
        supply = parse(answer)
    except NutError:
        return
    assert supply.source in ("mains", "battery")


@given(st.text(max_size=20), st.text(max_size=8))
def test_any_value_of_a_variable_is_taken_or_left(status: str, charge: str) -> None:
    answer = f'VAR kios ups.status "OL {status}"\nVAR kios battery.charge "{charge}"\nEND LIST'
    try:
        percent = parse(answer).battery_percent
    except NutError:
        return
    assert percent is None or 0 <= percent <= 100
