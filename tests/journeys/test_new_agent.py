"""A new agent and a new portal reach a kiosk, and one that is no good is gone again by itself.

The office is a real controller with its keys beside a real broker; the kiosk is the real launcher
under a keeper that starts it as systemd does, from what was installed by hand on.
"""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import psutil
import pytest

from controller.rollouts.plan import Phase, Plan
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support.kept_kiosk import KeptKiosk, Shop, opened
from tests.support.software import small, tree
from tests.support.swept_kiosk import disk_of_its_own
from tests.support.takers import room
from tests.support.wait import until
from tests.support.wisher import Wisher

WITHIN_S: Final = 120.0
SHORT_S: Final = 8
STARTS: Final = 5  # of a release, before it is left
NEW: Final = {"agent/kiosk.py": ('VERSION: Final = "0.1.0"', 'VERSION: Final = "0.2.0"')}
DEAF: Final = {
    "agent/config.py": (
        "    return parse(table)\n",
        '    table["broker"]["port"] = 1\n    return parse(table)\n',
    )
}
HANGS: Final = "import signal\nsignal.pause()\n"
GOOD, UNHEARD, ENDING, HANGING, REFUSING = range(1, 6)
KIOSKS: Final = ("baik", "tuli", "teman", "berhenti", "diam", "putus", "layar")
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Shop]:
    """With releases of both programs, published and offered."""
    with opened(tmp_path_factory.mktemp("office"), migrated_sqlite, KIOSKS) as made:
        made.publish("agent", tree("agent", "0.2.0", NEW))
        made.publish("agent", tree("agent", "0.3.0", DEAF))
        made.publish("agent", small("agent", "raise SystemExit(1)\n"))
        made.publish("agent", small("agent", HANGS))
        made.publish("agent", small("agent", "raise SystemExit(2)\n"))
        made.publish("portal", tree("portal", "0.2.0"))
        made.publish("portal", small("portal", "raise SystemExit(1)\n"))
        made.begins()
        yield made


@pytest.fixture
def disk() -> Iterator[PowerDisk | NoPower]:
    with disk_of_its_own(48) as made:
        yield made


def own_mib(kiosk: KeptKiosk) -> float:
    """What the agent has of memory for itself."""
    return float(psutil.Process(kiosk.agent.pid).memory_full_info().uss / 2**20)


def test_a_new_agent_starts_from_its_slot_is_heard_and_stays(shop: Shop, tmp_path: Path) -> None:
    with shop.kiosk("baik", tmp_path) as kiosk:
        shop.hears("baik", "0.1.0")
        before = own_mib(kiosk)
        made = shop.rolls("baik", bundle="agent", seq=GOOD)
        until(lambda: shop.are(made, "installed"), WITHIN_S)
        assert kiosk.agent.release == GOOD
        assert kiosk.agent.starts == 2
        assert kiosk.current("agent") == GOOD
        assert not kiosk.on_trial("agent")
        shop.hears("baik", "0.2.0")
        (row,) = shop.said_of("baik")
        assert (row.bundle, row.seq, row.state) == ("agent", GOOD, "installed")
        assert shop.facts("baik") == 1
        births = shop.births("baik")
        kiosk.agent.crashes()  # what its first start had to compile is no part of it
        until(lambda: shop.births("baik") > births, WITHIN_S)
        assert own_mib(kiosk) < before + 1.5
    assert kiosk.agent.code == 0, "told to stop, it stops"


def test_an_agent_that_is_never_heard_goes_back_and_its_rollout_is_held(
    shop: Shop, tmp_path: Path
) -> None:
    other = Wisher("teman", shop.bureau.policy)
    with shop.kiosk("tuli", tmp_path, trial_s=SHORT_S) as kiosk, room(shop.door, other, now()):
        shop.hears("tuli", "0.1.0")
        how = Plan(phases=(Phase("1"), Phase("100%")), held_percent=0, soak_min=0)
        made = shop.asks({"tuli": 1, "teman": 2}, UNHEARD, how)
        until(lambda: shop.said_of("tuli"), WITHIN_S)
        until(lambda: shop.state(made) == "held", WITHIN_S)
        (row,) = shop.said_of("tuli")
        assert (row.seq, row.state, row.code) == (0, "rolled_back", "no_office")
        assert (kiosk.agent.release, kiosk.agent.starts) == (0, 3)
        assert not other.wished, "nobody else was told"
        assert kiosk.failed("agent") == [[UNHEARD, 1]], "remembered"


def test_an_agent_that_ends_at_once_is_left_after_some_starts(shop: Shop, tmp_path: Path) -> None:
    with shop.kiosk("berhenti", tmp_path) as kiosk:
        shop.hears("berhenti", "0.1.0")
        made = shop.rolls("berhenti", bundle="agent", seq=ENDING)
        until(lambda: shop.are(made, "rolled_back"), WITHIN_S)
        (row,) = shop.said_of("berhenti")
        assert (row.seq, row.code) == (0, "no_start")
        assert kiosk.agent.starts == 1 + STARTS + 1
        assert kiosk.agent.release == 0


def test_an_agent_that_hangs_or_wants_no_other_start_is_taken_back_from_outside(
    shop: Shop, tmp_path: Path
) -> None:
    with shop.kiosk("diam", tmp_path, trial_s=SHORT_S, guarded=True) as kiosk:
        shop.hears("diam", "0.1.0")
        for seq in (HANGING, REFUSING):
            made = shop.rolls("diam", bundle="agent", seq=seq)
            until(partial(shop.are, made, "rolled_back"), WITHIN_S)
            assert shop.said_of("diam")[0].code == "no_office"
        assert (kiosk.agent.release, kiosk.agent.starts) == (0, 5)


def test_row_22_without_power_between_switch_and_start_and_on_trial_it_converges(
    shop: Shop, disk: PowerDisk | NoPower
) -> None:
    with shop.kiosk("putus", disk.folder) as kiosk:
        shop.hears("putus", "0.1.0")
        disk.sync()  # what a technician has laid there long ago
        made = shop.rolls("putus", bundle="agent", seq=GOOD)
        until(lambda: kiosk.current("agent") == GOOD, WITHIN_S)
        kiosk.agent.kill()
        disk.cut_power()
        assert kiosk.current("agent") in (0, GOOD)
        kiosk.starts()
        until(lambda: kiosk.agent.release == GOOD and kiosk.on_trial("agent"), WITHIN_S)
        kiosk.agent.kill()
        disk.cut_power()
        kiosk.starts()
        until(lambda: shop.are(made, "installed"), WITHIN_S)
        assert (kiosk.agent.release, kiosk.current("agent")) == (GOOD, GOOD)
        assert shop.facts("putus") == 1


def test_a_new_portal_answers_and_one_that_does_not_come_up_is_gone_again(
    shop: Shop, tmp_path: Path
) -> None:
    with shop.kiosk("layar", tmp_path, portal=True) as kiosk:
        until(lambda: kiosk.health() == ("0.1.0", 0), WITHIN_S)
        made = shop.rolls("layar", bundle="portal", seq=1)
        until(lambda: shop.are(made, "installed"), WITHIN_S)
        assert kiosk.health() == ("0.2.0", 1)
        made = shop.rolls("layar", bundle="portal", seq=2, before=1)
        until(lambda: shop.are(made, "rolled_back"), WITHIN_S)
        until(lambda: kiosk.health() == ("0.2.0", 1), WITHIN_S)
        (row,) = shop.said_of("layar")
        assert (row.bundle, row.seq, row.code) == ("portal", 1, "no_start")
        assert kiosk.agent.starts == 1, "the agent went on"
        assert not kiosk.on_trial("portal")


def now() -> int:
    return time.time_ns() // 1_000_000
