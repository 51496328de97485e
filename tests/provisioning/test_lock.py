"""One `up` on one folder; the lock outlives it as long as its children do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.lock import AlreadyUp, Lock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "up.lock"


@pytest.fixture
def child(path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that holds the lock of somebody who is gone."""
    lock = Lock(path).take()
    argv = [sys.executable, "-c", "import time; time.sleep(30)"]
    with subprocess.Popen(argv, pass_fds=(lock.fd,)) as process:
        os.pwrite(lock.fd, b"999999999 gone  ", 0)
        lock.release()
        yield process
        process.kill()


def test_the_second_is_told_who_is_first(path: Path) -> None:
    first = Lock(path).take()
    first.tell("http://127.0.0.1:8080/")
    with pytest.raises(AlreadyUp, match=f"process {os.getpid()} http://127.0.0.1:8080/"):
        Lock(path).take()
    first.release()


def test_is_free_again_after_its_release(path: Path) -> None:
    Lock(path).take().release()
    Lock(path).take().release()


def test_is_held_by_children_of_one_that_is_gone(
    path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    assert child.poll() is None
    with pytest.raises(AlreadyUp, match="earlier run"):
        Lock(path).take(wait_s=0.2)


def test_waits_until_the_children_have_finished(
    path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    def finish(_: float) -> None:
        child.kill()
        child.wait()

    Lock(path).take(wait_s=5, sleep=finish).release()


def test_a_broken_line_in_the_file_is_nobody(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe not a pid")
    Lock(path).take(sleep=_waits).release()


def _waits(_: float) -> None:
    raise AssertionError("nobody holds it: nobody is waited for")
