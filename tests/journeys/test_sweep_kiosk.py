"""The kiosk is killed, and its power cut, at every system call between an order and its result.

For each kind of command: no double effect, no lost result, nothing runs for ever. Every n-th call
in the ordinary suite; SWEEP=all makes it every one, as `make bench NAME=sweep` does.
"""

import sqlite3
from collections.abc import Iterator

import pytest

from agent.store import connect
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support.swept_kiosk import disk_of_its_own, points
from tests.support.thorough import ALL
from wire.actions import KINDS

WHOLE = {("test_print", "power"): 2, ("set_volume", "power"): 4, ("screenshot", "power"): 5}
"""One kind of each class is looked at closely even in the ordinary suite."""
STEP = 1 if ALL else 47


@pytest.fixture
def disk() -> Iterator[PowerDisk | NoPower]:
    with disk_of_its_own() as made:
        yield made


@pytest.mark.parametrize("cut", ["kill", "power"])
@pytest.mark.parametrize("kind", KINDS)
def test_row_49_a_kiosk_ended_at_any_call_does_it_once_and_answers_once(
    disk: PowerDisk | NoPower, kind: str, cut: str
) -> None:
    step = min(STEP, WHOLE.get((kind, cut), STEP))
    found = [*points(disk, kind, cut, step=step)]
    print(f"{kind}, {cut}: {len(found)} points, {sorted({one.end for one in found})}")
    assert len(found) > 12 // step
    assert found[-1].end == "succeeded"
    if step < STEP:
        others = {"at_most_once": {"unknown"}, "undoable": {"failed"}, "repeatable": set[str]()}
        assert {one.end for one in found} == {"succeeded"} | others[KINDS[kind].again]


@pytest.mark.parametrize("already", range(18, 60, 4 if STEP == 1 else 19))
@pytest.mark.parametrize("kind", [kind for kind, _ in WHOLE])
def test_row_49_a_kiosk_ended_again_while_it_recovers_keeps_its_promises(
    disk: PowerDisk | NoPower, kind: str, already: int
) -> None:
    found = [*points(disk, kind, "power", step=min(2 * STEP, 17), already=already)]
    assert {one.end for one in found} <= {"succeeded", "failed", "unknown"}


def forgetful(path: str) -> sqlite3.Connection:
    db = connect(path)
    db.execute("PRAGMA synchronous=OFF")
    return db


def test_a_kiosk_that_does_not_sync_its_intent_is_found_by_the_sweep(
    disk: PowerDisk | NoPower,
) -> None:
    if isinstance(disk, NoPower):
        return  # a page that was written outlives its process
    with pytest.raises(AssertionError, match="done \\['do', 'do'\\]"):
        list(points(disk, "test_print", "power", connect=forgetful))
