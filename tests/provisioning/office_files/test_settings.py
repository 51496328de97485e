"""Options of an office are checked before they reach a unit that root's systemd reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.files.command import BadSetting
from provisioning.office_files.settings import Settings


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "--name"),
        ({"name": ("a b",)}, "--name"),
        ({"name": ("a\nUser=root",)}, "--name"),
        ({"name": ("-x",)}, "--name"),
        ({"name": ("a",), "database": "postgresql://x:secret@db/a"}, "no password here"),
        ({"name": ("a",), "database": "office.db"}, "--database"),
        ({"name": ("a",), "bind": "eth0"}, "--bind"),
        ({"name": ("a",), "console_bind": ""}, "--console-bind"),
        ({"name": ("a",), "door_port": 443}, "ports"),
        ({"name": ("a",), "door_port": 8883}, "ports are the same"),
        ({"name": ("a",), "preview_port": 8444}, "ports are the same"),
    ],
)
def test_what_cannot_be_right_is_refused(given: dict[str, object], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        Settings(**given)  # type: ignore[arg-type]


def test_usual_options_are_taken() -> None:
    assert Settings(name=("kantor.example", "10.0.0.5")).sqlite
    elsewhere = Settings(name=("fd00::1",), database="postgresql+psycopg:///anjungan")
    assert not elsewhere.sqlite


@given(st.text())
def test_no_text_breaks_out_of_a_line(text: str) -> None:
    for option in ("name", "database"):
        values = {"name": ("a",)} | {option: (text,) if option == "name" else text}
        try:
            Settings(**values)  # type: ignore[arg-type]
        except BadSetting:
            continue
        assert not set(text) & set(" \t\r\n\"'\\{};#$%*")
