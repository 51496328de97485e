"""Numbers of the queue: each once."""

from pathlib import Path

import msgspec
import pytest

from portal.tickets import KEPT, NoMore, Tickets
from wire.citizen import Issued, Told
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


def test_the_agent_finds_the_last_numbers_and_no_more_than_the_office_hears(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    for day in range(1, 31):
        tickets.take(f"2026-11-{day:02}", "A", 0)
    told = msgspec.json.decode((tmp_path / ISSUED).read_bytes(), type=tuple[Issued, ...])
    assert len(told) == KEPT
    assert told[-1] == Issued(day="2026-11-30", letter="A", number=1)
    assert msgspec.convert({"issued": msgspec.to_builtins(told)}, Told).issued == told


def test_a_clock_that_leaps_to_another_day_and_back_gives_no_number_twice(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    taken = [tickets.take("2026-11-23", "A", 0) for _ in range(3)]
    for wrong in ("1970-01-01", "2099-12-31"):
        tickets.take(wrong, "A", 0)
        taken.append(tickets.take("2026-11-23", "A", 0))
    assert taken == [1, 2, 3, 4, 5]


def test_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    (tmp_path / ISSUED).write_bytes(b"[{")
    assert Tickets(tmp_path).take("2026-11-23", "A", 0) == 1
