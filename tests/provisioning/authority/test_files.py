"""Whole or absent, and nobody else's."""

import os
from pathlib import Path

import pytest

from provisioning.authority.files import (
    Unsafe,
    append,
    check_folder,
    give,
    make_folder,
    put,
    secret,
)


def test_what_was_put_is_read_back_with_its_mode(tmp_path: Path) -> None:
    put(tmp_path / "key", b"secret", 0o600)
    assert secret(tmp_path / "key") == b"secret"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def test_a_leftover_of_a_killed_writer_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".key.new").symlink_to(tmp_path / "elsewhere")
    put(tmp_path / "key", b"second", 0o600)
    assert secret(tmp_path / "key") == b"second"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_secret_others_can_reach_is_refused_and_says_who_must_act(
    tmp_path: Path, mode: int
) -> None:
    put(tmp_path / "key", b"secret", mode)
    with pytest.raises(Unsafe, match=r"administrator must .* chmod"):
        secret(tmp_path / "key")


def test_a_group_may_be_let_in_where_that_is_meant(tmp_path: Path) -> None:
    put(tmp_path / "key", b"secret", 0o640, group=os.getegid())
    assert secret(tmp_path / "key", 0o037) == b"secret"


def test_a_symbolic_link_is_not_followed_to_a_secret(tmp_path: Path) -> None:
    put(tmp_path / "real", b"secret", 0o600)
    (tmp_path / "key").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="symbolic links"):
        secret(tmp_path / "key")


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key", 0o600)
    with pytest.raises(Unsafe, match="no plain file"):
        secret(tmp_path / "key")


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    check_folder(tmp_path / "a" / "b")
    (tmp_path / "a" / "b").chmod(0o750)
    with pytest.raises(Unsafe, match="open to others"):
        check_folder(tmp_path / "a" / "b")


def test_lines_are_added_behind_one_another(tmp_path: Path) -> None:
    append(tmp_path / "lines", b"one")
    append(tmp_path / "lines", b"two")
    assert secret(tmp_path / "lines") == b"one\ntwo\n"


def test_what_is_written_belongs_to_the_folders_owner_whoever_wrote_it(tmp_path: Path) -> None:
    owner = tmp_path.stat().st_uid
    put(tmp_path / "put", b"x")
    append(tmp_path / "append", b"x")
    with (tmp_path / "lock").open("w") as lock:
        give(lock.fileno(), tmp_path)
    assert {path.stat().st_uid for path in tmp_path.iterdir()} == {owner}
