"""The portal put together from its options."""

from pathlib import Path

import msgspec
import pytest

from portal.built import Options, build
from wire.citizen import Sync
from wire.local import SYNC


def test_with_everything_given_everything_is_there(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("notices", "content", "tray", "asks")}
    its, content = build(
        Options("k", "32.73.05", **folders, queue="struk", photos="https://kantor.example/")
    )
    assert its.handing
    assert its.tickets
    assert its.printer
    assert its.inquiry
    assert its.photos_at == "https://kantor.example/foto"
    assert content.look().shown.catalogue is None
    (tmp_path / "tray" / SYNC).write_bytes(msgspec.json.encode(Sync(at=5)))
    heard = its.sync()
    assert heard
    assert heard.at == 5


def test_with_nothing_given_the_screen_still_lives() -> None:
    its, _ = build(Options("k"))
    assert (its.handing, its.tickets, its.printer, its.inquiry) == (None, None, None, None)
    assert its.local() is None


def test_a_tray_that_cannot_be_made_is_said_and_leaves_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    its, _ = build(Options("k", "32.73.05", tray=tmp_path / "file" / "tray"))
    assert its.handing is None
    assert "the tray" in capsys.readouterr().err
