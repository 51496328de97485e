"""What the processes of the office have in common."""

import argparse
import time

import pytest

from controller.process import add_database, read_options, voice, wall


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser("anjungan something")
    add_database(made)
    return made


def test_a_database_is_named_on_the_line_or_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANJUNGAN_DATABASE", raising=False)
    assert read_options(parser(), ["--database", "sqlite:///a"]).database == "sqlite:///a"
    with pytest.raises(SystemExit) as left:
        read_options(parser(), [])
    assert left.value.code == 2
    assert "say where the database is" in capsys.readouterr().err
    monkeypatch.setenv("ANJUNGAN_DATABASE", "sqlite:///b")
    assert read_options(parser(), []).database == "sqlite:///b"


def test_each_says_who_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    voice("registrar")("listens")
    assert capsys.readouterr().err == "registrar: listens\n"


def test_its_clock_counts_milliseconds() -> None:
    assert abs(wall() - time.time() * 1000) < 60_000
