"""Types of files by their names and how they begin."""

import pytest

from controller.releases.types import TYPES, suffix_of, wrong_type


@pytest.mark.parametrize("suffix", sorted(TYPES))
def test_each_type_is_taken_when_it_begins_as_it_should(suffix: str) -> None:
    assert wrong_type(f"a/b.{suffix.upper()}", TYPES[suffix][0] + b"...") == ""


def test_what_begins_otherwise_or_has_no_type_is_refused() -> None:
    assert "does not begin" in wrong_type("a.jpg", b"<html>")
    for path in ("a", ".htaccess", "a.exe", "a.", "js", "a.html/b"):
        assert "no" in wrong_type(path, b"")
    assert suffix_of("a.tar.GZ") == "gz"
