"""Row 73: an office that would be open by mistake does not start."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.self_check import UnsafeStart, close, enforce
from tests.test_house_rules import ROOT

DATABASE = "postgresql+psycopg://office:m4kan-siang-di-dago@127.0.0.1/office"


@pytest.fixture(autouse=True)
def kept_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def said(environ: dict[str, str], database: str = DATABASE, *keys: Path) -> str:
    with pytest.raises(UnsafeStart) as refused:
        enforce(environ, database, keys)
    return str(refused.value)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "door.key"
    path.write_text("a key")
    path.chmod(0o600)
    return path


def test_an_office_with_nothing_wrong_starts(key: Path) -> None:
    enforce({"ANJUNGAN_AUTHORITY_PASSPHRASE": "makan siang di dago"}, DATABASE, [key])
    enforce({"ANJUNGAN_AUTHORITY_PASSPHRASE": ""}, "sqlite://", [])


@pytest.mark.parametrize(
    "name", ["SSLKEYLOGFILE", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONINSPECT"]
)
def test_row_73_a_switch_for_debugging_stops_the_start(name: str) -> None:
    assert name in said({name: "1"})


@pytest.mark.parametrize(
    "value",
    ["tiny-one", "changeme", "change-me", "passwordpassword", "anjungan-2026", "123456789012"],
)
def test_row_73_a_secret_that_everybody_knows_stops_the_start(value: str) -> None:
    told = said({"ANJUNGAN_OIDC_CLIENT_SECRET": value})
    assert "ANJUNGAN_OIDC_CLIENT_SECRET" in told
    assert value not in told


@pytest.mark.parametrize("word", ["office", "postgres", "changeme", "anjungan", "password1"])
def test_row_73_a_default_password_of_the_database_stops_the_start(word: str) -> None:
    told = said({}, f"postgresql+psycopg://office:{word}@127.0.0.1/office")
    assert "database's password" in told


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o660, 0o777])
def test_row_73_a_key_that_others_may_read_stops_the_start(key: Path, mode: int) -> None:
    key.chmod(mode)
    assert "chmod 600" in said({}, DATABASE, key)


def test_a_group_made_for_it_may_read_a_key(key: Path) -> None:
    key.chmod(0o640)
    enforce({}, DATABASE, [key])


def test_every_reason_is_said_at_once(key: Path) -> None:
    key.chmod(0o644)
    assert len(said({"SSLKEYLOGFILE": "x"}, DATABASE, key).splitlines()) == 2


def test_a_database_that_everybody_may_read_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    for name in ("office.db", "office.db-wal"):
        (tmp_path / name).touch(0o666)
        (tmp_path / name).chmod(0o666)
    enforce({}, f"sqlite:///{path}")
    modes = {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert modes == {0o660}


@pytest.mark.parametrize(
    ("started_with", "mode"), [(0o022, 0o640), (0o000, 0o640), (0o007, 0o660), (0o077, 0o600)]
)
def test_new_files_are_not_for_others_and_a_group_that_was_let_in_stays(
    tmp_path: Path, started_with: int, mode: int
) -> None:
    os.umask(started_with)
    enforce({}, "sqlite://")
    (tmp_path / "new").touch()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == mode


def test_a_database_that_is_not_there_yet_needs_no_closing(tmp_path: Path) -> None:
    close(f"sqlite:///{tmp_path}/later.db")
    close(DATABASE)


@pytest.mark.parametrize("module", ["controller", "dashboards.console", "provisioning.door"])
def test_row_73_every_process_that_serves_looks_before_it_starts(
    module: str, tmp_path: Path, key: Path
) -> None:
    words = {
        "controller": ["--broker", "127.0.0.1:1"],
        "dashboards.console": [],
        "provisioning.door": ["--cert", str(key), "--key", str(key), "--server-ca", str(key),
                              "--broker", "127.0.0.1:8883"],
    }  # fmt: skip
    database = f"sqlite:///{tmp_path}/office.db"
    told = subprocess.run(
        [sys.executable, "-m", module, "--database", database, *words[module]],
        cwd=ROOT,
        env={**os.environ, "SSLKEYLOGFILE": str(tmp_path / "keys")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert told.returncode == 2
    assert "SSLKEYLOGFILE is set" in told.stderr
    assert not (tmp_path / "office.db").exists()
