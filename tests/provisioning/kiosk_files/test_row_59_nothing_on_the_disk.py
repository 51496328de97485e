"""Row 59: by which ways what citizens type could reach a kiosk's disk, and what shuts each."""

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from portal.remaking import MOST_MEMORY
from provisioning.files.rows import File, Link
from provisioning.kiosk_files.settings import Settings
from provisioning.kiosk_files.table import LIB, UNITS, rows

PORTAL_MB = 60  # what the portal itself may use


def text(path: str) -> str:
    (found,) = (r.text for r in rows(Settings()) if isinstance(r, File) and r.path == path)
    return found


def links() -> dict[str, str]:
    return {row.path: row.target for row in rows(Settings()) if isinstance(row, Link)}


def said(unit: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", text(f"{UNITS}/{unit}"), re.MULTILINE)


def said_whole(unit: str, name: str) -> list[str]:
    """Lines that end with a backslash go on."""
    return re.findall(rf"^{name}=((?:.*\\\n)*.*)$", text(f"{UNITS}/{unit}"), re.MULTILINE)


def test_row_59_what_is_printed_waits_in_memory() -> None:
    unit = "var-spool-cups.mount"
    assert said(unit, "Where") == ["/var/spool/cups"]
    assert said(unit, "Type") == ["tmpfs"]
    assert said(unit, "Before") == ["cups.service"]
    assert links()[f"{UNITS}/cups.service.wants/{unit}"] == f"../{unit}"


def test_row_59_what_was_printed_is_not_kept(tmp_path: Path) -> None:
    (line,) = said_whole("cups.service.d/anjungan.conf", "ExecStartPre")
    kept = tmp_path / "cupsd.conf"
    kept.write_text("LogLevel warn")
    for _ in range(2):
        subprocess.run(line.replace("/etc/cups/cupsd.conf", str(kept)), shell=True, check=True)
    assert kept.read_text() == "LogLevel warn\nPreserveJobFiles No\n"


def test_row_59_nothing_is_swapped_out_dumped_or_laid_into_a_folder_for_passing_things() -> None:
    assert links()[f"{UNITS}/swap.target"] == "/dev/null"
    assert said("anjungan-portal.service", "MemorySwapMax") == ["0"]
    for unit in ("anjungan-portal.service", "anjungan-browser.service", "anjungan-agent.service"):
        assert said(unit, "LimitCORE") == ["0"]
    assert "kernel.core_pattern = |/bin/false" in text(f"{LIB}/sysctl.d/60-anjungan.conf")
    told = " ".join(said("anjungan-browser.service", "Environment"))
    (memory,) = said("var-lib-kiosk-profile.mount", "Where")
    kept = re.findall(r"(?:HOME|TMPDIR)=(\S+)", told)
    assert len(kept) == 4
    assert all(one.startswith(memory) for one in kept)


def test_row_64_a_picture_that_is_a_bomb_ends_its_child_and_nobodys_form() -> None:
    (most,) = said("anjungan-portal.service", "MemoryMax")
    assert int(most.removesuffix("M")) >= MOST_MEMORY / 2**20 + PORTAL_MB
    assert said("anjungan-portal.service", "OOMPolicy") == ["continue"]


@pytest.fixture
def wiped(tmp_path: Path) -> Path:
    """A portal's folder after the real script has run over it."""
    home, spool, bins = (tmp_path / name for name in ("portal", "spool", "bin"))
    for folder in (home / "tray/out", home / "tray/refused", home / "tray/portal", spool, bins):
        folder.mkdir(parents=True)
    (home / "tray/out").chmod(0o2770)
    for path in ("tray/out/1.rec", "tray/out/.torn.new", "tray/portal/record.key", "tray/ring"):
        (home / path).write_text("3174999999990001")
    (home / "tray/link").symlink_to("ring")
    (spool / "d00001-001").write_text("3174999999990001")
    for name in ("systemctl", "journalctl"):
        (bins / name).write_text("#!/bin/sh\nexit 0\n")
        (bins / name).chmod(0o755)
    script = text(f"{LIB}/anjungan/wipe").replace("/var/lib/anjungan-portal", str(home))
    subprocess.run(
        ["sh", "-c", script.replace("/var/spool/cups", str(spool))],
        env=os.environ | {"PATH": f"{bins}:/usr/bin:/bin"},
        check=True,
    )
    return tmp_path


def test_row_59_a_wipe_leaves_no_file_and_the_folders_that_portal_and_agent_share(
    wiped: Path,
) -> None:
    left = [path for name in ("portal", "spool") for path in (wiped / name).rglob("*")]
    assert [path for path in left if not path.is_dir() or path.is_symlink()] == []
    shared = wiped / "portal/tray/out"
    assert stat.S_IMODE(shared.stat().st_mode) == 0o2770
