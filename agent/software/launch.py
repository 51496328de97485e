"""Starts a program of the kiosk in the release that is current: what systemd runs.

    python -I -m agent.software.launch PROGRAMS agent --config /etc/anjungan/agent.toml

PROGRAMS is the folder of releases of software. Becomes the program by exec, so nothing of this
stays in memory. Whatever is wrong with a release, what was installed by hand runs instead: a kiosk
is never without an agent because of one. Standard library only, and it must stay small: this is
the one program that no release replaces.
"""

import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from agent.software import environment, trial
from agent.software.environment import Unfit
from agent.software.trial import CURRENT, FACTORY, Moment

MODULES: Final = ("agent", "portal")
RELEASE: Final = "ANJUNGAN_RELEASE"
USAGE: Final = "usage: python -m agent.software.launch PROGRAMS agent|portal [WORDS ...]\n"
_SLOT: Final = re.compile(r"slots/([0-9]{1,10})", re.ASCII)


class Chosen(NamedTuple):
    """`seq` is FACTORY for what was installed by hand."""

    python: str
    seq: int


def main(words: Sequence[str]) -> int:
    if len(words) < 2 or words[1] not in MODULES:
        sys.stderr.write(USAGE)
        return 2
    return run(Path(words[0]), words[1], words[2:])


def run(programs: Path, module: str, words: Sequence[str]) -> NoReturn:
    """Becomes the program, which finds the number of its release in its environment."""
    python, seq = chosen(programs / module, module, now())
    argv = [python, "-I", "-OO", "-m", module, *words]
    os.execve(python, argv, {**os.environ, RELEASE: str(seq)})  # noqa: S606 - our own words, and no shell is wanted


def chosen(folder: Path, module: str, moment: Moment) -> Chosen:
    """What to start: the current release, or what was installed by hand.

    The portal's account may only read there: its trial is judged by the agent alone.
    """
    try:
        if os.access(folder, os.W_OK):
            trial.start(folder, moment)
        seq = current(folder)
        if seq != FACTORY:
            return Chosen(_interpreter(folder, module, seq), seq)
    except (OSError, Unfit) as error:
        sys.stderr.write(f"{module}: the release is left alone: {error}\n")
    return Chosen(sys.executable, FACTORY)


def running() -> int:
    """The number of the release this process was started from, FACTORY for none."""
    found = os.environ.get(RELEASE, "")
    return int(found) if found.isascii() and found.isdigit() else FACTORY


def _interpreter(folder: Path, module: str, seq: int) -> str:
    try:
        environment.check(folder / "slots" / str(seq), module)
    except Unfit as unfit:
        found = trial.read(folder)
        if found is not None and found.seq == seq:
            trial.back(folder, found, "no_start", str(unfit))
        raise
    return str(environment.interpreter(folder, seq))


def current(folder: Path) -> int:
    """Number of the release that is in use, FACTORY for none."""
    try:
        found = _SLOT.fullmatch(str((folder / CURRENT).readlink()))
    except OSError:
        return FACTORY
    return int(found[1]) if found else FACTORY


def now() -> Moment:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        boot = ""
    return Moment(boot, time.clock_gettime(time.CLOCK_BOOTTIME))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
