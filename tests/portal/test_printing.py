"""Receipts on paper, by a real `lp` of the system or one that fails."""

import os
from pathlib import Path

import pytest

from portal.printing import WIDTH, Printer, receipt


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
