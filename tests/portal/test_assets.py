"""The portal's own files."""

from pathlib import Path

from portal.assets import FILES, KEPT, STATIC, keeping, load, version


def test_every_file_of_the_table_is_there_but_what_comes_from_npm() -> None:
    missing = [name for name in FILES if f"/{name}" not in load()]
    assert all(name.startswith("vendor/") for name in missing)


def test_every_file_of_the_folder_is_in_the_table() -> None:
    there = {str(path.relative_to(STATIC)) for path in Path(STATIC).rglob("*") if path.is_file()}
    assert there <= set(FILES)


def test_a_browser_keeps_only_what_an_address_names(tmp_path: Path) -> None:
    assert keeping("/pages.css", "v=abc") == {"Cache-Control": KEPT}
    assert keeping("/pages.css", "") == {}
    assert keeping("/pictures.svg", "")["Cache-Control"].startswith("max-age")
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    before = version(tmp_path)
    (tmp_path / "pages.css").write_text("other")
    assert version(tmp_path) != before
