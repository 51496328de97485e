"""The command line: exit codes, remembered options, a list, and what is said to whom."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioning.files.command import BadSetting, Kind, add_options, chosen, run
from provisioning.files.compare import Difference
from provisioning.files.ledger import Ledger
from provisioning.files.place import Place
from provisioning.files.rows import File, Folder, Row


@dataclass(frozen=True)
class Settings:
    name: str = "one"
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.name == "bad":
            raise BadSetting("--name 'bad': another one")


def rows(settings: Settings) -> list[Row]:
    return [File("/etc/a", f"{settings.name}\n", "because", then="reload a"), Folder("/b", "why")]


def marked(place: Place) -> Iterator[Difference]:
    if place.at("/marked").exists():
        yield Difference("/marked", "is there", act="remove it")


KIND = Kind("some-files", Settings, rows, lambda _: [marked], "/none")


def command(root: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    add_options(parser)
    parser.add_argument("--name")
    parser.add_argument("--hosts", action="append")
    return run(KIND, parser.parse_args(["--root", str(root), *words]))


def test_check_then_write_then_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(tmp_path, "--check") == 1
    said = capsys.readouterr().out
    assert "/etc/a: missing" in said
    assert f"anjungan some-files --root {tmp_path}" in said
    assert list(tmp_path.iterdir()) == []
    assert command(tmp_path) == 0
    assert "  reload a" in capsys.readouterr().out
    assert command(tmp_path, "--check") == 0


def test_a_second_run_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(tmp_path)
    capsys.readouterr()
    assert command(tmp_path) == 0
    assert capsys.readouterr().out == ""


def test_options_are_remembered(tmp_path: Path) -> None:
    command(tmp_path, "--name", "two", "--hosts", "x", "--hosts", "y")
    assert command(tmp_path, "--check") == 0
    assert (tmp_path / "etc/a").read_text() == "two\n"
    assert command(tmp_path, "--name", "three") == 0
    assert (tmp_path / "etc/a").read_text() == "three\n"
    ledger = Ledger(tmp_path / "var/lib/anjungan-files/written.json")
    assert chosen(Settings, argparse.Namespace(), ledger) == Settings("three", ("x", "y"))


def test_a_change_by_hand_is_left_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(tmp_path)
    (tmp_path / "etc/a").write_text("mine\n")
    assert command(tmp_path) == 1
    said = capsys.readouterr().out
    assert "left to you: /etc/a: changed by hand" in said
    assert "anjungan-files/new" in said
    assert command(tmp_path, "--force") == 0


def test_what_belongs_to_others_is_said_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(tmp_path)
    (tmp_path / "marked").touch()
    assert command(tmp_path) == 1
    assert "left to you: /marked: is there; remove it" in capsys.readouterr().out
    assert command(tmp_path, "--check") == 1


def test_the_list_gives_rights_and_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, "--list") == 0
    assert "/etc/a  [0644 root:root]\n    because" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("--name", "bad"), ("--root", "/nowhere-at-all")])
def test_what_cannot_be_used_ends_with_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    assert command(tmp_path, *words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_disk_that_cannot_be_written_says_who_must_act(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "etc").write_text("a file where a folder belongs")
    assert command(tmp_path) == 2
    assert "as root" in capsys.readouterr().err
