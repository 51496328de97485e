"""A root's own accounts count, and no link leads out of it."""

from pathlib import Path

import pytest

from provisioning.files.place import Outside, Place


def test_accounts_are_those_of_the_root(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.uid("kiosk") is None
    assert place.uid("root") == 0
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("bad line\nkiosk:x:987:986::/:/bin/sh\nx:y:z:0::\n")
    (tmp_path / "etc/group").write_text("kiosk:x:986:\n")
    place.forget_accounts()
    assert (place.uid("kiosk"), place.gid("kiosk"), place.uid("x")) == (987, 986, None)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "etc").symlink_to(tmp_path)
    with pytest.raises(Outside, match="/etc/passwd"):
        Place(root).at("/etc/passwd")


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    assert Place(tmp_path).at("/lib/x").parent.resolve() == tmp_path / "usr/lib"
