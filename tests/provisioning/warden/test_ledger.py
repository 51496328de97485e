"""What was ever signed, a line each, whatever happens to the power."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from provisioning.authority.certificates import DAY_MS
from provisioning.warden.ledger import Ledger, Line
from tests.support.authority import NOW

ONE = Line("k-001", "enrol", "a1", "c" * 64, "d" * 64, NOW, NOW + 90 * DAY_MS, NOW)
TWO = replace(ONE, kiosk="k-002", serial="b2")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    ledger = Ledger(tmp_path / "signed.jsonl")
    ledger.add([ONE])
    ledger.add([])
    ledger.add([TWO, ONE])
    return tmp_path / "signed.jsonl"


def test_lines_come_back_in_order(path: Path) -> None:
    assert [*Ledger(path).lines()] == [ONE, TWO, ONE]
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "nothing")
    ledger.tidy(NOW)
    assert [*ledger.lines()] == []


def test_half_a_line_is_passed_over_and_tidied_away(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"kiosk":"k-0')
    ledger = Ledger(path)
    assert len([*ledger.lines()]) == 3
    ledger.tidy(NOW)
    ledger.add([TWO])
    assert [*ledger.lines()] == [ONE, TWO, ONE, TWO]


def test_a_line_is_forgotten_when_its_certificate_can_no_longer_be_renewed(path: Path) -> None:
    ledger = Ledger(path)
    ledger.add([replace(ONE, not_after=NOW + 200 * DAY_MS)])
    ledger.tidy(NOW + 120 * DAY_MS)
    assert len([*ledger.lines()]) == 4
    ledger.tidy(NOW + 121 * DAY_MS)
    assert len([*ledger.lines()]) == 1
