"""What the portal takes from npm."""

from pathlib import Path

import pytest

from portal import vendor


def test_files_are_copied_byte_for_byte(tmp_path: Path) -> None:
    for source in vendor.FILES.values():
        path = tmp_path / "modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.encode())
    vendor.copy(tmp_path / "modules", tmp_path / "static")
    for name, source in vendor.FILES.items():
        assert (tmp_path / "static/vendor" / name).read_bytes() == source.encode()


def test_without_npm_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vendor, "HERE", tmp_path)
    assert vendor.main() == 1
    assert "npm ci" in capsys.readouterr().err
