"""The door's address, its authority's pin, and a code as a picture."""

from pathlib import Path

import pytest
import trustme

from dashboards.console.doorplate import qr, read
from wire.invitation import PIN_BYTES


def test_the_line_to_type_carries_door_and_code(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ca))
    plate = read("https://door.example:8443/", ca)
    assert plate.line("ABCD-EFGH") == "anjungan join https://door.example:8443 ABCD-EFGH"
    assert len(plate.pin) == PIN_BYTES


@pytest.mark.parametrize("url", ["http://a", "https://", "a", "https://a/b", "https://a?b"])
def test_a_door_no_kiosk_could_reach_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--door"):
        read(url, tmp_path / "ca.pem")


def test_a_file_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "ca.pem"
    bad.write_text("nothing")
    with pytest.raises(ValueError, match="not one certificate"):
        read("https://a", bad)


def test_a_picture_needs_no_script_or_style() -> None:
    picture = qr("anjungan join https://a B")
    assert picture.startswith("data:image/svg+xml")
    assert "script" not in picture
    assert "style" not in picture
