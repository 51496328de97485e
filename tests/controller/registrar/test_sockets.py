"""Socket files at the end of any path, for those only who may use them."""

import stat
from pathlib import Path

import pytest

from controller.registrar.sockets import connect, listen, read_exactly


@pytest.mark.parametrize("deep", [0, 12])
def test_a_socket_is_found_however_long_its_path_is(tmp_path: Path, deep: int) -> None:
    folder = tmp_path.joinpath(*["a-folder-with-a-name"] * deep)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "asked.sock"
    for _ in range(2):  # the second takes the place of one that ended
        with listen(path) as line:
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            with connect(path, 5) as asking:
                talk, _ = line.accept()
                with talk:
                    talk.sendall(b"hello")
                assert read_exactly(asking, 5) == b"hello"
                with pytest.raises(ConnectionError):
                    read_exactly(asking, 1)


def test_where_nobody_listens_there_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path / "no" / "folder"):
        with pytest.raises(OSError, match=r"."):
            connect(path, 1)
    with pytest.raises(OSError, match=r"."):
        listen(tmp_path / "no" / "folder")
