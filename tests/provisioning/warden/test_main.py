"""The warden's command: what it refuses before it touches a key."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest


def start(folder: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    where = ("--authority", str(folder / "authority"), "--exchange", str(folder / "exchange"))
    database = f"sqlite:///{folder / 'office.db'}"
    command = [sys.executable, "-m", "provisioning.warden", "--database", database, *where]
    env = {**os.environ, **environ}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SSLKEYLOGFILE", "keys", "SSLKEYLOGFILE is set"),
        ("PYTHONDEVMODE", "1", "shows more than it should"),
        ("ANJUNGAN_AUTHORITY_PASSPHRASE", "123456789012", "first that are tried"),
    ],
)
def test_row_73_what_is_left_on_or_known_to_all_is_refused_before_there_is_a_key(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    done = start(tmp_path, **{name: value})
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "authority").exists()


def test_a_database_everybody_may_read_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    path.touch()
    path.chmod(0o644)
    (tmp_path / "authority").write_text("in the way")  # so that it ends
    assert start(tmp_path).returncode == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
