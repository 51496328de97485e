"""`anjungan registrar`: each word finds who serves it; what was refused is shown, judged anew."""

import pytest

from controller.door import citizens, records
from controller.store.citizen_tables import record
from controller.store.engine import writing
from provisioning.registrar import main
from tests.support.registrar import NAME, NOW, Portal, Registry
from wire.citizen import Told


def test_refused_records_are_shown_with_their_reason_and_judged_once_more(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    portal = Portal(NAME, registry.keys)
    assert registry.judged(portal.record()).why == "unsigned"
    where = ["refused", "--database", registry.url]
    assert main(where) == 0
    said = capsys.readouterr().out
    assert "unsigned: its signature is wrong" in said
    assert "1 records lie aside" in said
    with writing(registry.engine) as conn:
        records.keep_key(conn, NAME, portal.public, NOW)
    assert main([*where, "--judge", "1"]) == 0
    assert main([*where, "--judge", "1"]) == 1  # it waits already
    assert registry.clerk.step() == 1
    assert registry.row(record, 1).state == "accepted"


def test_what_a_kiosk_still_keeps_is_told_as_it_last_said(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["trays", "--database", registry.url, NAME]
    assert main(where) == 0
    assert f"{NAME}  never said what it keeps" in capsys.readouterr().out
    with writing(registry.engine) as conn:
        citizens.write_down(conn, NAME, Told(waiting=3, oldest=1_795_314_600_000), NOW)
    assert main(where) == 0
    assert f"{NAME}  3 sealed records, the oldest of 2026-11-22 02:30" in capsys.readouterr().out


def test_each_word_reaches_its_room(capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in ((["run", "--help"], "--listen"), (["keys", "--help"], "rotate")):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 0
        assert said in capsys.readouterr().out
    assert main(["refused", "--database", ""]) == 2
