"""A template is filled in whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.files.template import Tree, fill


def test_a_hole_is_filled_and_everything_else_stays(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/x").write_text("a @{port} ${HOME} %n @x { }\n")
    assert Tree(tmp_path, {"port": "80"}).text("/etc/x") == "a 80 ${HOME} %n @x { }\n"


def test_a_value_that_nobody_gave_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("@{port}")
    with pytest.raises(KeyError):
        Tree(tmp_path, {}).text("/x")


@given(st.text(), st.text())
def test_a_value_is_never_read_as_a_template(text: str, value: str) -> None:
    assert fill("@{a}" + text.replace("@", ""), {"a": value}) == value + text.replace("@", "")
