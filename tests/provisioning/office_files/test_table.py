"""The office's table, written into an empty root and read by systemd; the commands are real."""

import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from itertools import takewhile
from pathlib import Path

import pytest

from controller.releases.folder import DRAFTS, PUBLIC
from provisioning.__main__ import COMMANDS
from provisioning.files.rows import File, Folder, Link
from provisioning.office_files.__main__ import main
from provisioning.office_files.settings import Settings
from provisioning.office_files.table import PROGRAMS, TREE, UNITS, rows

SETTINGS = Settings(name=("kantor.example",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("etc", "usr/bin", "opt/anjungan/venv/bin", "usr/lib/systemd"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("bin", "sbin", "lib"):
        (tmp_path / name).symlink_to("usr/bin" if name != "lib" else "usr/lib")
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (tmp_path / "etc/group").touch()
    (tmp_path / "opt/anjungan/venv/bin/anjungan").touch(mode=0o755)
    (tmp_path / "bin/sh").touch(mode=0o755)
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    assert main(["--root", str(tmp_path), "--name", "kantor.example"]) == 1  # no packages here
    return tmp_path


def unit(name: str) -> str:
    path = f"{UNITS}/anjungan-{name}.service"
    (text,) = [row.text for row in rows(SETTINGS) if isinstance(row, File) and row.path == path]
    return text


def analyze(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    argv = ["systemd-analyze", f"--root={root}", *words]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)


def test_systemd_takes_every_unit(root: Path) -> None:
    names = [f"anjungan-{name}.service" for name in PROGRAMS]
    done = analyze(root, "verify", "--recursive-errors=no", "--man=no", *names)
    assert [line for line in done.stderr.splitlines() if "anjungan" in line] == []


def test_every_program_is_fenced_in(root: Path) -> None:
    for name in PROGRAMS:
        done = analyze(
            root, "security", "--offline=true", "--threshold=20", f"anjungan-{name}.service"
        )
        assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_a_second_run_changes_nothing(root: Path) -> None:
    before = {p: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in root.rglob("*")}
    main(["--root", str(root)])
    assert {p: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in root.rglob("*")} == before


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_unit_says_only_options_that_its_program_has(name: str) -> None:
    started = unit(name).replace("\\\n", " ")
    (line,) = re.findall(r"^ExecStart=(.*)$", started, re.MULTILINE)
    words = shlex.split(line)
    assert words[1] == name
    word = [*takewhile(lambda one: not one.startswith("--"), words[2:])]
    asked = subprocess.run(
        [sys.executable, "-m", COMMANDS[name].module.removesuffix(".__main__"), *word, "--help"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert import_module(COMMANDS[name].module)
    assert [w for w in words[2:] if w.startswith("--") and w not in asked] == []


def test_only_the_warden_may_write_the_authority_and_has_its_passphrase() -> None:
    for name in PROGRAMS:
        text = unit(name)
        assert ("authority.passphrase" in text) == (name == "warden")
        writes = [line for line in text.splitlines() if line.startswith("ReadWritePaths=")]
        assert any("/authority" in line for line in writes) == (name == "warden")


def test_each_program_has_an_account_of_its_own_and_no_door_but_its_own() -> None:
    ports = {"broker": {"8883", "8884"}, "door": {"8443"}, "console": {"8444"}, "preview": {"8090"}}
    for name in PROGRAMS:
        text = unit(name)
        assert f"User=anjungan-{name}\n" in text
        assert "SocketBindDeny=any" in text
        assert set(re.findall(r"SocketBindAllow=tcp:(\d+)", text)) == ports.get(name, set())


def test_the_console_can_invite_kiosks_to_the_door() -> None:
    trusted = "--server-ca /var/lib/anjungan/authority/issued/server-ca.pem"
    assert f"--door https://{SETTINGS.name[0]}:8443 {trusted} " in unit("console")


def test_the_preview_answers_the_console_and_is_told_nothing_of_the_office() -> None:
    text = unit("preview")
    assert "--preview http://127.0.0.1:8090" in unit("console")
    assert "anjungan preview --port 8090" in text
    for secret in ("EnvironmentFile", "SupplementaryGroups", "ReadWritePaths", "/var/lib"):
        assert secret not in text
    assert "IPAddressDeny=any\nIPAddressAllow=localhost\n" in text


def test_releases_are_written_by_two_and_only_read_by_the_door() -> None:
    writes = "ReadWritePaths=/var/lib/anjungan/releases"
    assert [name for name in PROGRAMS if writes in unit(name)] == ["controller", "console"]
    joined = [name for name in PROGRAMS if "anjungan-releases" in unit(name)]
    assert joined == ["controller", "door", "console"]
    folders = [one for one in rows(SETTINGS) if isinstance(one, Folder) and "/releases" in one.path]
    assert {one.mode for one in folders} == {0o2770}
    assert {one.path.split("releases")[1][1:] for one in folders} == {"", *PUBLIC, DRAFTS}


def test_no_row_holds_a_secret_and_none_is_open_to_others() -> None:
    for row in rows(SETTINGS):
        if isinstance(row, File):
            assert row.mode & 0o002 == 0
            assert not re.search(r"(?i)password\s*=\s*\S", row.text)
        if isinstance(row, Folder):
            assert row.mode & 0o002 == 0


def test_every_text_of_the_tree_is_in_the_table_and_every_link_leads_to_a_row() -> None:
    table = rows(SETTINGS)
    paths = {row.path for row in table}
    assert len(paths) == len(table)
    assert {f"/{p.relative_to(TREE)}" for p in TREE.rglob("*") if p.is_file()} <= paths
    for row in table:
        if isinstance(row, Link) and row.target.startswith("../"):
            assert f"{UNITS}/{row.target[3:]}" in paths


def test_another_database_needs_no_folder() -> None:
    other = rows(Settings(name=("a",), database="postgresql+psycopg:///anjungan"))
    assert not [row for row in other if row.path.startswith("/var/lib/anjungan/office")]


def test_only_the_registrars_own_account_reads_its_keys_and_its_askers_reach_its_socket() -> None:
    (keys,) = [row for row in rows(SETTINGS) if row.path == "/var/lib/anjungan/registrar"]
    assert isinstance(keys, Folder)
    assert (keys.mode, keys.owner, keys.group) == (0o700, *("anjungan-registrar",) * 2)
    socket = "/run/anjungan-registrar/asked.sock"
    assert f"--listen {socket}" in unit("registrar")
    assert f"--registrar {socket}" in unit("console")
    assert "anjungan-registrar" in groups("console")
    for name in ("warden", "broker", "controller"):
        assert "anjungan-registrar" not in unit(name)


def test_row_61_whoever_takes_the_door_over_reaches_no_socket_at_which_anything_is_opened() -> None:
    path = "/run/anjungan-registrar-door"
    (folder,) = [row for row in rows(SETTINGS) if row.path == path]
    assert isinstance(folder, Folder)
    assert (folder.mode, folder.owner) == (0o2750, "anjungan-registrar")
    assert folder.group == "anjungan-door"
    assert f"--door {path}/asked.sock" in unit("registrar")
    assert f"--registrar {path}/asked.sock" in unit("door")
    assert "anjungan-registrar" not in groups("door")


def groups(name: str) -> str:
    return unit(name).split("SupplementaryGroups=")[1].splitlines()[0]
