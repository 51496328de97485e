"""A played kiosk speaks with a real broker as a real one does, and dies like one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from provisioning.players.devices.device import DeviceLoop
from provisioning.players.life import Turn
from provisioning.players.player import Player
from tests.support.broker import ProgramBroker
from tests.support.mqtt import Player as Listener
from wire.codec import decode_up
from wire.messages import Birth, Death, Flip, Reading, Up
from wire.topics import parse_up

NAME = "bdg-andir-1"
Play = Callable[..., Player]


@pytest.fixture
def play(mosquitto: ProgramBroker, tmp_path: Path) -> Iterator[Play]:
    loop = DeviceLoop()
    playing: list[Player] = []

    def begin(*turns: Turn) -> Player:
        story = iter((*turns, Turn(1e9, "hot", begins=True), Turn(2e9, "hot", begins=False)))
        broker = (mosquitto.host, mosquitto.port)
        player = Player(NAME, tmp_path / "p", loop, broker=broker, story=story, dice=Random(7))
        playing.append(player)
        player.start()
        return player

    yield begin
    for player in playing:
        player.stop()
    loop.close()


@pytest.fixture
def office(mosquitto: ProgramBroker) -> Iterator[Listener]:
    listener = Listener(mosquitto, "office", timeout_s=20)
    listener.subscribe("anjungan/v1/+/+/up/+")
    yield listener
    listener.cut()


def test_it_is_born_and_shows_its_whole_picture(play: Play, office: Listener) -> None:
    play()
    assert _next(office, "birth")
    full = _whole_picture(office)
    assert {seen.probe for seen in full.observations} >= {"printer", "browser", "screen", "portal"}


def test_the_same_story_told_again_is_another_boot(play: Play) -> None:
    first = play()
    boots = {first.boot_id}
    first.stop()
    assert play().boot_id not in boots


def test_paper_that_runs_out_is_told_as_a_fact(play: Play, office: Listener) -> None:
    player = play(Turn(0, "paper_out", begins=True))
    _whole_picture(office)
    player.act_next()
    flip = _next(office, "flip")
    assert isinstance(flip, Flip)
    assert flip.observation.codes == ("printer.paper_out",)


def test_a_power_cut_leaves_only_the_will(play: Play, office: Listener) -> None:
    player = play(Turn(0, "power_cut", begins=True), Turn(9, "power_cut", begins=False))
    _next(office, "reading")
    player.act_next()
    death = _next(office, "death")
    assert isinstance(death, Death)
    assert not death.planned


def test_it_boots_again_after_the_power_cut(play: Play, office: Listener) -> None:
    player = play(Turn(0, "power_cut", begins=True), Turn(9, "power_cut", begins=False))
    first = _next(office, "birth")
    player.act_next()
    player.act_next()
    second = _next(office, "birth")
    assert isinstance(first, Birth)
    assert isinstance(second, Birth)
    assert first.epoch == second.epoch
    assert first.birth < second.birth
    assert first.boot_id != second.boot_id


def test_a_line_that_drops_is_a_death_and_its_return_a_birth(play: Play, office: Listener) -> None:
    player = play(Turn(0, "line_drop", begins=True), Turn(9, "line_drop", begins=False))
    _next(office, "reading")
    player.act_next()
    _next(office, "death")
    player.act_next()
    _next(office, "birth")


def _whole_picture(office: Listener) -> Reading:
    while True:
        reading = _next(office, "reading")
        assert isinstance(reading, Reading)
        if reading.full:
            return reading


def _next(office: Listener, kind: str) -> Up:
    """The next message of this kind, passing over others."""
    while True:
        packet = office.next()
        found = parse_up(packet.topic)
        assert found.kiosk == NAME
        if found.kind == kind:
            return decode_up(kind, bytes(packet.payload))
