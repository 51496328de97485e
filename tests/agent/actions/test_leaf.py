"""The test page, read by those who know."""

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.actions import leaf


def test_a_page_says_which_kiosk_when_and_which_command() -> None:
    shown = leaf.text(leaf.lines("bdg-andir-01", "c0ffee", "2026-01-02 03:04:05 WIB")).decode()
    for word in ("bdg-andir-01", "c0ffee", "2026-01-02 03:04:05 WIB", "Cetak uji"):
        assert word in shown


def test_the_pdf_is_one(tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(leaf.pdf(leaf.lines("bdg (andir) \\ 01", "c0ffee", "now")))
    read = subprocess.run(
        ["pdftotext", str(page), "-"], capture_output=True, text=True, check=True, timeout=20
    )
    assert "bdg (andir) \\ 01" in read.stdout
    assert read.stderr == ""


@given(st.lists(st.text(max_size=40), max_size=6))
def test_no_text_breaks_the_pdf_out_of_its_page(lines: list[str]) -> None:
    made = leaf.pdf(lines)
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert made[start : start + 4] == b"xref"
    assert made.count(b"\nendobj\n") == 5


@given(st.text(max_size=60))
def test_no_name_commands_the_receipt_printer(name: str) -> None:
    made = leaf.receipt([name])
    inner = made[len(leaf.RESET) : -len(leaf.FEED_AND_CUT)]
    assert all(32 <= byte < 127 or byte == 10 for byte in inner)
