"""A kiosk that is told one command and may be ended anywhere on the way: for the sweep.

Real is all that the agent has of commands, down to the process of the action, and the signed
orders; played are the device (an effect is a line in a file that no cut of the power touches) and
the office, which says the same again after every start.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from agent.commands import policies
from agent.commands.commands import Commands, Outside
from agent.commands.ledger import Ledger
from agent.journal import Journal
from agent.outbox import KeptResult, Outbox
from agent.store import Connect, Store, connect
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support import sweep
from tests.support.signing import Ceremony
from wire.actions import KINDS
from wire.envelope import Envelope

KIOSK: Final = "anjungan-andir"
ARGS: Final[dict[str, dict[str, Any]]] = {
    "set_volume": {"percent": 40},
    "set_brightness": {"percent": 40},
    "screen": {"on": True},
    "maintenance": {"on": True},
    "set_log_level": {"level": "debug"},
    "wipe": {"kiosk": KIOSK},
}
AGREED: Final[dict[str, dict[str, int]]] = {
    "routine": {},
    "sensitive": {"ani": 1},
    "destructive": {"ani": 1, "budi": 2},
}
_MEMORY: Final = Path("/dev/shm")
NOW: Final = 10_000_000
CEREMONY: Final = Ceremony("ani", "budi")
POLICY: Final = msgspec.json.encode(policies.Kept("", CEREMONY.signed_policy())).decode()
# An action as docs/protocol.md of the agent's child has it: {effects} says what it has done.
SCRIPT: Final = """
IFS= read -r told
case "$told" in
*'"mode":"undo"'*) echo undo >> "$0" ;;
*)
    if [ "$1" = undoable ]; then
        echo '{"undo":"before"}'
        IFS= read -r ok && [ "$ok" = ok ] || exit 1
    fi
    echo '{"progress":{"percent":50,"note":""}}'
    echo do >> "$0" ;;
esac
echo '{"outcome":{"state":"succeeded","code":"","why":"","facts":{},"attachment":null}}'
"""


class Told(NamedTuple):
    """What is left after a life: results not yet acknowledged, what was done, what is open."""

    ends: Sequence[str]
    effects: Sequence[str]
    open: int
    highest: int


class Machine:
    """`folder` may lose its power; `effects` never does."""

    def __init__(self, folder: Path, effects: Path, kind: str, connect: Connect = connect) -> None:
        self.folder, self.effects, self.kind, self.connect = folder, effects, kind, connect
        self.envelope = CEREMONY.envelope(
            KIOSK,
            kind,
            ARGS.get(kind, {}),
            number=NOW,
            expires=10 * NOW,
            approvals=AGREED[KINDS[kind].power],
        )

    @property
    def done(self) -> list[str]:
        return self.effects.read_text().split() if self.effects.exists() else []

    def live(self, boot: str, ready: Callable[[], None] = lambda: None) -> None:
        """One life of the agent: told the command, it does it, tells its end and is heard.

        `boot` names the start of the machine. `ready` is called before it looks at commands.
        """
        kiosk = _Kiosk(self, boot, ready)
        kiosk.hear(self.envelope)
        kiosk.acknowledge()

    def live_on(self, boot: str) -> tuple[Told, Told]:
        """The life after: what is left then, and after the office has heard it and asked again."""
        kiosk = _Kiosk(self, boot, lambda: None)
        kiosk.hear(self.envelope)
        first = kiosk.told()
        kiosk.acknowledge()
        kiosk.hear(self.envelope)
        return first, kiosk.told()


class _Kiosk:
    """One life, from its start on."""

    def __init__(self, machine: Machine, life: str, ready: Callable[[], None]) -> None:
        self._machine = machine
        store = Store(machine.folder / "agent.db", machine.connect)
        assert store.durable, store.mishap
        assert not store.mishap, store.mishap
        self._store, self._outbox = store, Outbox(store)
        Journal(store).put(policies.KEY, POLICY)
        ready()
        again = KINDS[machine.kind].again
        argv = ["/bin/sh", "-c", SCRIPT, str(machine.effects), again]
        self._commands = Commands(
            KIOSK,
            store,
            self._outbox,
            state_dir=machine.folder,
            boot_id=life,
            outside=Outside(argv=lambda: argv, restart=lambda: None),
        )

    def hear(self, envelope: Envelope) -> None:
        """A birth, the office's answer to it, and all that is to be done for that."""
        nonce = self._commands.born().nonce
        self._commands.heard(CEREMONY.orders(KIOSK, nonce, envelope, now=NOW))
        self._commands.run_pending()

    def told(self) -> Told:
        facts = self._outbox.after(0, 100)
        ends = [one.ended.state for one in facts if isinstance(one, KeptResult)]
        ledger = Ledger(self._store)
        return Told(ends, self._machine.done, len(ledger.open_rows()), ledger.highest)

    def acknowledge(self) -> None:
        self._outbox.forget(self._outbox.newest)


@contextlib.contextmanager
def disk_of_its_own(size: int = 8) -> Iterator[PowerDisk | NoPower]:
    """One whose power can be cut, where we may mount; in memory, so that it waits for no other.

    What lies beside its folder is safe.
    """
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        disk = PowerDisk(Path(folder), size) if os.geteuid() == 0 else NoPower(Path(folder))
        try:
            yield disk
        finally:
            disk.close()


class Verdict(NamedTuple):
    """What a point has shown: the end the office hears."""

    call: str
    end: str


def judged(machine: Machine, call: str, first: Told, again: Told) -> Verdict:
    """The promises, whatever was ended where. AssertionError names the one that was broken."""
    kind = KINDS[machine.kind]
    assert first.open == again.open == 0, f"{call}: it runs for ever"
    assert len(first.ends) == 1, f"{call}: {len(first.ends)} results"
    end = first.ends[0]
    # Asked twice within seconds it answers once.
    assert again.ends in ([end], []), f"{call}: {end} became {again.ends}"
    assert first.highest == again.highest == NOW, f"{call}: its number was forgotten"
    did = first.effects
    assert again.effects == did, f"{call}: said again, done again"
    if kind.again == "at_most_once":
        assert did.count("do") <= 1, f"{call}: done {did}"
        assert end in ("succeeded", "unknown"), f"{call}: {end}"
    elif kind.again == "repeatable":
        assert end == "succeeded", f"{call}: {end}"
    else:
        assert did.count("do") <= 1, f"{call}: done {did}"
        assert end in ("succeeded", "failed"), f"{call}: {end}"
        assert end == "succeeded" or did[-1:] in ([], ["undo"]), f"{call}: not taken back"
        assert end == "failed" or "undo" not in did, f"{call}: taken back, and called done"
    if end == "succeeded" and machine.kind not in SEEN_IN_THE_NEXT_LIFE + INSIDE:
        assert "do" in did, f"{call}: called done, and nothing was"
    return Verdict(call, end)


SEEN_IN_THE_NEXT_LIFE: Final = ("reboot", "restart_agent")
INSIDE: Final = ("noop", "set_log_level")
BEFORE: Final = "start-1"


def points(
    disk: PowerDisk | NoPower,
    kind: str,
    cut: str,
    *,
    step: int = 1,
    already: int = 0,
    connect: Connect = connect,
) -> Iterator[Verdict]:
    """Every `step`-th call of a life in which this kind is done, each ended there and judged.

    `cut`: kill or power. `already`: the life before was ended
    at this call, so that what is swept is the way back. The last one is not ended.
    """
    for at in range(1, 10_000, step):
        name = f"{kind}-{cut}-{already}-{at}"
        machine = Machine(disk.folder / name, disk.folder.parent / f"{name}.effects", kind, connect)
        machine.folder.mkdir()
        disk.sync()
        life = BEFORE
        if already:
            sweep.run(lambda arm, m=machine: m.live(BEFORE, arm), already)  # type: ignore[misc]
            life = _ended(machine, disk, cut, "2")
        one = sweep.run(lambda arm, m=machine, now=life: m.live(now, arm), at)  # type: ignore[misc]
        life = _ended(machine, disk, cut, "3")
        first, again = _life_after(machine, life)
        if first.open and kind in SEEN_IN_THE_NEXT_LIFE:  # set going only now
            first, again = _life_after(machine, _ended(machine, disk, cut, "4"))
        yield judged(machine, f"{name} {one.calls[-1]}", first, again)
        shutil.rmtree(machine.folder)
        if not one.killed:
            return
    raise AssertionError(f"{kind}: no end")


def _life_after(machine: Machine, life: str) -> tuple[Told, Told]:
    first, again = sweep.told(lambda: machine.live_on(life))
    return Told(*first), Told(*again)


def _ended(machine: Machine, disk: PowerDisk | NoPower, cut: str, name: str) -> str:
    """The next life: the machine has started anew when its power was cut, or it was told to."""
    if cut == "power":
        disk.cut_power()
    anew = cut == "power" or (machine.kind == "reboot" and "do" in machine.done)
    return f"start-{name}" if anew else BEFORE
