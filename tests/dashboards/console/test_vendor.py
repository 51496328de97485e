"""The copy of what comes from npm."""

from pathlib import Path

import pytest

from dashboards.console import vendor
from dashboards.console.settings import Settings


def test_everything_the_pages_need_is_copied(tmp_path: Path) -> None:
    for source in vendor.FILES.values():
        (tmp_path / "npm" / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "npm" / source).write_text(source)
    assert vendor.missing(tmp_path) == list(vendor.FILES)
    vendor.copy(tmp_path / "npm", tmp_path)
    assert vendor.missing(tmp_path) == []


def test_without_npm_the_copy_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        vendor.copy(tmp_path, tmp_path)


def test_this_copy_is_complete() -> None:
    assert vendor.missing(Settings().static) == [], vendor.ADVICE
