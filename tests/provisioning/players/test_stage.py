"""Turns come when they are due, wishes when they are there, and a boot after a reboot."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from provisioning.players.devices.device import DeviceLoop
from provisioning.players.life import Turn
from provisioning.players.player import BOOT_S, Player
from provisioning.players.stage import LOOK_S, Stage
from provisioning.players.wishes import REBOOT, Wish, Wishes

NAME = "bdg-andir-1"
NEVER = Turn(1e9, "hot", begins=True)


class Theatre:
    def __init__(self, folder: Path, loop: DeviceLoop, *turns: Turn) -> None:
        self.now, self.told = 100.0, list[Turn]()
        self.wishes = Wishes(folder / "wishes")
        story = iter((*turns, NEVER, NEVER))
        self.player = Player(
            NAME, folder, loop, broker=("127.0.0.1", 9), story=story, dice=Random(7)
        )
        self.stage = Stage(
            [self.player],
            self.wishes,
            lambda _, turn: self.told.append(turn),
            seconds=lambda: self.now,
        )

    def after(self, seconds: float) -> float:
        self.now += seconds
        return self.stage.step()


@pytest.fixture
def theatre(tmp_path: Path, device_loop: DeviceLoop) -> Iterator[Callable[..., Theatre]]:
    made: list[Theatre] = []

    def make(*turns: Turn) -> Theatre:
        made.append(Theatre(tmp_path, device_loop, *turns))
        return made[-1]

    yield make
    for one in made:
        one.player.stop()


def test_a_turn_waits_for_its_moment(theatre: Callable[..., Theatre]) -> None:
    play = theatre(Turn(5.0, "paper_out", begins=True))
    assert play.after(4.9) == pytest.approx(0.1)
    assert play.told == []
    play.after(0.2)
    assert play.told == [Turn(5.0, "paper_out", begins=True)]
    assert play.player.body.printer.sheets == 0


def test_a_wish_lets_a_page_hang_and_mends_it(theatre: Callable[..., Theatre]) -> None:
    play = theatre()
    play.wishes.put(Wish(NAME, "hung_page"))
    assert play.after(1.0) == LOOK_S
    assert play.player.body.browser.hung
    play.wishes.put(Wish(NAME, "hung_page", begins=False))
    play.after(1.0)
    assert not play.player.body.browser.hung


def test_a_reboot_ends_the_agent_and_begins_another_boot(theatre: Callable[..., Theatre]) -> None:
    play = theatre()
    play.player.start()
    before, lives = play.player.boot_id, play.player.body.browser.lives
    play.wishes.put(Wish(NAME, REBOOT))
    on = []
    for seconds in (1.0, BOOT_S - 0.5, 1.0):
        play.after(seconds)
        on.append(play.player.on)
    assert on == [False, False, True]
    assert play.player.boot_id != before
    assert play.player.body.browser.lives == lives + 1


def test_wishes_of_others_and_for_what_there_is_not_are_nothing(
    theatre: Callable[..., Theatre],
) -> None:
    play = theatre()
    play.wishes.put(Wish("bdg-andir-2", "hot"))
    play.wishes.put(Wish(NAME, "earthquake"))
    play.after(1.0)
    assert play.told == []


def test_who_comes_later_is_heard_like_the_others(
    theatre: Callable[..., Theatre], tmp_path: Path, device_loop: DeviceLoop
) -> None:
    play = theatre()
    more = Player(
        "bdg-andir-2",
        tmp_path / "more",
        device_loop,
        broker=("127.0.0.1", 9),
        story=iter((NEVER, NEVER)),
        dice=Random(8),
    )
    play.stage.add([more])
    play.wishes.put(Wish("bdg-andir-2", "hung_page"))
    play.after(0.1)
    assert (more.body.browser.hung, play.player.body.browser.hung) == (True, False)
    more.stop()
