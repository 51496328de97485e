"""Executor and ledger, cut, lost, doubled and lied to wherever hypothesis likes."""

import json
import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from agent.outbox import KeptResult
from tests.agent.commands.failing import Disk
from tests.agent.commands.played import Played
from tests.support.signing import Ceremony
from wire.actions import KINDS
from wire.envelope import Envelope

CEREMONY = Ceremony()
ARGS: dict[str, dict[str, Any]] = {
    "noop": {},
    "set_log_level": {"level": "debug"},
    "restart_agent": {},
    "reboot": {},
    "test_print": {},
    "screenshot": {},
    "set_volume": {"percent": 5},
}
# A process that writes down what it was asked and says that it is done: quicker than a Python.
SHELL = """read -r told; echo "$told" >> "$0"; echo '{"outcome":{"state":"succeeded"}}'"""


class _Envelopes(dict[str, Envelope]):
    pass


class _States(dict[str, set[str]]):
    pass


class Life(RuleBasedStateMachine):
    """`states` is every end the office was ever told, by command."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(mkdtemp())
        self.disk = Disk()
        self.played = Played(self.folder, CEREMONY, self.disk.store)
        self.played.argv = ("/bin/sh", "-c", SHELL, str(self.folder / "asked"))
        self.played.lay_policy()
        self.played.begin()
        self.issued, self.open, self.states = _Envelopes(), _Envelopes(), _States()
        self.acked = self.highest = self.started = 0

    @rule(kind=st.sampled_from(list(ARGS)), wait_s=st.sampled_from([0, 0, 0, 40]))
    def ask(self, kind: str, wait_s: int) -> None:
        after = self.played.office_now + 1000 * wait_s if wait_s else 0
        one = self.played.envelope(kind, ARGS[kind], after=after)
        self.issued[one.command] = self.open[one.command] = one

    @precondition(lambda self: self.open)
    @rule(times=st.integers(1, 3), most=st.integers(1, 8))
    def deliver(self, times: int, most: int) -> None:
        for _ in range(times):
            self.played.hear(*list(self.open.values())[:most])

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 9))
    def cancel(self, which: int) -> None:
        command = list(self.open)[which % len(self.open)]
        self.open[command] = replace(self.open[command], cancel=True)

    @rule()
    def work(self) -> None:
        self.played.commands.run_pending()

    @rule()
    def act_and_cut_before_the_end_is_written(self) -> None:
        executor, rules = self.played.commands._executor, self.played.commands._rules()
        task = executor.next_task(rules)
        if task is not None:
            with (self.folder / "asked").open("a") as file:
                file.write(json.dumps({"command": task.row.id, "mode": task.mode}) + "\n")
        self.restart(reboot=True, away_s=1)

    @rule(reboot=st.booleans(), away_s=st.sampled_from([1, 30, 4000]))
    def restart(self, reboot: bool, away_s: int) -> None:  # noqa: FBT001
        self.disk.mood = "well"
        if reboot:
            self.played.reboot(away_s)
        else:
            self.played.again()

    @rule(mood=st.sampled_from(["well", "refuses", "lies"]))
    def disk_turns(self, mood: Any) -> None:
        self.disk.mood = mood

    @rule(passed=st.sampled_from([0.5, 20.0, 1000.0]), rtc=st.integers(0, 2**42))
    def wait(self, passed: float, rtc: int) -> None:
        self.played.now += passed
        self.played.wall_ms = rtc

    @rule()
    def office_hears(self) -> None:
        self._hear()
        self.played.outbox.forget(self.acked)

    @rule()
    def office_is_put_back(self) -> None:
        """It has forgotten every end, and asks again for all that may still be open."""
        self.open = _Envelopes(self.issued)

    def _hear(self) -> None:
        for fact in self.played.outbox.after(0, 9_999):
            assert isinstance(fact, KeptResult)
            self.states.setdefault(fact.ended.command, set()).add(fact.ended.state)
            self.open.pop(fact.ended.command, None)
            self.acked = fact.number
        highest = self.played.born().number
        assert highest >= self.highest
        self.highest = highest

    def teardown(self) -> None:
        if not hasattr(self, "played"):
            return
        self.disk.mood = "well"
        for _ in range(40):
            self.deliver(1, 8) if self.open else self.played.hear()
            self.work()
            self.played.outbox.flush()
            if self.played.restarts[self.started :]:
                self.started = len(self.played.restarts)
                self.restart(reboot=False, away_s=1)
            self.office_hears()
            self.played.now += 100
        self.played.end()
        self._judge()
        shutil.rmtree(self.folder)

    def _judge(self) -> None:
        assert self.open == {}
        assert set(self.states) == set(self.issued)
        assert {i: s for i, s in self.states.items() if len(s) != 1} == {}
        told = [json.loads(line) for line in self.played.asked]
        done = Counter(one["command"] for one in told if one["mode"] != "undo")
        for command, times in done.items():
            kind = json.loads(self.issued[command].order)["kind"]
            assert KINDS[kind].again == "repeatable" or times == 1
        ran = {i for i, s in self.states.items() if s & {"rejected", "expired"}}
        assert not ran & set(done)


TestLife = Life.TestCase
# As many lives as the suite has examples: each starts dozens of processes.
TestLife.settings = settings(stateful_step_count=30, deadline=None)
