"""The office ended at every moment of a command's way, and the broker, too: see swept_stories.py.

A few moments of each story in the ordinary suite; SWEEP=all makes it every one, as
`make bench NAME=sweep` does.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.identity.cuts import PowerDisk
from tests.support.swept_broker import Cut, Loss
from tests.support.swept_kiosk import disk_of_its_own
from tests.support.swept_office import Books, Machine, Mains, World, books
from tests.support.swept_stories import ONE, STORIES, TWO, asks, comes, judged, points
from tests.support.thorough import ALL

STEPS = {**dict.fromkeys(STORIES, 17), "returned": 119}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Books:
    return books(tmp_path_factory.mktemp("books"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def mains() -> Iterator[Machine]:
    with disk_of_its_own() as disk:
        yield Mains(disk) if isinstance(disk, PowerDisk) else Machine(disk.folder)


@pytest.mark.parametrize("name", STORIES)
def test_an_office_killed_at_any_moment_does_nothing_twice_and_loses_no_result(
    made: Books, machine: Machine, name: str
) -> None:
    found = [*points(made, machine, name, step=1 if ALL else STEPS[name])]
    print(f"{name}, killed: {len(found)} points")
    assert len(found) >= 3


def test_a_power_cut_that_forgets_that_orders_were_sent_does_no_harm(
    made: Books, mains: Machine
) -> None:
    for name in STORIES if ALL else ("handed_in",):
        found = [*points(made, mains, name, step=1 if ALL else 9, start=1 if ALL else 11)]
        print(f"{name}, power cut: {len(found)} points")
        if name == "handed_in":
            assert any(one.forgot for one in found) == mains.power


@pytest.mark.parametrize("loss", ["lost", "kept", "old"])
def test_row_54_a_broker_killed_at_any_moment_does_nothing_twice_and_loses_no_result(
    made: Books, machine: Machine, loss: Loss
) -> None:
    for name in STORIES if ALL else ("clicked",):
        found = [*points(made, machine, name, step=1 if ALL else 5, broker=loss)]
        print(f"{name}, broker {loss}: {len(found)} points")
        assert len(found) >= 4


def test_an_office_killed_again_while_it_recovers_keeps_its_promises(
    made: Books, machine: Machine
) -> None:
    for name in STORIES if ALL else ("agreed",):
        assert [*points(made, machine, name, step=3 if ALL else 19, again=7)]


def test_row_56_a_day_without_a_controller_loses_no_command_and_no_result(
    made: Books, machine: Machine
) -> None:
    world = World(made, machine, Cut())
    deeds = (
        (0, asks("noop", ONE, TWO, valid_s=2 * 86_400)),
        (1, lambda world, _: world.leave(86_400_000)),
        (2, asks("noop", ONE)),
    )
    story = STORIES["clicked"]()._replace(deeds=deeds)
    world.tell(deeds)
    assert judged(world, story, "a day away") == ("succeeded",) * 3
    world.close()


def test_row_55_thirty_days_away_and_a_full_queue_at_the_broker_lose_no_command(
    made: Books, machine: Machine
) -> None:
    """The kiosk goes without a word, so that its orders wait at the broker: for more than fit."""
    world = World(made, machine, Cut(), most=3)
    month = tuple((n, asks("noop", ONE, valid_s=30 * 86_400 - n)) for n in range(1, 11))
    deeds = (
        (0, lambda world, _: world.broker.here.discard(ONE)),
        *month,
        (12, asks("noop", TWO)),
        (20, lambda world, _: world.turn(29 * 86_400_000)),
        (21, comes(ONE)),
    )
    story = STORIES["clicked"]()._replace(deeds=deeds)
    world.tell(deeds)
    assert judged(world, story, "a month away") == ("succeeded",) * 11
    numbers = [one.number for batch in world.kiosks[ONE].told for one in batch.open]
    assert numbers == sorted(numbers), "in order"
    world.close()
