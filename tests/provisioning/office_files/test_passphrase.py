"""The passphrase must be there, for root alone; nobody reads it here."""

from pathlib import Path

import pytest

from provisioning.files.place import Place
from provisioning.office_files.passphrase import PATH, passphrase


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        (None, 0, ["missing"]),
        ("", 0o600, ["empty"]),
        ("x", 0o640, ["others may read it"]),
        ("x", 0o600, []),
        ("x", 0o400, []),
    ],
)
def test_each_mistake_is_told(tmp_path: Path, text: str | None, mode: int, told: list[str]) -> None:
    at = tmp_path / PATH.lstrip("/")
    at.parent.mkdir(parents=True)
    if text is not None:
        at.write_text(text)
        at.chmod(mode)
    found = list(passphrase(Place(tmp_path)))
    assert [one.what for one in found] == told
    assert all(one.act for one in found)
