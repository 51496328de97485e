"""The agent's notice, in whatever state it is found."""

from pathlib import Path

import pytest

from portal.notice import FILE, Notice, read


def test_without_a_notice_the_kiosk_is_open(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    assert read(None) is None


def test_a_notice_says_why(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"since": 1, "why": "Ganti kertas"}')
    assert read(tmp_path) == Notice("Ganti kertas")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"why": 3}', b"\xff", b"[" * 4096, b'{"x":1}'])
def test_a_damaged_notice_is_still_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert read(tmp_path) == Notice("")


def test_no_notice_fills_the_screen_for_ever(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"why": "' + "x" * 3000 + '"}')
    found = read(tmp_path)
    assert found is not None
    assert len(found.why) == 120
