"""The agent of one kiosk: `python -m agent --config agent.toml`, with --check only to read that.

The composition root: reads the configuration, makes the probes and the kiosk, and then only waits
for a signal or a command to start anew, feeding systemd's watchdog as long as every loop has
ticked. Never imports an action: those run in processes of their own.
"""

import logging
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple, NoReturn

from agent.lean import without

# Before any thread starts: ours are shallow, and eight megabytes each are reserved by default.
threading.stack_size(256 * 1024)

# A kiosk's installation has no typing_extensions, a developer's has: 1.3 MiB, optional to msgspec.
with without("typing_extensions"):
    from agent.config import BadConfig, Config, load
    from agent.content.desk import Installer
    from agent.identity.child import Child
    from agent.identity.chore import Chore
    from agent.identity.slots import Slots
    from agent.kiosk import Kiosk
    from agent.notify import Notify
    from agent.store import StateTaken, StorageFailing
    from agent.table import make
    from agent.wiping import is_cut, marked

USAGE: Final = """\
usage: anjungan agent --config agent.toml [--check]

The agent of one kiosk. With --check it only checks the configuration.
"""
MUST_ACT: Final = 2  # the one who started us must act
START_AGAIN: Final = 1  # systemd must start us again
WIPED: Final = 3  # the rest of what is kept here goes now
LOOK: Final = -1  # no code: somebody wants the kiosk to look, now
LOOK_EVERY_S: Final = 30.0
RELEASE: Final = "ANJUNGAN_RELEASE"  # in the environment: which release of the agent this is
# Not an Event: a handler that sets one may wait for ever for the lock its own thread holds.
Told = SimpleQueue[int]
_log = logging.getLogger("anjungan.agent")


class Given(NamedTuple):
    """The words of the command line."""

    config: Path
    check: bool


def main(arguments: list[str] | None = None) -> int:
    """Runs until SIGTERM or SIGINT. The exit code says who must act."""
    words = sys.argv[1:] if arguments is None else arguments
    if {"-h", "--help"} & set(words):
        sys.stdout.write(USAGE)
        return 0
    given = _given(words)
    if given is None:
        sys.stderr.write(USAGE)
        return MUST_ACT
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        config = load(given.config)
        probes = make(config.options())
        if given.check:
            return 0
        if _is_cut_wipe(config):
            _finish_wipe(given.config)
        chore = _chore(config, given.config)
        told: Told = SimpleQueue()
        kiosk = Kiosk(
            config,
            probes,
            boot_id=_boot_id(),
            trouble=lambda: chore.trouble,
            start_action=lambda: _action(given.config),
            restart=lambda: told.put(START_AGAIN),
            installer=_installer(given.config, told),
            bring=lambda words: _bringer(given.config, words),
            wake=lambda: told.put(LOOK),
            set_level=lambda level: logging.getLogger("anjungan").setLevel(level.upper()),
        )
    except (BadConfig, StateTaken, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return MUST_ACT
    except StorageFailing as failing:
        sys.stderr.write(f"the disk failed just now: {failing}\n")
        return START_AGAIN
    code = run(kiosk, Notify(os.environ), told, chore if config.door else None)
    if code == WIPED:
        _finish_wipe(given.config)
    return code


def _given(arguments: list[str]) -> Given | None:
    """None when they cannot be understood. By hand: argparse costs 0.8 MiB of memory."""
    rest = [word for word in arguments if word != "--check"]
    if len(rest) == 1:
        rest = rest[0].split("=", 1)
    if len(rest) != 2 or rest[0] != "--config":
        return None
    return Given(Path(rest[1]), check="--check" in arguments)


def _chore(config: Config, path: Path) -> Chore:
    return Chore(
        Slots(Path(config.state_dir)),
        lambda: Child(("-m", "agent.identity.renew", "--config", str(path))),
        monotonic=time.monotonic,
        wall_ms=lambda: time.time_ns() // 1_000_000,
        rng=random.Random(),  # noqa: S311 - jitter, not secrets
    )


def _action(config: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "agent.actions", "--config", str(config))


def _installer(config: Path, told: Told) -> Installer:
    words = ("-m", "agent.content", "--config", str(config))
    release = os.environ.get(RELEASE, "")
    return Installer(
        lambda said: Child(words, said),
        lambda: told.put(START_AGAIN),
        lambda: told.put(LOOK),
        int(release) if release.isascii() and release.isdigit() else 0,
    )


def _bringer(config: Path, words: tuple[str, ...]) -> Child:
    return Child(("-m", "agent.submissions", "--config", str(config), *words))


def _is_cut_wipe(config: Config) -> bool:
    """Then nobody would hear us any more: what is left goes at once."""
    broker = config.broker
    papers = [paper for paper in (broker.ca, broker.cert, broker.key) if paper]
    return is_cut(marked(Path(config.state_dir)), papers)


def _finish_wipe(path: Path) -> NoReturn:
    """Becomes what takes the rest: nothing of ours may be open meanwhile."""
    rest = (*_action(path), "--finish-wipe")
    os.execv(rest[0], rest)  # noqa: S606 - our own words, and no shell is wanted


def run(kiosk: Kiosk, notify: Notify, told: Told, chore: Chore | None = None) -> int:
    """Until `told` an exit code, which it returns."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.put(0))
    if kiosk.store.mishap:
        _log.warning("%s", kiosk.store.mishap)
    kiosk.start()
    notify("READY=1")
    every_s = LOOK_EVERY_S if notify.watchdog_s is None else notify.watchdog_s / 2
    while (code := _told(told, min(every_s, kiosk.due - time.monotonic()))) is None:
        if kiosk.store.damaged:
            _log.error("the state file broke while in use: starting again puts it aside")
            code = START_AGAIN
            break
        if kiosk.healthy:
            notify("WATCHDOG=1")
        kiosk.look()
        if kiosk.wiped:
            code = WIPED
            break
        line = kiosk.line
        if chore and chore.tick(up=line.up, mistrusted=line.mistrusted, calm=line.calm):
            line.anew()
    if chore:
        chore.stop()
    notify("STOPPING=1")
    kiosk.stop()
    return code


def _told(told: Told, within_s: float) -> int | None:
    try:
        code = told.get(timeout=max(within_s, 0.0))
    except Empty:
        return None
    return None if code == LOOK else code


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
