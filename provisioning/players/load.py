"""Ten thousand kiosks on the wire from one process: `python -m provisioning.players.load`.

Owns the pace: how fast they connect, how many readings a second they send together, and when they
come back after a cut. What one of them says and does is `raw` and `sayings`.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import Any, Final

from agent.backoff import Backoff
from provisioning.players.answers import Answers, Manners
from provisioning.players.papers import Papers
from provisioning.players.raw import RawKiosk
from provisioning.players.sayings import Sayings, name_of
from provisioning.players.sockets import TooManySockets, room_for, source_address
from provisioning.players.tally import Tally

TICK_S: Final = 0.01
AT_ONCE: Final = 200  # connects under way: a broker's backlog of new sockets is not endless


@dataclass
class Load:
    """`run` names the memory all kiosks share the fate of: give another for another epoch.

    With a `policy` (its version) they take orders and answer them by their `manners`.
    """

    host: str
    port: int
    kiosks: int
    keepalive_s: int = 60
    connect_rate: float = 1000.0
    run: str = field(default_factory=lambda: token_hex(4))
    policy: int = 0
    manners: Manners = field(default_factory=Manners)
    papers: Papers | None = None  # None: without TLS, for a broker on this machine
    tally: Tally = field(default_factory=Tally)
    all: list[RawKiosk] = field(default_factory=list)
    _leaving: bool = False
    _dice: Random = field(default_factory=Random)
    _backoffs: dict[int, Backoff] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def connect(self, within_s: float = 120.0) -> float:
        """All of them; the seconds it took. Raises TimeoutError."""
        room_for(self.kiosks)
        start = time.monotonic()
        started = time.time_ns() // 1_000_000
        gate = asyncio.Semaphore(AT_ONCE)
        for number in range(self.kiosks):
            self.all.append(self._kiosk(self._sayings(number, started)))
            await gate.acquire()
            self._go(self._open(number, gate.release))
            ahead = (number + 1) / self.connect_rate - (time.monotonic() - start)
            if ahead > TICK_S:
                await asyncio.sleep(ahead)
        async with asyncio.timeout(within_s):
            await self._until(lambda: self.tally.connected >= self.kiosks)
        return time.monotonic() - start

    async def send(self, rate: float, seconds: float) -> float:
        """Small readings, `rate` a second over the whole fleet, in turn; the seconds it took."""
        start, sent, turn = time.monotonic(), 0, 0
        while (elapsed := time.monotonic() - start) < seconds:
            due = int(rate * elapsed) - sent
            for _ in range(due):
                self.all[turn].change()
                turn = (turn + 1) % len(self.all)
            sent += due
            await asyncio.sleep(TICK_S)
        return time.monotonic() - start

    async def settle(self, within_s: float = 15.0) -> bool:
        """Wait for the last PUBACKs. False if some never came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._until(lambda: not any(one.in_flight for one in self.all))
                return True
        return False

    async def leave(self) -> None:
        """All say goodbye and are gone."""
        self._leaving = True
        for task in list(self._tasks):
            task.cancel()
        for number, one in enumerate(self.all):
            one.leave()
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self._until(lambda: self.tally.connected == 0)

    def threads(self) -> dict[str, tuple[str, int, int]]:
        """Name -> (epoch, birth, last seq): what the office must know if nothing was lost."""
        return {
            one.sayings.name: (one.sayings.epoch, one.sayings.birth, one.sayings.seq)
            for one in self.all
        }

    def _sayings(self, number: int, started: int) -> Sayings:
        name = name_of(number + 1)
        dice = Random(f"{self.run}/{name}")  # noqa: S311 - a story, no secret
        return Sayings(
            name,
            self.run,
            keepalive_s=self.keepalive_s,
            started=started,
            answers=Answers(self.manners.of(dice)) if self.policy else None,
            policy=self.policy,
        )

    def _kiosk(self, said: Sayings) -> RawKiosk:
        return RawKiosk(said, self.tally, self._lost, slow_s=self.manners.slow_s)

    async def _open(self, number: int, done: Callable[[], None], wait_s: float = 0.0) -> None:
        one = self.all[number]
        address = source_address(number, self.host)
        local = None if address is None else (address, 0)
        try:
            await asyncio.sleep(wait_s)
            tls = None if self.papers is None else self.papers.context(one.sayings.name)
            await asyncio.get_running_loop().create_connection(
                lambda: one, self.host, self.port, local_addr=local, ssl=tls
            )
        except OSError as error:
            self._lost(one, type(error).__name__)
        finally:
            done()

    def _lost(self, one: RawKiosk, why: str) -> None:
        self.tally.losses[why] += 1
        if self._leaving:
            return
        number = int(one.sayings.name.rpartition("-")[2]) - 1
        self.all[number] = self._kiosk(one.sayings)
        self._go(self._open(number, lambda: None, self._away_s(number, one)))

    def _away_s(self, number: int, one: RawKiosk) -> float:
        """As the agent does: a fleet that comes back together is an attack."""
        backoff = self._backoffs.setdefault(number, Backoff(self._dice))
        lived_s = None if one.since is None else time.monotonic() - one.since
        return backoff.after(lived_s)

    def _go(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until(self, true: Callable[[], bool]) -> None:
        while not true():  # noqa: ASYNC110 - ten thousand events would say what one look says
            await asyncio.sleep(0.02)


async def play(
    load: Load, rate: float, seconds: float, say: Callable[[str], None]
) -> dict[str, Any]:
    """Connect, send, settle, leave; the report as for the JSON file."""
    connect_s = await load.connect()
    say(f"ready: {load.tally.connected} connected in {connect_s:.1f} s, run {load.run}")
    await load.settle()
    before, cpu = load.tally.readings, time.process_time()
    took = await load.send(rate, seconds)
    cpu = time.process_time() - cpu
    settled = await load.settle()
    report = {
        "kiosks": load.kiosks,
        "run": load.run,
        "connect_s": round(connect_s, 3),
        "seconds": round(took, 3),
        "rate": round((load.tally.readings - before) / took, 1) if took else 0.0,
        "settled": settled,
        "cpu_s": round(cpu, 3),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        **load.tally.summary(),
    }
    await load.leave()
    return report


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    if (args.tls_ca is None) != (args.identities is None):
        _say("load: --tls-ca and --identities belong together")
        return 2
    host, _, port = args.broker.rpartition(":")
    if not host or not port.isdecimal():
        _say(f"load: {args.broker!r} is not host:port")
        return 2
    load = Load(
        host.strip("[]"),
        int(port),
        args.kiosks,
        keepalive_s=args.keepalive,
        connect_rate=args.connect_rate,
        run=args.run or token_hex(4),
        policy=args.policy,
        manners=Manners(args.silent, args.slow, args.failing, args.slow_s),
        papers=Papers(args.tls_ca, args.identities) if args.tls_ca else None,
    )
    try:
        report = asyncio.run(play(load, args.rate, args.seconds, _say))
    except (TimeoutError, TooManySockets) as error:
        _say(f"load: {error or 'not all could connect'}; {dict(load.tally.losses)}")
        return 1
    if args.threads:
        report["threads"] = load.threads()
    text = json.dumps(report, indent=1)
    if args.json is not None:
        args.json.write_text(text + "\n", encoding="utf-8")
    _say(text if args.json is None else f"load: {report['rate']} readings a second")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan load", description=__doc__)
    parser.add_argument("--broker", required=True, help="host:port")
    parser.add_argument("--kiosks", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=100.0, help="readings a second, all together")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--connect-rate", type=float, default=1000.0)
    parser.add_argument("--keepalive", type=int, default=60)
    parser.add_argument("--run", default="", help="names the kiosks' memory (epoch)")
    parser.add_argument("--policy", type=int, default=0, help="its version: they take orders")
    parser.add_argument("--silent", type=float, default=0.0, help="share that never answers orders")
    parser.add_argument("--slow", type=float, default=0.0, help="share that takes its time")
    parser.add_argument("--failing", type=float, default=0.0, help="share that fails")
    parser.add_argument("--slow-s", type=float, default=5.0)
    parser.add_argument("--tls-ca", type=Path, help="whom the broker's certificate is checked by")
    parser.add_argument("--identities", type=Path, help="folder with <kiosk>.crt and <kiosk>.key")
    parser.add_argument("--json", type=Path, help="write the report here")
    parser.add_argument("--threads", action="store_true", help="report epoch, birth, seq of each")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is a command


if __name__ == "__main__":
    sys.exit(main())
