"""Take everything of the citizens and of the office off this kiosk, in an order that can be cut.

First the citizens' data (portal, browser, what lies in folders of [actions.wipe]), then what is in
the agent's own folder but is not needed to speak. The identity and the agent's memory stay until
the office has acknowledged the result: `finish`, which the agent has run when that is so, takes
them as the last. A marker on the disk says from the first moment what is going on, so that whoever
starts finds it and goes on. Runs only for the kiosk it names.
"""

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent import disk
from agent.actions import programs
from agent.actions.base import Context, Failed, Outcome, done
from agent.config import Config
from agent.identity.slots import Slots
from agent.wiping import MARKER, Wiping, marked
from wire.actions import Wipe

if TYPE_CHECKING:
    from agent.probes.base import Facts

NEEDED: Final = ("identity", "agent.db", "agent.db-wal", "agent.db-shm", MARKER)
"""What is left for the result to reach the office."""

PROGRAM_WITHIN_S: Final = 90.0


def do(context: Context) -> Outcome:
    if not context.args(Wipe).kiosk == context.kiosk == _identity(context):
        raise Failed("other_kiosk", "the command names another kiosk than this one")
    folders = [Path(name) for name in context.words("folders")]
    _must_be_safe(context, folders)
    with context.stop.too_late("the wipe has begun"):
        _mark(context, data_gone=False)
        if words := context.words("run"):
            context.progress(20, "the citizens' data")
            programs.must_run(words, context.stop, PROGRAM_WITHIN_S)
        gone = sum(_empty(folder) for folder in folders)
        context.progress(70, "the agent's folder")
        gone += _empty(context.state_dir, NEEDED)
        left = sum(len(_inside(folder)) for folder in folders)
        facts: Facts = {"removed": gone, "left": left, "identity": "goes when this is acknowledged"}
        if left:
            raise Failed("not_empty", "something could not be removed", facts)
        _mark(context, data_gone=True)
    return done(facts)


def finish(config: Config) -> bool:
    """Takes identity and memory away, the marker last. Nothing happens without a whole marker.

    To be called when the office has acknowledged the result and nobody uses the memory any more.
    """
    state_dir = Path(config.state_dir)
    marker = marked(state_dir)
    if marker is None or marker.kiosk != config.kiosk or not marker.data_gone:
        return False
    _empty(state_dir / "identity")
    _empty(state_dir, (MARKER,))
    disk.sync_folder(state_dir)
    (state_dir / MARKER).unlink(missing_ok=True)
    disk.sync_folder(state_dir)
    return True


def _identity(context: Context) -> str:
    """As whom the office knows us; without an identity, as whom we are configured."""
    slot = Slots(context.state_dir).current()
    return slot.about.kiosk if slot else context.kiosk


def _mark(context: Context, *, data_gone: bool) -> None:
    made = Wiping(context.kiosk, context.asked.command, data_gone)
    disk.write(context.state_dir / MARKER, msgspec.json.encode(made), 0o600)


def _must_be_safe(context: Context, folders: list[Path]) -> None:
    """A slip in agent.toml must not empty a system. Raises Failed."""
    for folder in folders:
        whole = folder.resolve()
        if not folder.is_absolute() or len(whole.parts) < 3:
            raise Failed("settings", f"[actions.wipe] folders: {folder} is too much")
        if context.state_dir.resolve().is_relative_to(whole):
            raise Failed("settings", f"[actions.wipe] folders: {folder} holds the agent's own")


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _empty(folder: Path, but: tuple[str, ...] = ()) -> int:
    """How many entries were removed. Links are removed, never followed."""
    count = 0
    for path in _inside(folder):
        if path.name in but:
            continue
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
            count += 1
    if count:
        disk.sync_folder(folder)
    return count
