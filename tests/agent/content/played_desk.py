"""A desk over real commands and a real outbox; the clock and the child are the test's."""

import random
from pathlib import Path

from agent.content import status, told
from agent.content.desk import Desk, Installer
from agent.content.reports import Report, Reports
from agent.content.standing import Standing
from agent.content.status import Installing, Status
from agent.content.taken import Taker
from agent.outbox import KeptInstall
from tests.agent.commands.played import KIOSK, Played
from wire.messages import Settled
from wire.wants import Want


class Child:
    """What the desk has started: it ends when the test says so."""

    def __init__(self, line: bytes) -> None:
        self.told = told.read(line)
        self.code: int | None = None
        self.asked = 0

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.asked += 1

    def kill(self) -> None:
        self.code = -9


class Kiosk:
    """`release`: of the agent itself. `places`: for children; `broken`: none can be started."""

    def __init__(self, folder: Path, release: int = 0) -> None:
        self.folder, self.release = folder, release
        self.content = folder / "content"
        self.content.mkdir()
        self.reports = Reports(self.content / "reports")
        self.played = Played(folder)
        self.played.begin()
        self.played.lay_policy()
        self.played.born()
        self.restarts = self.wakes = self.line_wakes = self.number = 0
        self.children: list[Child] = []
        self.places = 1
        self.broken = False
        self.begin()

    def begin(self) -> None:
        self.desk = Desk(
            self.content,
            Standing(self.folder / "slots").in_use,
            self.played.commands,
            Taker(self.content / "reports", self.played.outbox, self.played.store),
            Installer(self._start, self._restart, self._wake, self.release),
            wake_line=self._wake_line,
            monotonic=lambda: self.played.now,
            rng=random.Random(1),
        )

    def again(self) -> None:
        """Another process of the agent."""
        self.desk.stop()
        self.played.again()
        self.begin()

    def wants(self, *wants: Want, url: str = "") -> None:
        """The office's word to the present birth."""
        nonce, now = self.played.standing.nonce, self.played.office_now
        said = self.played.ceremony.desired(KIOSK, nonce, *wants, now=now, url=url)
        self.desk.heard(said)

    def passes(self, seconds: float) -> None:
        self.played.now += seconds
        self.desk.tick()

    def runs(self) -> Child:
        """The child that runs next, by itself."""
        before = len(self.children)
        self.passes(max(self.desk.due() - self.played.now, 0.0))
        assert len(self.children) == before + 1
        return self.children[-1]

    def ends(self, code: int, again_s: float | None = None, **said: object) -> float:
        """The child says its last word and ends; the seconds until it is started again."""
        status.write(self.content / "status.json", Status(again_s=again_s, **said))  # type: ignore[arg-type]
        self.children[-1].code = code
        self.desk.tick()
        return self.desk.due() - self.played.now

    def says(self, state: str, done: int = 0) -> None:
        one = Installing(bundle="layanan", seq=2, attempt=1, state=state, done=done, total=100)
        status.write(self.content / "status.json", Status(installs=[one]))

    def news(self) -> list[tuple[int, str]]:
        found = []
        while (way := self.desk.take_news()) is not None:
            found.append((way.release, way.state))
        return found

    @property
    def facts(self) -> list[tuple[int, str]]:
        kept = self.played.outbox.after(0, 100)
        return [(one.report.seq, one.report.state) for one in kept if isinstance(one, KeptInstall)]

    def reported(self, want: Want, state: Settled) -> None:
        self.number += 1
        report = Report(
            bundle=want.bundle, seq=want.seq, attempt=want.attempt, state=state, now=1, began=1,
            ended=2,
        )  # fmt: skip
        self.reports.write(self.number, report)
        self.desk.tick()

    def _start(self, line: bytes) -> Child | None:
        if self.broken:
            raise OSError("no memory")
        if not self.places:
            return None
        self.children.append(Child(line))
        return self.children[-1]

    def _restart(self) -> None:
        self.restarts += 1

    def _wake(self) -> None:
        self.wakes += 1

    def _wake_line(self) -> None:
        self.line_wakes += 1
