"""Releases in a fleet that `up` has started: the first one, the next one, deaths in between."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from controller.store.release_tables import reported
from provisioning import __main__ as anjungan
from provisioning.release.first import STARTER
from tests.journeys.test_up import KIOSKS, NO_PRINTER, Fleet
from tests.support.wait import until

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    made = Fleet(tmp_path / "state", *NO_PRINTER)
    monkeypatch.setenv("ANJUNGAN_DATABASE", str(made.engine.url))
    monkeypatch.setenv("ANJUNGAN_RELEASES", str(made.state / "releases"))
    yield made
    made.close()


def in_use(fleet: Fleet) -> dict[int, int]:
    with fleet.engine.connect() as conn:
        return {row.kiosk_id: row.seq for row in conn.execute(select(reported))}


def all_have(fleet: Fleet, seq: int) -> bool:
    return list(in_use(fleet).values()) == [seq] * KIOSKS


def shown(fleet: Fleet) -> str:
    """The page of this machine's portal."""
    line = (fleet.state / "logs" / "portal.log").read_text().split("portal: ")[1]
    return httpx.get(line.split()[0], timeout=20).text


def test_every_kiosk_shows_the_first_release_then_the_next_whatever_is_killed(
    fleet: Fleet, tmp_path: Path
) -> None:
    fleet.wait_for("kiosks are up")
    until(lambda: all_have(fleet, 1), 120)
    assert 'data-release="1"' in shown(fleet)
    assert anjungan.main(["people", "add", "siaga", "--grant", "admin"]) == 0
    tree = tmp_path / "tree"
    tree.mkdir()
    for file in STARTER.iterdir():
        (tree / file.name).write_bytes(file.read_bytes().replace(b"Sentuh layanan", b"Pilih hal"))
    by, keys = ("--as", "siaga"), fleet.state / "authority" / "release-keys"
    signed = [word for n in (1, 2) for word in ("--key", str(keys / f"content-{n}.pem"))]
    words = ("--bundle", "layanan", "--note", "Kalimat baru", "--yes", "--wait")
    assert anjungan.main(["publish", str(tree), *words, *signed, *by]) == 0
    quick = ("--phases", "1,100%", "--soak", "0m", "--held", "0", "--why", "kalimat baru")
    ask = ("ask", "layanan-2", "--filter", "all=yes", *quick)
    assert anjungan.main(["rollout", *ask, *by]) == 0
    until(lambda: 2 in in_use(fleet).values(), 120)
    for name in ("controller", "players", "door"):
        os.kill(fleet.pid(name), signal.SIGKILL)
    until(lambda: all_have(fleet, 2), 200)
    until(lambda: "Pilih hal" in shown(fleet), 60)
    assert 'data-release="2"' in shown(fleet)
