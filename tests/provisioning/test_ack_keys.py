"""The key that acknowledges: known ahead, believed until all have the next, gone when stolen."""

import io
from pathlib import Path

import pytest
from sqlalchemy import insert

from agent.submissions.ring import KeyRing
from controller.registrar.keys import ACK, load
from controller.store.citizen_tables import record
from controller.store.engine import writing
from controller.store.release_tables import reported
from provisioning.ack_keys import announce, behind, main, retire, revoke, sign
from provisioning.registrar_keys import begin
from tests.support.registrar import NAME, NOW, Registry
from wire.submission import Ack, Keys

ACKED = Ack(kiosk=NAME, id="1" * 32, sha256="2" * 64, outcome="accepted", at=NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    begin(tmp_path / "keys", NOW)
    return tmp_path / "keys"


def believed(folder: Path, *contents: Keys) -> list[bool]:
    """Whether kiosks that show these contents forget a record by what the office says now."""
    signed = load(folder).sign(ACKED)
    return [KeyRing(keys).read(signed) == ACKED for keys in contents]


def test_kiosks_with_old_and_with_new_content_believe_every_step(folder: Path) -> None:
    old = load(folder).public
    both = announce(folder)
    assert believed(folder, old, both) == [True, True]
    turned = sign(folder)
    assert believed(folder, both, turned) == [True, True]
    alone = retire(folder)
    assert believed(folder, both, turned, alone) == [True, True, True]
    assert [path.stem for path in (folder / ACK).iterdir()] == [alone.ack[0].id]
    assert alone.ack[0].id != old.ack[0].id


def test_row_62_a_stolen_key_is_believed_by_no_kiosk_with_the_new_content(folder: Path) -> None:
    old, stolen = load(folder).public, load(folder).sign(ACKED)
    new = revoke(folder)
    assert KeyRing(new).read(stolen) is None
    assert believed(folder, old, new) == [False, True], "the old content waits for an honest word"
    assert [path.stem for path in (folder / ACK).iterdir()] == [new.ack[0].id]


def test_no_step_is_taken_twice_and_none_before_its_time(folder: Path) -> None:
    with pytest.raises(ValueError, match="one key only"):
        sign(folder)
    announce(folder)
    with pytest.raises(ValueError, match="known beside the first"):
        announce(folder)


def test_a_cut_before_the_old_key_is_destroyed_leaves_one_that_nobody_believes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_: Path) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr("provisioning.ack_keys.wipe", cut)
        with pytest.raises(OSError, match="power"):
            revoke(folder)
    assert len(load(folder).public.ack) == 1
    retire(folder)
    assert len([*(folder / ACK).iterdir()]) == 1


def test_an_answer_by_a_key_that_is_gone_is_signed_anew_and_one_still_known_is_not(
    any_registry: Registry,
) -> None:
    registry = any_registry
    number = registry.arrive(registry.portal().record())
    first = registry.clerk.judge(number)
    announce(registry.folder / "keys")
    sign(registry.folder / "keys")
    registry.load()
    assert registry.clerk.judge(number) == first
    registry.keys = retire(registry.folder / "keys")
    registry.load()
    anew = registry.clerk.judge(number)
    assert anew is not None
    assert first is not None
    assert (anew.text, anew.key) == (first.text, registry.keys.ack[0].id)
    assert registry.read(anew).outcome == "accepted"
    assert registry.row(record, number).ack["key"] == anew.key
    assert registry.clerk.judge(number) == anew


def typed(monkeypatch: pytest.MonkeyPatch, answer: str, *words: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    return main(words)


def test_the_words_of_the_command_line(
    registry: Registry, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, where = ("--keys", str(registry.folder / "keys")), ("--database", registry.url)
    assert typed(monkeypatch, "yes", "retire", *keys) == 0
    assert main(["announce", *keys]) == 0
    assert main(["announce", *keys]) == 2
    row = {"kiosk_id": 1, "bundle": "layanan", "seq": 6, "wanted_seq": 6, "attempt": 1}
    row |= {"state": "installed", "done": 0, "total": 0, "code": "", "why": "", "facts": {}}
    with writing(registry.engine) as conn:
        conn.execute(insert(reported).values(**row, at=NOW))
        assert (behind(conn, 6), len(behind(conn, 7))) == ([], 1)
    signs = ("sign", *keys, *where)
    assert typed(monkeypatch, "no", *signs, "--release", "7") == 1
    assert "1 kiosks show an older release than 7" in capsys.readouterr().out
    assert typed(monkeypatch, "no", *signs, "--release", "6") == 0
    for word in ("retire", "revoke"):
        assert typed(monkeypatch, "no", word, *keys) == 1
        assert typed(monkeypatch, "yes", word, *keys) == 0
        assert "publish" in capsys.readouterr().out
    assert len(load(registry.folder / "keys").public.ack) == 1
