"""A clock is known to be wrong only by proof: our own certificate, or the office's word."""

from pathlib import Path

import pytest

from agent.identity.dates import floor_if_clock_is_wrong
from agent.identity.slots import Slots, State
from tests.agent.identity.test_slots import OLD, about, settle

BEGIN = about(OLD).not_before
DAY_MS = 86_400_000
SOON = BEGIN + DAY_MS


@pytest.fixture
def cert(slots: Slots) -> str:
    settle(slots, OLD)
    return str(slots.link / "cert.pem")


def test_a_clock_after_our_certificate_may_be_right(cert: str) -> None:
    assert floor_if_clock_is_wrong(cert, SOON) is None


def test_row_6_a_clock_before_our_certificate_is_wrong(cert: str) -> None:
    assert floor_if_clock_is_wrong(cert, BEGIN - 2 * DAY_MS) == BEGIN


@pytest.mark.parametrize(("days", "wrong"), [(0, False), (70 * 365, True), (-9, True)])
def test_row_7_a_clock_the_office_contradicts_is_wrong(
    cert: str, slots: Slots, days: int, *, wrong: bool
) -> None:
    slots.note(State(used=OLD, clock_off_ms=days * DAY_MS))
    assert (floor_if_clock_is_wrong(cert, SOON) is not None) == wrong


@pytest.mark.parametrize("elsewhere", ["", "nowhere/cert.pem"])
def test_a_certificate_that_lies_elsewhere_proves_nothing(tmp_path: Path, elsewhere: str) -> None:
    assert floor_if_clock_is_wrong(str(tmp_path / elsewhere), 0) is None
