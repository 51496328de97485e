"""Kiosks of `up` that have no identity yet get one by the road every kiosk takes.

Owns who needs a code: whoever has no identity on its disk, whatever the office's books say. The
code is issued by the office's own rules and redeemed at the door by the kiosk's own program.
"""

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from broker_config.child import ChildFailed
from broker_config.stop import Stop
from controller.identity import invitations
from controller.identity.states import By
from controller.store.engine import writing
from provisioning.supervise import Stopped
from wire.invitation import Invitation

BY: Final = By("up")
SUFFIX: Final = ".token"


def without_identity(homes: Mapping[str, Path]) -> list[str]:
    """Kiosk -> its state folder; those that could not show a certificate."""
    return [name for name, home in homes.items() if not (home / "identity" / "current").exists()]


def invite(engine: Engine, names: Sequence[str], pin: bytes, now: int) -> dict[str, Invitation]:
    """`now` in milliseconds. Raises NoSuchKiosk, IllegalMove for a decommissioned one."""
    if not names:
        return {}
    with writing(engine) as conn:
        return invitations.issue_all(conn, names, pin, BY, now)


def write_codes(folder: Path, door: str, made: Mapping[str, Invitation]) -> None:
    """One file a kiosk, as `anjungan enrol --csv` writes them; old ones count no more and go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob(f"*{SUFFIX}"):
        old.unlink()
    for name, one in made.items():
        path = folder / f"{name}{SUFFIX}"
        path.touch(mode=0o600)
        path.write_text(f"anjungan join {door} {one.code}\n", encoding="ascii")


def run(
    argv: Sequence[str], log: Path, env: Mapping[str, str], stop: Stop, within_s: float
) -> None:
    """A program that ends by itself. Raises ChildFailed with its last words, Stopped when asked."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, start_new_session=True
        )
    deadline = time.monotonic() + within_s
    try:
        while process.poll() is None:
            if stop.wait(0.05):
                raise Stopped
            if time.monotonic() > deadline:
                raise ChildFailed(f"no end after {within_s:g} s: see {log}")
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").strip()
        raise ChildFailed(
            f"the first kiosk could not join: {said.splitlines()[0] if said else log}"
        )
