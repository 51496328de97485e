"""A new release of a program on trial: it must reach the office in time, or the old one runs again.

Owns two small files beside the program's slots: `trial.json` from the switch until it is confirmed
or over, and `back.json`, which says that and why the old one was put back. The way back is written
down before it is gone, so a power cut in its middle only means that it is gone once more. Standard
library only: this is read before anything else of ours can be trusted to start.
"""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from agent import disk

WINDOW_S: Final = 900.0
MOST_STARTS: Final = 5
TRIAL: Final = "trial.json"
BACK: Final = "back.json"
CURRENT: Final = "current"
FACTORY: Final = 0  # instead of a release: what was installed by hand


class Trial(NamedTuple):
    """`until_s` is CLOCK_BOOTTIME of the start of the machine that `boot` names."""

    seq: int
    before: int
    boot: str
    until_s: float
    window_s: float
    starts: int = 0


class Back(NamedTuple):
    """`seq` was taken back. `code`: `no_office` when it ran and did not reach it, `no_start`."""

    seq: int
    before: int
    code: str
    why: str


class Moment(NamedTuple):
    """`s` is CLOCK_BOOTTIME."""

    boot: str
    s: float


def begin(folder: Path, seq: int, before: int, now: Moment, window_s: float = WINDOW_S) -> None:
    """From now on `seq` is on trial. On the disk when this returns; the switch comes after it."""
    forget(folder)
    _write(folder / TRIAL, Trial(seq, before, now.boot, now.s + window_s, window_s)._asdict())


def read(folder: Path) -> Trial | None:
    """The trial that goes on, None without one. One that cannot be read is none."""
    found = _read(folder / TRIAL)
    try:
        return None if found is None else Trial(**found)
    except TypeError:
        return None


def taken_back(folder: Path) -> Back | None:
    """What was taken back last, until `forget`."""
    found = _read(folder / BACK)
    try:
        return None if found is None else Back(**found)
    except TypeError:
        return None


def confirm(folder: Path, seq: int) -> bool:
    """The office has heard the release that runs, `seq`: if it is the one on trial, it stays."""
    found = read(folder)
    if found is None or found.seq != seq:
        return False
    disk.remove(folder / TRIAL)
    return True


def forget(folder: Path) -> None:
    """What was taken back was heard of."""
    disk.remove(folder / BACK)


def is_over(trial: Trial, now: Moment) -> bool:
    """Whether its time is over, in this run of the machine."""
    return trial.boot == now.boot and now.s >= trial.until_s


def start(folder: Path, now: Moment) -> None:
    """The program is about to start: once more on trial, or back to the old one."""
    if (gone := taken_back(folder)) is not None and read(folder) is not None:
        _carry_out(folder, gone)  # the power was cut on the way back
        return
    trial = read(folder)
    if trial is None:
        return
    if trial.boot != now.boot:  # its clock began anew with the machine
        trial = trial._replace(boot=now.boot, until_s=now.s + trial.window_s)
    if trial.starts >= MOST_STARTS:
        back(folder, trial, "no_start", f"it was started {trial.starts} times and did not stay")
    elif is_over(trial, now):
        back(folder, trial, "no_office", f"it did not reach the office in {trial.window_s:.0f} s")
    else:
        _write(folder / TRIAL, trial._replace(starts=trial.starts + 1)._asdict())


def back(folder: Path, trial: Trial, code: str, why: str) -> None:
    """The old one is the current one again when this returns."""
    gone = Back(trial.seq, trial.before, code, why)
    _write(folder / BACK, gone._asdict())
    _carry_out(folder, gone)


def _carry_out(folder: Path, gone: Back) -> None:
    link = folder / CURRENT
    if gone.before == FACTORY:
        disk.remove(link)
    else:
        disk.switch(link, f"slots/{gone.before}")
    disk.remove(folder / TRIAL)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, content: dict[str, Any]) -> None:
    disk.write(path, json.dumps(content).encode())
