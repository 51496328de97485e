"""The ledger remembers; a broken one means that nothing is ours."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.files.ledger import Ledger, fingerprint, write


def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "deep/l.json")
    ledger.options, ledger.written = {"allow": ["x"]}, {"/b": "1", "/a": "2"}
    ledger.save()
    again = Ledger(tmp_path / "deep/l.json")
    assert (again.options, again.written) == (ledger.options, ledger.written)


def test_nothing_is_written_when_nothing_is_new(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.json")
    ledger.save()
    before = (tmp_path / "l.json").stat()
    ledger.save()
    assert (tmp_path / "l.json").stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "1", '{"options": 1, "written": 2}', '{"options": {}}', "[" * 100_000],
)
def test_a_broken_ledger_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "l.json").write_text(text)
    assert Ledger(tmp_path / "l.json").written == {}


@given(st.binary())
def test_a_file_is_written_whole_with_its_mode(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("w") / "x"
    write(path, data, 0o640)
    assert fingerprint(path.read_bytes()) == fingerprint(data)
    assert path.stat().st_mode & 0o7777 == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["x"]
