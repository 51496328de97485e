"""Which secret lets the agent in."""

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.probes.xauthority import entries, secret_for

SECRET = "00112233445566778899aabbccddeeff"


def written_by_xauth(file: Path, *displays: str) -> bytes:
    for display in displays:
        secret = SECRET[:-1] + display[-1]
        subprocess.run(
            ["xauth", "-q", "-f", str(file), "add", display, ".", secret],
            check=True, capture_output=True,
        )  # fmt: skip
    return file.read_bytes()


def test_the_cookie_of_the_right_display_is_found(tmp_path: Path) -> None:
    content = written_by_xauth(tmp_path / "auth", ":1", ":7")
    assert secret_for(content, 7) == bytes.fromhex(SECRET[:-1] + "7")


def test_without_a_fitting_cookie_there_is_no_secret(tmp_path: Path) -> None:
    assert secret_for(written_by_xauth(tmp_path / "auth", ":1"), 2) == b""


def test_a_file_cut_short_gives_what_is_before_the_cut(tmp_path: Path) -> None:
    content = written_by_xauth(tmp_path / "auth", ":1", ":7")
    assert len(list(entries(content))) == 2
    assert len(list(entries(content[:-1]))) == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_some_entries(content: bytes) -> None:
    assert all(len(e.secret) < 300 for e in entries(content))
