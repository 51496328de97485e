"""A load of real connections to real Mosquitto: every message numbered, none lost, all counted."""

import asyncio
import json
import threading
from collections import defaultdict
from pathlib import Path

import pytest

from provisioning.players.load import Load, main
from provisioning.players.sayings import name_of
from tests.support.broker import ProgramBroker, TlsBroker
from tests.support.mqtt import Player
from tests.support.papers import write_papers
from tests.support.ports import free_port
from tests.support.wait import until
from wire import topics
from wire.codec import decode_up
from wire.messages import Header

ALL = f"{topics.ROOT}/+/+/up/+"


class Listener:
    """Counts what an office would hear, kiosk by kiosk."""

    def __init__(self, broker: ProgramBroker) -> None:
        self.heard: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.deaths = 0
        self._player = Player(broker, "office", timeout_s=0.5)
        self._player.subscribe(ALL)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._player.cut()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                packet = self._player.next(0.2)
            except TimeoutError:
                continue
            where = topics.parse_up(packet.topic)
            message = decode_up(where.kind, packet.payload)
            if isinstance(message, Header):
                self.heard[where.kiosk].append((message.birth, message.seq))
            else:
                self.deaths += 1


def test_two_hundred_kiosks_lose_nothing(
    mosquitto: ProgramBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listener = Listener(mosquitto)
    out = tmp_path / "load.json"
    argv = ["--broker", f"127.0.0.1:{mosquitto.port}", "--kiosks", "200", "--rate", "400"]
    assert main([*argv, "--seconds", "1.5", "--json", str(out), "--threads"]) == 0
    assert "ready: 200 connected" in capsys.readouterr().out
    report = json.loads(out.read_text())
    until(lambda: listener.deaths == 200, 10)
    listener.close()
    assert report["settled"]
    assert report["losses"] == {}
    assert report["pubacks"] == {"0x00": report["published"]}
    assert report["births"] == 200
    assert 400 <= report["readings"] <= 620
    for name, (_, birth, seq) in report["threads"].items():
        assert listener.heard[name] == [(birth, number) for number in range(seq + 1)]


def test_after_the_broker_was_killed_all_come_back_with_a_new_birth(
    mosquitto: ProgramBroker,
) -> None:
    async def story() -> Load:
        load = Load("127.0.0.1", mosquitto.port, 20)
        await load.connect(20)
        mosquitto.kill9()
        mosquitto.start()
        async with asyncio.timeout(30):
            while load.tally.connects < 40:  # noqa: ASYNC110 - a test waits
                await asyncio.sleep(0.05)
        await load.settle()
        await load.leave()
        return load

    load = asyncio.run(story())
    assert {birth for _, birth, _ in load.threads().values()} == {2}
    assert sum(load.tally.losses.values()) >= 20


def test_a_load_comes_over_tls_with_papers(mosquitto_tls: TlsBroker, tmp_path: Path) -> None:
    names = [name_of(number + 1) for number in range(10)]
    papers = write_papers(tmp_path / "papers", names)._replace(ca=mosquitto_tls.ca)

    async def story() -> Load:
        load = Load("127.0.0.1", mosquitto_tls.tls_port, len(names), papers=papers)
        await load.connect(20)
        settled = await load.settle()
        await load.leave()
        assert settled
        return load

    assert asyncio.run(story()).tally.births == len(names)


def test_papers_without_an_authority_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--broker", "127.0.0.1:1", "--tls-ca", "ca.pem"]) == 2
    assert "belong together" in capsys.readouterr().out


def test_nobody_there_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def story() -> None:
        await Load("127.0.0.1", free_port(), 2).connect(0.3)

    with pytest.raises(TimeoutError):
        asyncio.run(story())
    assert main(["--broker", "nonsense"]) == 2
    assert "host:port" in capsys.readouterr().out
