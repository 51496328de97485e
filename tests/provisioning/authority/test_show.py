"""What a person is told, and warned of."""

from pathlib import Path

import pytest

from provisioning.authority.certificates import DAY_MS
from provisioning.authority.ended import EndedList
from provisioning.authority.issued import Issuer
from provisioning.authority.pair import Pair
from provisioning.authority.show import fingerprint, report
from tests.support.authority import NOW, authorities


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "authority"


@pytest.fixture
def pair(folder: Path) -> Pair:
    pair = authorities(folder)
    Issuer(folder, pair, (), {}).refresh(NOW)
    EndedList(folder / "crl.pem", pair.device).sign(NOW)
    return pair


def test_fingerprints_pins_and_ends_are_told_without_a_warning(folder: Path, pair: Pair) -> None:
    said = "\n".join(report(folder, pair, NOW))
    for one in pair:
        assert fingerprint(one.certificate) in said
        assert one.pin.hex() in said
    assert "issued/broker" in said
    assert f"number {NOW // 1000}, 0 entries" in said
    assert "WARNING" not in said


@pytest.mark.parametrize(
    ("days", "warning"),
    [
        (4, "no kiosk gets in: start the warden"),
        (8, "the list ends 1 days ago"),
        (155, "issued/door ends in 25 days"),
        (3400, "the device authority ends in"),
        (3700, "the server authority ends"),
    ],
)
def test_what_ends_soon_is_warned_of(folder: Path, pair: Pair, days: int, warning: str) -> None:
    warnings = [one for one in report(folder, pair, NOW + days * DAY_MS) if "WARNING" in one]
    assert any(warning in one for one in warnings), warnings


def test_nothing_issued_yet_is_said_plainly(tmp_path: Path) -> None:
    said = "\n".join(report(tmp_path / "new", authorities(tmp_path / "new"), NOW))
    assert "none yet" in said
