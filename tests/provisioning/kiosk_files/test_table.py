"""The kiosk's table: written into an empty root, then read by the programs it is meant for."""

import ctypes
import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from provisioning.files.rows import File, Folder, Link
from provisioning.kiosk_files.__main__ import main
from provisioning.kiosk_files.settings import Settings
from provisioning.kiosk_files.table import TREE, UNITS, rows

DISPLAYS = ("wayland", "x11")
KNOWN = (
    "/bin/sh /bin/rm /usr/sbin/nft /usr/bin/sway /usr/bin/chromium /usr/lib/xorg/Xorg"
    " /usr/bin/cancel /usr/sbin/cupsenable /usr/sbin/cupsaccept"
    " /usr/bin/systemctl /opt/anjungan/venv/bin/python"
)
EXPOSURE = {"agent": 20, "portal": 12, "screen": 20, "browser": 42, "firewall": 30}
"""The most that `systemd-analyze security` may say, in tenths; X must be root: 70."""


@pytest.fixture(params=DISPLAYS)
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A root with nothing in it but our files and the units of this machine's systemd."""
    for folder in ("etc", "usr/lib", "usr/bin", "usr/sbin", "opt", "var/lib"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("bin", "sbin", "lib"):
        (tmp_path / name).symlink_to(f"usr/{name}")
    for name in ("passwd", "group"):
        (tmp_path / "etc" / name).write_text("root:x:0:0:root:/root:/bin/sh\n" * (name == "passwd"))
    for program in KNOWN.split():
        at = tmp_path / program.lstrip("/")
        at.parent.mkdir(parents=True, exist_ok=True)
        at.touch(mode=0o755)
    (tmp_path / "usr/lib/systemd").mkdir()
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    assert main(["--root", str(tmp_path), "--display", request.param]) == 1  # no packages here
    return tmp_path


def systemd(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["systemd-analyze", f"--root={root}", *words],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def units(root: Path) -> list[str]:
    return sorted(p.name for p in (root / UNITS.lstrip("/")).glob("*anjungan*.*") if p.is_file())


def test_a_second_run_and_a_check_agree(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    before = {p: p.lstat().st_mtime_ns for p in root.rglob("*")}
    main(["--root", str(root)])
    said = capsys.readouterr().out
    assert "put right" not in said
    assert {p: p.lstat().st_mtime_ns for p in root.rglob("*")} == before
    main(["--root", str(root), "--check"])
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith("/")]
    assert [line for line in found if "no account" not in line] == []


def test_systemd_takes_every_unit(root: Path) -> None:
    done = systemd(root, "verify", "--recursive-errors=no", "--man=no", *units(root))
    ours = [line for line in done.stderr.splitlines() if "anjungan" in line or "kiosk" in line]
    assert ours == []


def test_every_program_is_fenced_in(root: Path) -> None:
    x11 = (root / "etc/anjungan/xorg.conf").exists()
    for name, most in EXPOSURE.items():
        allowed = 70 if x11 and name == "screen" else most
        done = systemd(
            root, "security", "--offline=true", f"--threshold={allowed}", f"anjungan-{name}.service"
        )
        assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_accounts_are_made_below_the_root(root: Path) -> None:
    if os.geteuid() == 0:
        known = (root / "etc/passwd").read_text()
        assert all(f"\n{name}:" in known for name in ("anjungan", "anjungan-portal", "kiosk"))
        assert "/bin/sh" not in known.split("\n", 1)[1]
        assert (root / "var/lib/kiosk/profile").stat().st_uid != 0


def test_no_row_holds_a_secret_and_none_is_writable_by_others(root: Path) -> None:
    for row in rows(Settings()):
        if isinstance(row, File):
            assert row.mode & 0o022 == 0
            assert not re.search(r"(?i)(password|passphrase|secret|token)\s*=", row.text), row.path
    for path in root.rglob("*"):
        if not path.is_symlink():
            assert path.lstat().st_mode & stat.S_IWOTH == 0, path


def test_every_text_of_the_tree_is_in_the_table() -> None:
    every = [Settings(display=display, neighbour_port=8790) for display in DISPLAYS]
    used = {r.path for settings in every for r in rows(settings) if isinstance(r, File)}
    there = {f"/{p.relative_to(TREE)}" for p in TREE.rglob("*") if p.is_file()}
    assert there - used == {"/wayland.service", "/x11.service"}


def test_neighbours_are_served_only_when_said() -> None:
    unit = "anjungan-neighbour.service"
    assert not [row for row in rows(Settings()) if row.path.endswith(unit)]
    assert [type(r) for r in rows(Settings(neighbour_port=8790)) if r.path.endswith(unit)] == [
        File,
        Link,
    ]


def test_every_row_has_a_reason_and_every_link_leads_to_a_row() -> None:
    table = rows(Settings())
    paths = {row.path for row in table}
    assert len(paths) == len(table)
    assert all(row.why for row in table)
    for row in table:
        if isinstance(row, Link) and row.target.startswith("../"):
            assert f"{UNITS}/{row.target[3:]}" in paths
    folders = [row for row in table if isinstance(row, Folder)]
    assert all(row.mode & 0o002 == 0 for row in folders)


def test_a_keyboard_writes_and_has_no_control_keys() -> None:
    (text,) = [r.text for r in rows(Settings()) if isinstance(r, File) and r.path.endswith(".xkb")]
    xkb = ctypes.CDLL("libxkbcommon.so.0")
    for name in ("xkb_context_new", "xkb_keymap_new_from_string", "xkb_state_new"):
        getattr(xkb, name).restype = ctypes.c_void_p
    context = ctypes.c_void_p(xkb.xkb_context_new(0))
    keymap = ctypes.c_void_p(xkb.xkb_keymap_new_from_string(context, text.encode(), 1, 0))
    assert keymap
    state = ctypes.c_void_p(xkb.xkb_state_new(keymap))
    control, alt, super_, f1, f12, shift, a = 29, 56, 125, 59, 88, 42, 30
    meanings = [
        xkb.xkb_state_key_get_one_sym(state, 8 + k) for k in (control, alt, super_, f1, f12)
    ]
    assert meanings == [0] * 5
    for key in (control, alt, super_):
        xkb.xkb_state_update_key(state, 8 + key, 1)
    assert xkb.xkb_state_serialize_mods(state, 8) == 0
    xkb.xkb_state_update_key(state, 8 + shift, 1)
    assert xkb.xkb_state_key_get_one_sym(state, 8 + a) == ord("A")


def test_row_59_portal_and_agent_share_the_tray_and_nothing_else_of_the_portal() -> None:
    folders = {row.path: row for row in rows(Settings()) if isinstance(row, Folder)}
    tray = folders["/var/lib/anjungan-portal/tray"]
    assert (tray.mode, tray.owner, tray.group) == (0o2770, "anjungan-portal", "anjungan")
    assert folders["/var/lib/anjungan-portal"].mode == 0o711
    files = {row.path: row.text for row in rows(Settings()) if isinstance(row, File)}
    agent = files[f"{UNITS}/anjungan-agent.service"]
    portal = files[f"{UNITS}/anjungan-portal.service"]
    assert "ReadWritePaths=-/var/lib/anjungan-portal/tray -/run/anjungan-asks" in agent
    assert "--tray /var/lib/anjungan-portal/tray --asks /run/anjungan-asks" in portal


def test_row_65_the_camera_is_the_portals_and_nothing_typed_is_kept() -> None:
    files = {row.path: row.text for row in rows(Settings()) if isinstance(row, File)}
    said = json.loads(files["/etc/chromium/policies/managed/anjungan.json"])
    assert (said["VideoCaptureAllowed"], said["VideoCaptureAllowedUrls"]) == (
        False,
        ["http://127.0.0.1:8080"],
    )
    assert not said["AutofillAddressEnabled"]
    assert not said["PasswordManagerEnabled"]
    assert said["DefaultCookiesSetting"] == 4
