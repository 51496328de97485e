"""Ten thousand real MQTT 5 connections held from one process, against a real Mosquitto."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure
from tests.support.broker import a_mosquitto

KIOSKS = 10_000


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        broker = a_mosquitto(Path(name, "broker"))
        broker.start()
        try:
            report = _hold(f"{broker.host}:{broker.port}", Path(name, "load.json"))
        finally:
            broker.stop()
    yield Figure("load.connections", report["connected"], "connections", None, f">= {KIOSKS}")
    yield Figure("load.connect_s", report["connect_s"], "s", None, "", "all of them")
    yield Figure("load.memory_mb", report["rss_mb"], "MB", None, "", "the load process")


def _hold(door: str, out: Path) -> dict[str, float]:
    how = ("--kiosks", str(KIOSKS), "--rate", "500", "--seconds", "10", "--json", str(out))
    command = (sys.executable, "-m", "provisioning.players.load", "--broker", door, *how)
    subprocess.run(command, check=True, timeout=180, stdout=subprocess.DEVNULL)
    found: dict[str, float] = json.loads(out.read_text())
    return found
