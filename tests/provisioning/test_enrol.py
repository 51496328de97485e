"""`anjungan enrol`: codes for one kiosk and for a district, and no half of either."""

import csv
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select

from controller.store.identity_tables import invitation
from controller.store.tables import kiosk
from provisioning import enrol
from provisioning.enrol import check_door, line_for, main, qr, read_pin
from tests.support.door import Door
from wire.invitation import BadCode, parse

DOOR = "https://door.example:8443"


@pytest.fixture
def asked(door: Door) -> list[str]:
    return ["--database", door.database, "--door", DOOR, "--server-ca", str(door.ca_file)]


def issued(door: Door) -> tuple[int, int]:
    with door.engine.connect() as conn:
        kiosks = conn.scalar(select(func.count()).select_from(kiosk))
        codes = conn.scalar(select(func.count()).select_from(invitation))
    return kiosks or 0, codes or 0


def test_one_kiosk_gets_a_code_a_line_and_a_picture(
    door: Door, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    door.register("bdg-sukasari-1")
    assert main([*asked, "bdg-sukasari-1"]) == 0
    said = capsys.readouterr().out
    line = next(one.strip() for one in said.splitlines() if "anjungan join" in one)
    made = parse(line.removeprefix(f"anjungan join {DOOR} "))
    assert line == line_for(DOOR, made.code)
    assert said.count(made.code) == 2
    assert "\u2588" in said  # the QR
    caller = door.caller("bdg-sukasari-1")
    assert caller.take(caller.enrol(made))["kiosk"] == "bdg-sukasari-1"
    assert made.pin == door.pin


def test_the_picture_may_be_left_out(
    door: Door, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    door.register("bdg-sukasari-1")
    assert main([*asked, "--no-qr", "bdg-sukasari-1"]) == 0
    assert "\u2588" not in capsys.readouterr().out


def test_a_line_is_a_picture_a_terminal_can_show() -> None:
    rows = qr(line_for(DOOR, "A" * 79)).splitlines()
    assert len(rows) < 60
    assert max(len(row) for row in rows) < 120


def test_a_list_gives_every_kiosk_a_file_for_its_owner_alone(
    door: Door, asked: list[str], tmp_path: Path
) -> None:
    door.register("bdg-sukasari-1")
    file, out = tmp_path / "kiosks.csv", tmp_path / "codes"
    file.write_text("kiosk,site,note\nbdg-sukasari-1,32.73.01,old\nlobby-2,32.73.09,new\n")
    assert main([*asked, "--csv", str(file), "--out", str(out)]) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {one.name for one in out.iterdir()} == {
        "bdg-sukasari-1.token",
        "lobby-2.token",
        "index.csv",
    }
    assert {stat.S_IMODE(one.stat().st_mode) for one in out.iterdir()} == {0o600}
    rows = list(csv.DictReader((out / "index.csv").open()))
    assert [(row["kiosk"], row["site"]) for row in rows] == [
        ("bdg-sukasari-1", "32.73.01"),
        ("lobby-2", "32.73.09"),
    ]
    assert issued(door) == (2, 2)
    for row in rows:
        line = (out / row["file"]).read_text()
        assert line.startswith(f"anjungan join {DOOR} ")
        made = parse(line.split()[-1])
        assert made.code not in (out / "index.csv").read_text()
        caller = door.caller(row["kiosk"])
        assert caller.take(caller.enrol(made))["kiosk"] == row["kiosk"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("UPPER-1,32.73.09", "line 3"),
        ("lobby-3,99.99.99", "line 3"),
        ("lobby-2,32.73.09", "line 3"),
        ("lobby-3", "line 3"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_done(
    door: Door,
    asked: list[str],
    tmp_path: Path,
    line: str,
    why: str,
    *,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, out = tmp_path / "kiosks.csv", tmp_path / "codes"
    file.write_text(f"kiosk,site\nlobby-2,32.73.09\n{line}\n")
    assert main([*asked, "--csv", str(file), "--out", str(out)]) == 2
    assert why in capsys.readouterr().err
    assert issued(door) == (0, 0)
    assert not out.exists()


def test_a_folder_with_something_in_it_is_left_alone(
    door: Door, asked: list[str], tmp_path: Path
) -> None:
    file, out = tmp_path / "kiosks.csv", tmp_path / "codes"
    file.write_text("kiosk,site\nlobby-2,32.73.09\n")
    out.mkdir()
    (out / "mine").write_text("mine")
    assert main([*asked, "--csv", str(file), "--out", str(out)]) == 2
    assert [one.name for one in out.iterdir()] == ["mine"]
    assert issued(door) == (0, 0)


def test_a_disk_that_fills_leaves_neither_files_nor_codes(
    door: Door, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = tmp_path / "kiosks.csv", tmp_path / "codes"
    file.write_text("kiosk,site\nlobby-2,32.73.09\nlobby-3,32.73.09\n")
    whole = enrol._write

    def until_full(path: Path, text: str) -> None:
        if path.name == "lobby-3.token":
            raise OSError(28, "No space left on device")
        whole(path, text)

    monkeypatch.setattr(enrol, "_write", until_full)
    assert main([*asked, "--csv", str(file), "--out", str(out)]) == 2
    assert list(out.iterdir()) == []
    assert issued(door) == (0, 0)


def test_who_is_unknown_or_gone_is_said(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "nobody-1"]) == 2
    assert "register it first" in capsys.readouterr().err
    for wrong in ([*asked, "--door", "http://door:1", "x-1"], [*asked, "--database", "", "x-1"]):
        assert main(wrong) == 2


@pytest.mark.parametrize("more", [[], ["kiosk-1", "--csv", "x", "--out", "y"], ["--csv", "x"]])
def test_one_or_many_must_be_said(asked: list[str], more: list[str]) -> None:
    with pytest.raises(SystemExit):
        main([*asked, *more])


def test_a_door_is_an_address_kiosks_can_reach(tmp_path: Path) -> None:
    assert check_door("https://door.example:8443/") == DOOR
    for wrong in (
        "door.example",
        "http://door.example",
        "https://",
        "https://d/path",
        "https://d?x",
    ):
        with pytest.raises(ValueError, match="--door"):
            check_door(wrong)
    nonsense = tmp_path / "ca.pem"
    nonsense.write_text("nonsense")
    with pytest.raises(ValueError, match="--server-ca"):
        read_pin(nonsense)
    with pytest.raises(BadCode):
        parse("nonsense")
