"""Which root a kiosk is given when it joins."""

from pathlib import Path

from controller.door.first_root import newest_root


def test_the_newest_root_is_given_and_nothing_else(tmp_path: Path) -> None:
    assert newest_root(None) == ""
    assert newest_root(tmp_path) == ""
    metadata = tmp_path / "metadata"
    metadata.mkdir()
    assert newest_root(tmp_path) == ""
    for name in (
        "2.root.json",
        "10.root.json",
        "11.targets.json",
        ".12.root.json.new",
        "x.root.json",
    ):
        (metadata / name).write_text(name)
    assert newest_root(tmp_path) == "10.root.json"
