"""Receipts on paper, by a real `lp` of the system or one that fails."""

import os
from pathlib import Path

import pytest

from portal.printing import WIDTH, Printer, receipt
from tests.support.cups import RealCups, RealPrinter


def test_no_line_is_wider_than_the_paper_and_the_number_stands_alone() -> None:
    text = receipt("Kota Bandung", "A-001", ("Silakan duduk dan menunggu " * 5, "", "Selesai"))
    lines = text.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert "A-001" in [line.strip() for line in lines]


def put_in_place(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An `lp` that does so, before the system's."""
    program = folder / "lp"
    program.write_text(f"#!/bin/sh\n{code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_the_text_goes_to_the_queue_and_to_no_file_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(tmp_path, f'echo "$@" > {tmp_path}/args; cat > {tmp_path}/text', monkeypatch)
    assert Printer("struk").put("nomor")
    assert (tmp_path / "args").read_text().split()[:2] == ["-d", "struk"]
    assert (tmp_path / "text").read_text() == "nomor"


def test_a_printer_that_refuses_or_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(tmp_path, "exit 1", monkeypatch)
    assert not Printer("struk").put("nomor")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert not Printer("struk").put("nomor")


def test_a_queue_says_whether_it_has_sheets_or_a_roll(
    real_cups: RealCups, real_printer: RealPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real print server before a real IPP printer; a receipt printer's queue is a raw one."""
    real_cups.add_queue("kantor", real_printer.uri, "everywhere")
    real_cups.add_queue("struk", real_printer.uri)
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{real_cups.port}")
    real_cups.tool("lpadmin", "-p", "kantor", "-o", "PageSize=A4")
    assert Printer("kantor").has_sheets()
    assert Printer("kantor").put("Nomor 261122-0042-K7Q3M-R")
    assert not Printer("struk").has_sheets()
    assert not Printer("tidak-ada").has_sheets()


@pytest.mark.parametrize(
    ("sizes", "sheets"),
    [
        ("A4 *Letter", True),
        ("*A4.Borderless A4", True),
        ("*X80MMY297MM A4", False),
        ("A4 Letter", False),
        ("*Custom.80x200mm A4", False),
    ],
)
def test_the_size_that_is_set_decides_and_not_those_that_could_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sizes: str, sheets: bool
) -> None:
    program = tmp_path / "lpoptions"
    program.write_text(f"#!/bin/sh\necho 'PageSize/Media Size: {sizes}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert Printer("kantor").has_sheets() is sheets


def test_without_a_print_server_a_receipt_is_for_a_roll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert not Printer("kantor").has_sheets()
