"""The office's desk, one kiosk, and a line that loses, doubles and reorders.

Hypothesis asks, cancels, restarts either side, puts the office's books back, and lets time pass.
Whatever it does: no command has more than one effect; and when the line is good again every
command comes to an end, the same on both sides.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controller.commands.orders import Signer
from controller.commands.turns import cancel
from controller.dispatch import Outgoing
from controller.store.command_tables import command
from controller.store.engine import writing
from controller.store.migrate import migrate
from tests.support.office import Office
from tests.support.signing import Ceremony
from tests.support.taker import Bureau, Taker, heard
from wire.lifecycle import COMMAND, OPEN
from wire.messages import Up

KEYS = Ceremony("adi")
ENDS = {state for state in COMMAND.values() if state not in OPEN}


class Exchange(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / "office.db"
        migrate(f"sqlite:///{self.path}")
        self.open_books()
        self.bureau = Bureau(self.office.engine, KEYS)
        self.kiosk = Taker("kiosk-1", self.bureau.policy)
        self.up: list[Up] = []
        self.down: list[Outgoing] = []
        self.copy: Path | None = None

    def open_books(self, now: int = 0) -> None:
        names = () if now else ("kiosk-1",)
        self.office = Office(f"sqlite:///{self.path}", *names, signer=Signer(KEYS.office))
        self.office.now = now or self.office.now
        self.office.restart()

    def teardown(self) -> None:
        try:
            self.everything_comes_to_an_end()
        finally:
            self.office.engine.dispose()
            self._folder.cleanup()

    @initialize()
    def a_kiosk_connects(self) -> None:
        self.up = self.kiosk.born()

    @rule()
    def the_line_is_cut_and_the_kiosk_comes_back(self) -> None:
        self.up, self.down = self.kiosk.born(), []

    @rule(slow=st.booleans(), wait=st.sampled_from([0, 0, 30_000]))
    def somebody_asks(self, *, slow: bool, wait: int) -> None:
        self.kiosk.slow = slow
        now = self.office.now
        self.bureau.ask("kiosk-1", now=now, after=now + wait, lasts_ms=600_000)

    @rule(data=st.data())
    def somebody_cancels(self, data: st.DataObject) -> None:
        with writing(self.office.engine) as conn:
            number = data.draw(st.integers(1, 6))
            cancel(conn, command.c.id == number, "adi", self.office.now)

    @rule()
    def what_runs_ends(self) -> None:
        self.up += self.kiosk.finish()

    @rule(ms=st.sampled_from([1_000, 20_000, 120_000, 700_000]))
    def time_passes(self, ms: int) -> None:
        self.office.now += ms
        self.kiosk.now = self.office.now

    @rule()
    def the_desk_looks(self) -> None:
        self.down += self.office.look().mail

    @precondition(lambda self: self.up or self.down)
    @rule(data=st.data())
    def messages_are_lost(self, data: st.DataObject) -> None:
        line: list[Any] = self.up or self.down
        del line[data.draw(st.integers(0, len(line) - 1))]

    @precondition(lambda self: self.up)
    @rule(data=st.data(), again=st.booleans())
    def words_arrive(self, data: st.DataObject, *, again: bool) -> None:
        count = data.draw(st.integers(1, len(self.up)))
        self.hears(self.up[:count])
        if not again:
            del self.up[:count]

    @precondition(lambda self: self.down)
    @rule(data=st.data(), again=st.booleans())
    def orders_arrive(self, data: st.DataObject, *, again: bool) -> None:
        at = data.draw(st.integers(0, len(self.down) - 1))
        self.listens(self.down[at])
        if not again:
            del self.down[at]

    @rule()
    def the_office_restarts(self) -> None:
        self.office.restart()

    @rule()
    def a_copy_of_the_books_is_made(self) -> None:
        self.copy = self.path.with_name("copy.db")
        self.copy.unlink(missing_ok=True)
        with self.office.engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.path, self.copy)

    @precondition(lambda self: self.copy)
    @rule()
    def the_books_are_put_back(self) -> None:
        assert self.copy is not None
        self.office.engine.dispose()
        for one in self.path.parent.glob("office.db*"):
            one.unlink()
        shutil.copy(self.copy, self.path)
        self.open_books(self.office.now)
        self.bureau.engine = self.office.engine

    def hears(self, said: list[Up]) -> None:
        done = self.office.take(self.kiosk, *said)
        self.down += [*done.mail, *self.office.greet(done).mail]

    def listens(self, out: Outgoing) -> None:
        message = heard(out.topic, out.payload)
        asked = out.topic.endswith("/rebirth")
        self.up += self.kiosk.born() if asked else self.kiosk.hear(message)

    @invariant()
    def nothing_is_done_twice(self) -> None:
        assert not self.kiosk.effects or max(self.kiosk.effects.values()) == 1

    def everything_comes_to_an_end(self) -> None:
        """The line is good from now on, and time passes."""
        self.the_line_is_cut_and_the_kiosk_comes_back()
        self.kiosk.slow = False
        for _ in range(60):
            self.up += self.kiosk.finish()
            while self.up or self.down:
                said, self.up = self.up, []
                self.hears(said)
                mail, self.down = self.down, []
                for out in mail:
                    self.listens(out)
            self.the_desk_looks()
            self.time_passes(20_000)
        states = {row.command_id: row.state for row in self.bureau.rows()}
        assert set(states.values()) <= ENDS
        for name, how in self.kiosk.ledger.items():
            assert states.get(name, how) == how
        self.nothing_is_done_twice()
        assert self.kiosk.kept == {}


Exchange.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestExchange = Exchange.TestCase
