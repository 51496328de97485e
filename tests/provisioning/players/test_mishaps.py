"""Every mishap of the story is seen by the real probes, and gone from their sight when mended."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from provisioning.players.body import Body
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.life import MISHAPS
from provisioning.players.mishaps import ACTS

SEEN_AS = {
    "paper_out": "printer.paper_out",
    "paper_low": "printer.paper_low",
    "paper_jam": "printer.paper_jam",
    "toner_low": "printer.toner_low",
    "receipt_out": "receipt.paper_out",
    "receipt_cover": "receipt.cover_open",
    "queue_stuck": "queue.stuck",
    "browser_hang": "browser.hung",
    "hung_page": "browser.hung",
    "browser_gone": "browser.not_running",
    "wrong_page": "browser.wrong_page",
    "screen_off": "screen.dark",
    "hot": "temperature.high",
    "disk_filling": "disk.nearly_full",
    "on_battery": "power.on_battery",
}


@pytest.fixture
def body(tmp_path: Path) -> Iterator[Body]:
    loop = DeviceLoop()
    made = Body(loop, tmp_path / "root", ("127.0.0.1", 9), Random(7))
    yield made
    made.close()
    loop.close()


def test_the_story_and_the_acts_know_the_same_mishaps() -> None:
    # a power cut happens to the whole kiosk: the player does it
    assert {m.name for m in MISHAPS} - {"power_cut"} == set(ACTS)


def test_a_new_kiosk_has_nothing_to_complain_of(body: Body) -> None:
    assert _codes(body) == set()


@pytest.mark.parametrize("mishap", SEEN_AS)
def test_a_mishap_is_seen_and_is_gone_when_mended(body: Body, mishap: str) -> None:
    probes = body.probes()
    ACTS[mishap].begin(body)
    assert SEEN_AS[mishap] in {code for p in probes for code in p.observe().codes}
    ACTS[mishap].end(body)
    for probe in probes:  # a hung page's connection is given up and made anew
        probe.observe()
    assert {code for p in probes for code in p.observe().codes} == set()


def _codes(body: Body) -> set[str]:
    return {code for probe in body.probes() for code in probe.observe().codes}
