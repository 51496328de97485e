"""The file that says what the child is at."""

from pathlib import Path

from agent.content import status
from agent.content.status import Installing, Status


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    said = Status(
        installs=[Installing(bundle="layanan", seq=2, attempt=1, state="downloading", done=5)],
        codes=["content.failing"],
        again_s=60.0,
    )
    status.write(tmp_path / "status.json", said)
    assert status.read(tmp_path / "status.json") == said
    assert [one.name for one in tmp_path.iterdir()] == ["status.json"]


def test_a_damaged_one_is_none(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_bytes(b"\0")
    assert status.read(tmp_path / "status.json") is None
    assert status.read(tmp_path / "other.json") is None
