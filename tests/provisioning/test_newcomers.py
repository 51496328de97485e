"""Codes for kiosks without an identity, and the program that redeems the first one."""

import os
import sys
from pathlib import Path

import pytest

from broker_config.child import ChildFailed
from broker_config.stop import Stop
from controller.store.engine import open_engine
from provisioning import newcomers
from provisioning.supervise import Stopped
from tests.support.fleet import seed_fleet
from wire.invitation import PIN_BYTES, parse

PIN = bytes(PIN_BYTES)


def test_who_has_no_certificate_on_its_disk_is_wanting(tmp_path: Path) -> None:
    (tmp_path / "a" / "identity" / "current").mkdir(parents=True)
    (tmp_path / "b" / "identity" / "pending").mkdir(parents=True)
    homes = {name: tmp_path / name for name in ("a", "b", "c")}
    assert newcomers.without_identity(homes) == ["b", "c"]


def test_each_gets_a_code_in_a_file_of_its_own_and_old_ones_go(
    database: str, tmp_path: Path
) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=3, sites=1)
    names = ["k-000000", "k-000001", "k-000002"]
    for wanted in (names, names[:1]):
        made = newcomers.invite(engine, wanted, PIN, 1)
        newcomers.write_codes(tmp_path / "codes", "https://127.0.0.1:8443", made)
        files = {path.stem: path.read_text().split() for path in (tmp_path / "codes").iterdir()}
        assert sorted(files) == wanted
        assert all(parse(words[3]) == made[name] for name, words in files.items())
    assert newcomers.invite(engine, [], PIN, 1) == {}


def _run(script: str, tmp_path: Path, stop: Stop | None = None, within_s: float = 20) -> None:
    argv = (sys.executable, "-c", script)
    newcomers.run(argv, tmp_path / "join.log", dict(os.environ), stop or Stop(), within_s)


def test_a_program_that_ends_well_is_waited_for(tmp_path: Path) -> None:
    _run("print('welcome')", tmp_path)
    assert (tmp_path / "join.log").read_text() == "welcome\n"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import sys\nsys.exit('the code is used\\nTo act: ...')", "join: the code is used$"),
        ("import sys\nsys.exit(3)", "join.log"),
    ],
)
def test_a_program_that_fails_is_told_by_its_first_line(
    tmp_path: Path, script: str, words: str
) -> None:
    with pytest.raises(ChildFailed, match=words):
        _run(script, tmp_path)


def test_a_program_without_an_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="no end"):
        _run("import time\ntime.sleep(60)", tmp_path, within_s=0.3)


def test_when_asked_to_stop_it_stops(tmp_path: Path) -> None:
    stop = Stop()
    stop.set()
    with pytest.raises(Stopped):
        _run("import time\ntime.sleep(60)", tmp_path, stop)
