"""What the agent left, read when it has changed."""

from pathlib import Path

import msgspec
import pytest

from portal.heard import Heard
from wire.local import Local

SAID = Local(at=1, online=True, online_since=1)


def test_a_new_word_is_heard_and_an_old_one_read_once(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    heard = Heard(path, Local, 4096)
    assert heard.read() is None
    path.write_bytes(msgspec.json.encode(SAID))
    assert heard.read() == SAID
    assert heard.read() is heard.read()
    later = msgspec.structs.replace(SAID, at=22)
    path.write_bytes(msgspec.json.encode(later))
    assert heard.read() == later
    path.unlink()
    assert heard.read() is None


@pytest.mark.parametrize("said", [b"", b"{", b'{"v":2}', b"[" * 5000, b" " * 5000])
def test_what_cannot_be_read_is_nothing_heard(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "x").write_bytes(said)
    assert Heard(tmp_path / "x", Local, 4096).read() is None
