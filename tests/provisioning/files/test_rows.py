"""Rows are values; folders can be said in the words of tmpfiles.d, and systemd obeys them."""

import os
import subprocess
from pathlib import Path

from provisioning.files.rows import Folder, tmpfiles


def test_systemd_makes_the_folders_as_the_table_says(tmp_path: Path) -> None:
    me = str(os.geteuid())
    folders = [Folder("/a", "", 0o700, me, me), Folder("/a/b", "", 0o750, me, me)]
    (tmp_path / "one.conf").write_text(tmpfiles(folders))
    subprocess.run(
        ["systemd-tmpfiles", f"--root={tmp_path}", "--create", tmp_path / "one.conf"],
        check=True, timeout=30,
    )  # fmt: skip
    assert (tmp_path / "a").stat().st_mode & 0o7777 == 0o700
    assert (tmp_path / "a/b").stat().st_mode & 0o7777 == 0o750
