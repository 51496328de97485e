"""The players as a process: plays the kiosks of a file, says what happens, ends when told."""

import subprocess
import sys
from pathlib import Path

from provisioning.sites import place, read_sites, write_kiosks
from tests.support.broker import ProgramBroker


def test_it_plays_every_kiosk_of_the_file_and_ends_by_itself(
    mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    told = _play(mosquitto, tmp_path, "--speed", "2000", "--seconds", "6")
    assert {line.split()[1] for line in told} == {"bdg-sukasari-1", "bdg-coblong-1"}
    assert all(line.split()[3] in ("begins", "ends") for line in told)


def test_the_same_seed_plays_the_same_story(mosquitto: ProgramBroker, tmp_path: Path) -> None:
    first = _play(mosquitto, tmp_path, "--speed", "2000", "--seconds", "4")
    again = _play(mosquitto, tmp_path, "--speed", "2000", "--seconds", "4")
    shorter = min(len(first), len(again))
    assert shorter > 3
    assert first[:shorter] == again[:shorter]


def _play(broker: ProgramBroker, folder: Path, *options: str) -> list[str]:
    kiosks = folder / "kiosks.csv"
    write_kiosks(kiosks, place(read_sites(), 2))
    door = f"{broker.host}:{broker.port}"
    state = folder / "players"
    where = ("--broker", door, "--state", str(state), "--kiosks", str(kiosks))
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.players", *where, *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()
