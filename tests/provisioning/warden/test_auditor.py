"""When the warden signs for the log, and when it refuses to."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from controller.store.engine import writing
from provisioning.warden.auditor import Auditor
from provisioning.warden.checkpoints import EVERY_MS, Marks, lines_of
from tests.support.authority import NOW
from tests.support.warden import Books


class Bench:
    def __init__(self, url: str, folder: Path) -> None:
        self.books = Books(url)
        self.path = folder / "marks.jsonl"
        self.said: list[str] = []
        self.key = Ed25519PrivateKey.generate()
        self.auditor = Auditor(Marks(self.path, self.key), self.said.append)
        self.now = NOW

    def step(self) -> int:
        """How many marks there are."""
        self.now += EVERY_MS
        with self.books.engine.connect() as conn:
            self.auditor.step(conn, self.now)
        return len(lines_of(self.path))

    def tamper(self, statement: str) -> None:
        with writing(self.books.engine) as conn:
            for trigger in ("audit_no_update", "audit_no_delete"):
                conn.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
            conn.execute(text(statement))


@pytest.fixture
def bench(sqlite_url: str, tmp_path: Path) -> Bench:
    found = Bench(sqlite_url, tmp_path)
    for number in range(5):
        found.books.note(f"act.{number}")
    return found


def test_the_newest_row_is_signed_for_and_only_once(bench: Bench) -> None:
    assert (bench.step(), bench.auditor.n, bench.auditor.at) == (1, 5, bench.now)
    assert bench.step() == 1
    bench.books.note("act.more")
    assert (bench.step(), bench.auditor.n, bench.auditor.at) == (2, 6, bench.now)


def test_it_is_due_every_five_minutes(bench: Bench) -> None:
    assert bench.auditor.due(NOW)
    bench.step()
    assert not bench.auditor.due(bench.now + EVERY_MS - 1)
    assert bench.auditor.due(bench.now + EVERY_MS)
    assert bench.auditor.due(bench.now - 1)


def test_an_empty_log_needs_no_mark(sqlite_url: str, tmp_path: Path) -> None:
    bench = Bench(sqlite_url, tmp_path)
    assert bench.step() == 0
    assert bench.auditor.at == bench.now


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM audit WHERE n >= 5", "row 5 is gone"),
        ("UPDATE audit SET hash = previous WHERE n = 5", "row 5 is another one"),
        ("UPDATE audit SET who = 'nobody' WHERE n = 6", "row 6 was edited"),
        ("DELETE FROM audit WHERE n = 6", "row 6 is missing"),
    ],
)
def test_row_70_what_does_not_follow_is_not_signed_for(
    bench: Bench, statement: str, why: str
) -> None:
    bench.step()
    for _ in range(2):
        bench.books.note("act.more")
    seen = bench.auditor.at
    bench.tamper(statement)
    assert bench.step() == bench.step() == 1
    assert bench.auditor.at == seen
    assert len(bench.said) == 1
    assert why in bench.said[0]


def test_row_70_marks_that_were_cut_are_not_gone_on_with(bench: Bench) -> None:
    for _ in range(2):
        bench.books.note("act.more")
        bench.step()
    lines = bench.path.read_bytes().splitlines()
    bench.path.write_bytes(lines[0] + b"\n")
    again = Auditor(Marks(bench.path, bench.key), bench.said.append)
    again.remember(bench.auditor.n, bench.auditor.at)
    with bench.books.engine.connect() as conn:
        again.step(conn, bench.now)
    assert len(lines_of(bench.path)) == 1
    assert "the marks end at row 6, though row 7 was signed for" in bench.said[-1]


def test_an_administrator_begins_anew_by_moving_the_marks_away(bench: Bench) -> None:
    bench.step()
    bench.tamper("DELETE FROM audit WHERE n >= 4")
    assert bench.step() == 1
    bench.path.rename(bench.path.with_suffix(".until-today"))
    assert bench.step() == 1
    assert bench.auditor.n == 3
