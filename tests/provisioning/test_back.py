"""`anjungan back`: two hands, the registrar's machine and an account of the office."""

from pathlib import Path

import pytest

from controller.back import target
from provisioning.back import main
from tests.support.registrar import Registry


def test_what_both_hands_have_set_up_is_shown(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.person("kepala", ("admin", ""))
    keys, office = ["--keys", str(registry.folder / "keys")], ["--database", registry.url]
    mine = [*office, "--as", "kepala", "32.73", "arsip"]
    assert main(["key", *keys]) == 0
    assert main(["key", *keys]) == 0
    first, second = capsys.readouterr().out.split()
    assert first == second
    assert first.startswith("whpk_")
    assert main(["allow", *keys, "32.73", "arsip", "--folder", str(tmp_path)]) == 0
    assert main(["add", *mine, "folder", "--service", "KTP-EL"]) == 0
    for word in ("off", "on", "again"):
        assert main([word, *mine]) == 0
    assert main(["show", *office]) == 0
    assert "32.73  arsip  folder  on: 0 sent, 0 waiting, 0 put aside" in capsys.readouterr().out
    assert main(["forbid", *keys, "32.73", "arsip"]) == 0
    assert main(["forbid", *keys, "32.73", "arsip"]) == 1
    assert target.load(registry.folder / "keys").targets == ()


def test_what_will_not_do_is_said(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.person("petugas", ("supervisor", ""))
    keys, office = ["--keys", str(registry.folder / "keys")], ["--database", registry.url]
    for line, why in (
        (["allow", *keys, "32.73", "x", "--webhook", "http://dinas.example/"], "only https"),
        (["add", *office, "--as", "petugas", "32.73", "x", "folder"], "inbox.keys"),
        (["add", *office, "--as", "siapa", "32.73", "x", "folder"], "does not exist"),
        (["show", "--database", ""], "say which database"),
    ):
        assert main(line) == 2
        assert why in capsys.readouterr().err
    registry.person("kepala", ("admin", ""))
    assert main(["on", *office, "--as", "kepala", "32.73", "x"]) == 2
    assert "has no back system x" in capsys.readouterr().err
