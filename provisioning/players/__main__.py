"""Plays a fleet: `python -m provisioning.players --broker host:port --state DIR --kiosks FILE`.

Every kiosk of the file lives in this one process: the real agent over played devices. With --door
each first gets an identity of its own there, by the code that lies for it in --codes. Says one
line on standard output for each mishap, so that a reader can compare with the console. What a file
in the folder `wishes` asks for is done within a moment: `touch STATE/wishes/KIOSK.hung_page`.
"""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from broker_config.stop import Stop
from provisioning.players.children import Children
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.joining import Joining, enrol_all
from provisioning.players.life import Turn, life, mishaps_for
from provisioning.players.player import Player, home_of
from provisioning.players.stage import Stage
from provisioning.players.wishes import Wishes
from provisioning.sites import Placed, read_kiosks, read_sites

WISHES = "wishes"  # in the folder --state, see wishes.py
START_APART_S = 0.05  # a fleet that starts in one instant would only measure this machine


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays until SIGTERM or SIGINT, or until --seconds have passed."""
    given = _arguments(arguments)
    threading.stack_size(256 * 1024)  # two threads a kiosk
    host, _, port = given.broker.rpartition(":")
    stop = Stop()
    stop.obey((signal.SIGTERM, signal.SIGINT))
    placed = read_kiosks(given.kiosks, read_sites())
    joining = _joining(given)
    if joining is not None:
        homes = {one.kiosk: home_of(given.state / one.kiosk) for one in placed}
        enrol_all(joining, homes, lambda why: sys.stderr.write(f"{why}\n"), stop.is_set)
    loop = DeviceLoop()
    children = Children()
    players = [_player(one, given, loop, (host, int(port)), children) for one in placed]
    try:
        _play(players, stop, given)
    finally:
        for player in players:
            player.stop()
        loop.close()
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="anjungan players", description="Plays a fleet.")
    parser.add_argument("--broker", required=True, help="host:port")
    parser.add_argument("--state", type=Path, required=True, help="where the kiosks keep theirs")
    parser.add_argument("--kiosks", type=Path, required=True, help="CSV, as `anjungan kiosks` has")
    parser.add_argument("--door", help="https://HOST:PORT, where identities are given")
    parser.add_argument("--server-ca", type=Path, help="of the office, PEM; goes with --door")
    parser.add_argument("--codes", type=Path, help="as enrol --out; goes with --door")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--speed", type=float, default=1.0, help="of the story, not of the agent")
    parser.add_argument(
        "--citizens",
        type=float,
        default=0.0,
        help="seconds between two of them at one kiosk, on average; 0: nobody comes",
    )
    parser.add_argument("--seconds", type=float, default=None)
    given = parser.parse_args(arguments)
    if len({given.door is None, given.server_ca is None, given.codes is None}) > 1:
        parser.error("--door, --server-ca and --codes go together")
    return given


def _joining(given: argparse.Namespace) -> Joining | None:
    return Joining(given.door, given.server_ca, given.codes) if given.door else None


def _player(
    placed: Placed,
    given: argparse.Namespace,
    loop: DeviceLoop,
    broker: tuple[str, int],
    children: Children,
) -> Player:
    name, seed = placed.kiosk, given.seed
    dice = Random(f"{seed}/{name}")  # noqa: S311 - a story, no secret
    story = life(seed, name, mishaps_for(placed.site.line))
    return Player(
        name,
        given.state / name,
        loop,
        broker=broker,
        story=story,
        dice=dice,
        joining=_joining(given),
        wishes=given.state / WISHES,
        children=children,
        site=placed.site.code,
        apart_s=given.citizens,
    )


def _play(players: Sequence[Player], stop: Stop, given: argparse.Namespace) -> None:
    """Start them all, then let whoever is due act, again and again."""
    for player in players:
        if not stop.wait(START_APART_S):
            player.start()
    stage = Stage(players, Wishes(given.state / WISHES), _tell, speed=given.speed)
    opened = time.monotonic()
    while players and not stop.is_set():
        if given.seconds is not None and time.monotonic() - opened >= given.seconds:
            return
        stop.wait(stage.step())


def _tell(name: str, turn: Turn) -> None:
    sys.stdout.write(f"{turn.at:9.1f} {name} {turn.mishap} {'begins' if turn.begins else 'ends'}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
