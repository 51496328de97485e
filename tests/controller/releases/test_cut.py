"""Files into chunks: the same bytes the same way, wherever they stand."""

import hashlib
import random
from pathlib import Path

import pytest

from controller.releases.cut import cut
from wire.content import MOST_CHUNK, SMALL_FILE


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def test_chunks_joined_are_the_file_and_are_named_by_what_they_say(tmp_path: Path) -> None:
    bodies = {"b": b"", "a": b"x", "c/d": noise(1, SMALL_FILE), "e": noise(2, 1_000_000)}
    for path, body in bodies.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(body)
    kept: dict[str, bytes] = {}
    files = cut(tmp_path, bodies, kept.__setitem__)
    assert [file.path for file in files] == ["a", "b", "c/d", "e"]
    for file in files:
        joined = b"".join(kept[name] for name, _ in file.chunks)
        assert joined == bodies[file.path]
        assert file.sha256 == hashlib.sha256(joined).hexdigest()
        assert file.size == len(joined)
        assert all(len(kept[name]) == length <= MOST_CHUNK for name, length in file.chunks)
    assert [len(file.chunks) for file in files[:3]] == [1, 0, 1]


def test_a_large_file_to_whose_head_something_was_added_shares_nearly_all(tmp_path: Path) -> None:
    body = noise(3, 3_000_000)
    (tmp_path / "a").write_bytes(body)
    (tmp_path / "b").write_bytes(noise(4, 3000) + body)
    old, new = cut(tmp_path, ["a", "b"], lambda _name, _plain: None)
    lacking = [length for name, length in new.chunks if name not in dict(old.chunks)]
    assert sum(lacking) < 600_000


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="symbolic"):
        cut(tmp_path, ["a"], lambda _name, _plain: None)
