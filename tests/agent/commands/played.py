"""One kiosk's commands on a folder, without a network: the office, the clocks and the power played.

An action is a program of the test's own; `begin` to `end` is one life of the agent.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent import disk
from agent.commands.commands import Commands, Outside
from agent.identity.slots import About, Slots
from agent.outbox import KeptResult, Outbox
from agent.session import Standing, Under
from agent.store import Store
from tests.support.signing import Ceremony
from wire.door import BrokerPlace
from wire.envelope import Envelope
from wire.messages import Orders
from wire.policy import Policy

KIOSK = "bdg-andir-01"
OFFICE_AT_0 = 1_700_000_000_000  # what the office's clock says when the machine starts
# Says what it is told on its first argument, then does what the rest of the words say.
ACTION = """
import json, os, sys, time
told = json.loads(sys.stdin.readline())
with open(sys.argv[1], "a") as file:
    file.write(json.dumps(told) + "\\n")
say = lambda **words: print(json.dumps(words), flush=True)
done = lambda state="succeeded", **more: say(outcome={"state": state, **more})
"""


class Played:
    """`now` is CLOCK_BOOTTIME in seconds; the office's clock runs with it."""

    def __init__(
        self,
        folder: Path,
        ceremony: Ceremony | None = None,
        connects: Callable[[Path], Store] = Store,
    ) -> None:
        self.folder, self.connects = folder, connects
        self.ceremony = ceremony or Ceremony("siti", "budi")
        self.now, self.boot, self.office_ms = 100.0, "boot-1", OFFICE_AT_0
        self.wall_ms = 0  # a dead clock
        self.program = "done()"
        self.restarts: list[float] = []
        self.levels: list[str] = []
        self.numbers = 2_000
        self.off: list[str] = []
        self.standing = Standing()
        self.has_processes = True
        self.argv: tuple[str, ...] = ()  # another program than ours
        self.more: tuple[str, ...] = ()  # words for ours

    def lay_policy(self, policy: Policy | None = None, join: str = "1" * 64) -> None:
        """As `anjungan join` would."""
        lay_policy(self.folder, self.ceremony, policy, join)

    def begin(self) -> "Played":
        """The agent starts, and is connected."""
        self.store = self.connects(self.folder / "agent.db")
        self.outbox = Outbox(self.store)
        self.commands = Commands(
            KIOSK,
            self.store,
            self.outbox,
            state_dir=self.folder,
            boot_id=self.boot,
            outside=self.outside(),
            off=self.off,
        )
        self.born()
        return self

    def outside(self) -> Outside:
        return Outside(
            argv=self._argv if self.has_processes else None,
            restart=lambda: self.restarts.append(self.now),
            set_level=self.levels.append,
            boottime=lambda: self.now,
            wall_ms=lambda: self.wall_ms,
        )

    def born(self) -> Standing:
        self.standing = self.commands.born()
        return self.standing

    def end(self) -> None:
        """The agent stops, or its power is cut: nothing is asked of it."""
        self.commands.stop()
        self.store.close()

    def again(self) -> "Played":
        """Another process of the agent, on the same machine."""
        self.end()
        return self.begin()

    def reboot(self, away_s: float = 60.0) -> "Played":
        self.end()
        self.boot += "'"
        self.office_ms += int(away_s * 1000 + self.now * 1000)
        self.now = 1.0
        return self.begin()

    @property
    def office_now(self) -> int:
        return self.office_ms + int(self.now * 1000)

    def envelope(self, kind: str = "noop", *args: object, **more: object) -> Envelope:
        """A command with the next number, open for an hour."""
        self.numbers += 1
        given = {"number": self.numbers, "expires": self.office_now + 3_600_000} | more
        return self.ceremony.envelope(KIOSK, kind, *args, **given)  # type: ignore[arg-type]

    def orders(self, *envelopes: Envelope, **more: object) -> Orders:
        given = {"now": self.office_now} | more
        nonce = self.standing.nonce
        return self.ceremony.orders(KIOSK, nonce, *envelopes, **given)  # type: ignore[arg-type]

    def hear(self, *envelopes: Envelope, **more: object) -> None:
        self.commands.heard(self.orders(*envelopes, **more))

    def do(self, *envelopes: Envelope, **more: object) -> None:
        """Heard, and done as far as it can be now."""
        self.hear(*envelopes, **more)
        self.commands.run_pending()

    @property
    def results(self) -> list[tuple[str, str, str]]:
        """(command, state, code) of every result kept, in order."""
        kept = [fact.ended for fact in self.outbox.after(0, 9_999) if isinstance(fact, KeptResult)]
        return [(one.command, one.state, one.code) for one in kept]

    def ends(self) -> list[tuple[str, str]]:
        return [(state, code) for _, state, code in self.results]

    def why(self) -> str:
        facts = [fact for fact in self.outbox.after(0, 9_999) if isinstance(fact, KeptResult)]
        return facts[-1].ended.why

    def news(self) -> list[Under]:
        found = []
        while (under := self.commands.take_news()) is not None:
            found.append(under)
        return found

    @property
    def asked(self) -> list[str]:
        """What the processes were told, one JSON line each."""
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def _argv(self) -> tuple[str, ...]:
        program = (sys.executable, "-S", "-c", ACTION + self.program)
        return self.argv or (*program, str(self.folder / "asked"), *self.more)


def lay_policy(
    folder: Path, ceremony: Ceremony, policy: Policy | None = None, join: str = "1" * 64
) -> None:
    serial = join[:8]
    slot = folder / "identity" / serial
    slot.mkdir(parents=True, exist_ok=True)
    about = About(KIOSK, serial, "https://127.0.0.1:1", BrokerPlace("127.0.0.1", 1), 0, 1, join)
    (slot / "about.json").write_bytes(msgspec.json.encode(about))
    for name in ("key.pem", "cert.pem", "server-ca.pem"):
        (slot / name).write_text("-")
    (slot / "policy.json").write_bytes(msgspec.json.encode(ceremony.signed_policy(policy)))
    disk.switch(Slots(folder).link, serial)
