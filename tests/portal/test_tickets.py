"""Numbers of the queue: each once."""

from pathlib import Path

import msgspec
import pytest

from portal.tickets import NoMore, Tickets
from wire.citizen import Issued
from wire.local import ISSUED


def test_numbers_begin_anew_each_day_and_never_repeat(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    taken = [tickets.take("2026-11-23", "A", 0) for _ in range(3)]
    assert taken == [1, 2, 3]
    assert tickets.take("2026-11-23", "B", 0) == 1
    assert Tickets(tmp_path).take("2026-11-23", "A", 0) == 4
    assert tickets.take("2026-11-24", "A", 0) == 1


def test_the_days_quota_is_not_exceeded(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    tickets.take("2026-11-23", "A", 1)
    with pytest.raises(NoMore):
        tickets.take("2026-11-23", "A", 1)
    assert tickets.issued("2026-11-23", "A") == 1


def test_the_agent_finds_todays_numbers(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    tickets.take("2026-11-22", "A", 0)
    tickets.take("2026-11-23", "A", 0)
    told = msgspec.json.decode((tmp_path / ISSUED).read_bytes(), type=tuple[Issued, ...])
    assert told == (Issued(day="2026-11-23", letter="A", number=1),)


def test_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    (tmp_path / ISSUED).write_bytes(b"[{")
    assert Tickets(tmp_path).take("2026-11-23", "A", 0) == 1
