"""The portal's own files."""

from pathlib import Path

from portal.assets import FILES, STATIC, load


def test_every_file_of_the_table_is_there_but_what_comes_from_npm() -> None:
    missing = [name for name in FILES if f"/{name}" not in load()]
    assert all(name.startswith("vendor/") for name in missing)


def test_every_file_of_the_folder_is_in_the_table() -> None:
    there = {str(path.relative_to(STATIC)) for path in Path(STATIC).rglob("*") if path.is_file()}
    assert there <= set(FILES)
