"""The first root of releases: kept whole, kept for ever, and nonsense not at all."""

from pathlib import Path

import pytest

from agent.identity.root import MOST, keep, path_of

ROOT = '{"signatures":[{"keyid":"a"}],"signed":{"_type":"root"}}'


def test_a_root_is_kept_and_no_later_one_replaces_it(tmp_path: Path) -> None:
    assert keep(tmp_path, ROOT)
    assert keep(tmp_path, ROOT.replace("a", "b"))
    assert path_of(tmp_path).read_text() == ROOT
    assert path_of(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    ["", "no", "[]", "{}", '{"signed":{"_type":"targets"}}', "[" * 9**5, " " * MOST + "{"],
)
def test_what_is_no_root_is_not_kept(tmp_path: Path, text: str) -> None:
    assert not keep(tmp_path, text)
    assert not path_of(tmp_path).exists()


def test_what_a_cut_left_behind_is_written_over(tmp_path: Path) -> None:
    path_of(tmp_path).parent.mkdir()
    path_of(tmp_path).with_name("root.json.new").write_text("half of")
    assert keep(tmp_path, ROOT)
    assert [one.name for one in path_of(tmp_path).parent.iterdir()] == ["root.json"]
