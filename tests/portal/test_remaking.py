"""The child limits itself; what it makes is asked of it through its parent in test_picture."""

import io
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from portal import remaking
from portal.picture import CHILD

# As it is run: a file by itself, whose neighbours are not found as modules.
READ = f"import runpy; child = runpy.run_path({str(CHILD)!r})\n"


def run(code: str) -> "subprocess.CompletedProcess[bytes]":
    """`code` in a process that has prepared itself as the child does."""
    ready = f"{READ}child['limit'](); child['prepare']()\n"
    return subprocess.run(
        [sys.executable, "-I", "-c", ready + code], capture_output=True, check=False
    )


def test_the_child_opens_no_file_any_more() -> None:
    ended = run("open('/etc/hostname')")
    assert b"Too many open files" in ended.stderr


def test_the_child_writes_no_file(tmp_path: Path) -> None:
    here = tmp_path / "kept"
    here.touch()
    begin = f"import os; handle = os.open({str(here)!r}, os.O_WRONLY)\n"
    code = f"{READ}{begin}child['limit'](); os.write(handle, b'picture')\n"
    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    assert b"KeyError" not in ended.stderr
    assert ended.returncode
    assert here.read_bytes() == b""


def test_the_child_has_no_more_memory_than_a_picture_needs() -> None:
    ended = run(f"bytearray({remaking.MOST_MEMORY})")
    assert b"MemoryError" in ended.stderr


def test_the_largest_picture_that_is_taken_fits_into_that_memory() -> None:
    side = int(remaking.MOST_PIXELS**0.5)
    made = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(made, "PNG", compress_level=1)
    ended = subprocess.run(
        [sys.executable, "-I", str(CHILD), "600000"], input=made.getvalue(), capture_output=True,
        check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout[:3]) == (0, b"\xff\xd8\xff")


def test_where_memory_is_short_the_child_goes_and_not_the_portal() -> None:
    code = f"{READ}child['limit'](); print(open('/proc/self/oom_score_adj').read())"
    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    assert ended.stdout.strip() == b"1000"


def test_the_child_says_nothing_but_how_it_ended() -> None:
    ended = subprocess.run(
        [sys.executable, "-I", str(CHILD), "600000"], input=b"no picture", capture_output=True,
        check=False, cwd=os.sep,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (remaking.BAD, b"", b"")
