"""`anjungan authority` as a person types it: init, show, protect, backup, restore."""

from pathlib import Path

import pytest

from provisioning.authority.__main__ import groups_of, main
from provisioning.authority.certificates import BadName
from provisioning.authority.pair import alone, load
from provisioning.authority.passphrase import OF_BACKUPS, OF_KEYS

WORD = "sebuah kata sandi panjang"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in (OF_KEYS, OF_BACKUPS):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return str(tmp_path / "authority")


def test_made_shown_carried_away_and_back(
    folder: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["init", "--authority", folder, "--name", "kantor.example"]) == 0
    assert main(["init", "--authority", folder]) == 0
    pin = load(Path(folder), None).server.pin.hex()
    file, there = str(tmp_path / "backup"), str(tmp_path / "there")
    monkeypatch.setenv(OF_BACKUPS, WORD)
    assert main(["backup", "--authority", folder, file]) == 0
    assert Path(file).stat().st_mode & 0o777 == 0o600
    assert main(["restore", "--authority", there, file]) == 0
    capsys.readouterr()
    assert main(["show", "--authority", there]) == 0
    assert pin in capsys.readouterr().out
    assert main(["restore", "--authority", there, file]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["restore", "--authority", there, "--force", file]) == 0


def test_without_a_passphrase_there_is_no_backup(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", "--authority", folder])
    assert main(["backup", "--authority", folder, str(tmp_path / "backup")]) == 2
    assert OF_BACKUPS in capsys.readouterr().err
    assert not (tmp_path / "backup").exists()


def test_a_backup_does_not_overwrite_another(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OF_BACKUPS, WORD)
    main(["init", "--authority", folder])
    (tmp_path / "backup").write_text("an older one")
    assert main(["backup", "--authority", folder, str(tmp_path / "backup")]) == 2
    assert (tmp_path / "backup").read_text() == "an older one"


def test_keys_get_their_passphrase_later_and_only_once(
    folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", "--authority", folder])
    assert main(["protect", "--authority", folder]) == 2
    monkeypatch.setenv(OF_KEYS, WORD)
    assert main(["show", "--authority", folder]) == 2
    assert "authority protect" in capsys.readouterr().err
    assert main(["protect", "--authority", folder]) == 0
    assert main(["protect", "--authority", folder]) == 0
    assert main(["show", "--authority", folder]) == 0
    monkeypatch.setenv(OF_KEYS, WORD + "!")
    assert main(["show", "--authority", folder]) == 2
    assert main(["protect", "--authority", folder]) == 2
    assert WORD not in capsys.readouterr().err


def test_a_restore_waits_for_nobody_while_a_warden_runs(
    folder: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(OF_BACKUPS, WORD)
    main(["init", "--authority", folder])
    main(["backup", "--authority", folder, str(tmp_path / "backup")])
    with alone(Path(folder), "warden", wait=False):
        argv = ["restore", "--authority", folder, "--force", str(tmp_path / "backup")]
        assert main(argv) == 2
    assert "stop it first" in capsys.readouterr().err


def test_an_unknown_group_is_refused(folder: str) -> None:
    with pytest.raises(BadName, match="no group"):
        groups_of(["broker=no-such-group"])
    assert main(["init", "--authority", folder, "--group", "broker=no-such-group"]) == 2
    assert groups_of(["broker=root"]) == {"broker": 0}


def test_show_of_nothing_says_what_to_do(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(folder).mkdir()
    assert main(["show", "--authority", folder]) == 2
    assert "anjungan authority init" in capsys.readouterr().err
