"""Reports become facts: each once, in their order, whatever is cut or refused in between."""

from pathlib import Path

import pytest

from agent.content.reports import Report, Reports
from agent.content.taken import Taker
from agent.outbox import KeptInstall, Outbox
from agent.store import MEMORY, Store
from tests.agent.commands.failing import Disk
from tests.agent.observations import seen


def report(seq: int, bundle: str = "layanan") -> Report:
    return Report(bundle=bundle, seq=seq, attempt=1, state="installed", now=seq, began=1, ended=2)


class Kiosk:
    """`begin` is a start of the agent on the same disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.disk = Disk()
        self.reports = Reports(folder / "reports")
        self.begin()

    def begin(self) -> None:
        self.store = self.disk.store(self.folder / "agent.db")
        self.outbox = Outbox(self.store)
        self.taker = Taker(self.folder / "reports", self.outbox, self.store)

    def again(self) -> None:
        self.store.close()
        self.begin()

    @property
    def facts(self) -> list[int]:
        """Which releases the facts kept are about."""
        kept = self.outbox.after(0, 100)
        return [one.report.seq for one in kept if isinstance(one, KeptInstall)]


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def test_reports_become_facts_in_their_order_and_their_files_go(kiosk: Kiosk) -> None:
    for number in (1, 2, 10):
        kiosk.reports.write(number, report(number))
    assert kiosk.taker.take()
    assert kiosk.facts == [1, 2, 10]
    assert kiosk.reports.numbers() == []
    assert kiosk.taker.number == 10
    assert not kiosk.taker.take()


def test_a_cut_after_the_fact_and_before_the_file_went_makes_no_second(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    kiosk.taker.take()
    kiosk.reports.write(1, report(1))  # it never went
    kiosk.again()
    assert not kiosk.taker.take()
    assert kiosk.facts == [1]
    assert kiosk.reports.numbers() == []


def test_while_the_disk_refuses_the_file_stays_and_is_no_second_fact(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    kiosk.disk.mood = "refuses"
    kiosk.taker.take()
    kiosk.taker.take()
    assert kiosk.reports.numbers() == [1]
    kiosk.disk.mood = "well"
    kiosk.outbox.flush()
    kiosk.taker.take()
    assert kiosk.facts == [1]
    assert kiosk.reports.numbers() == []


def test_a_restart_while_the_disk_refuses_loses_nothing(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    kiosk.disk.mood = "refuses"
    kiosk.taker.take()
    kiosk.disk.mood = "well"
    kiosk.again()
    kiosk.taker.take()
    assert kiosk.facts == [1]


def test_a_commit_that_lies_makes_no_second_fact(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    kiosk.disk.mood = "lies"
    kiosk.taker.take()
    kiosk.disk.mood = "well"
    kiosk.outbox.flush()
    kiosk.taker.take()
    assert kiosk.facts == [1]
    assert kiosk.taker.number == 1


def test_a_fact_that_had_no_room_in_memory_is_taken_again(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    kiosk.outbox = Outbox(kiosk.store, waiting=1)
    kiosk.taker = Taker(kiosk.folder / "reports", kiosk.outbox, kiosk.store)
    kiosk.disk.mood = "refuses"
    kiosk.taker.take()
    kiosk.outbox.put_installs([(report(9), lambda *_: None)])  # pushes the other out
    assert kiosk.outbox.lost == 1
    kiosk.disk.mood = "well"
    kiosk.outbox.flush()
    kiosk.taker.take()
    assert kiosk.facts == [9, 1]


def test_a_memory_that_was_lost_takes_what_still_lies_there(kiosk: Kiosk) -> None:
    kiosk.reports.write(7, report(7))
    kiosk.store.close()
    for path in kiosk.folder.glob("agent.db*"):
        path.unlink()
    kiosk.begin()
    assert kiosk.taker.take()
    assert kiosk.facts == [7]


def test_a_memory_without_a_disk_takes_nothing(tmp_path: Path) -> None:
    Reports(tmp_path / "reports").write(1, report(1))
    store = Store(Path(MEMORY))
    store.durable = False
    outbox = Outbox(store)
    assert not Taker(tmp_path / "reports", outbox, store).take()
    assert outbox.kept == 0


def test_a_damaged_report_is_put_aside_and_holds_up_nothing(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    (kiosk.folder / "reports" / "1.json").write_bytes(b"{")
    kiosk.reports.write(2, report(2))
    kiosk.taker.take()
    assert kiosk.facts == [2]
    assert [path.name for path in (kiosk.folder / "reports").iterdir()] == ["1.damaged"]


def test_the_last_of_each_bundle_is_told_once_more_when_asked(kiosk: Kiosk) -> None:
    kiosk.reports.write(1, report(1))
    kiosk.reports.write(2, report(5, "agent"))
    kiosk.reports.write(3, report(2))
    kiosk.taker.take()
    kiosk.again()
    assert kiosk.taker.again("layanan")
    assert not kiosk.taker.again("video")
    assert kiosk.facts == [1, 5, 2, 2]


def test_facts_of_all_kinds_are_in_one_order(kiosk: Kiosk) -> None:
    kiosk.outbox.put("ok", seen())
    kiosk.reports.write(1, report(1))
    kiosk.taker.take()
    kiosk.outbox.put("ok", seen())
    assert [type(one).__name__ for one in kiosk.outbox.after(0, 9)] == [
        "KeptFlip",
        "KeptInstall",
        "KeptFlip",
    ]
