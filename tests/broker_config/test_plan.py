"""Mosquitto wherever it is, else the fallback that says so, else a word on who must act."""

from pathlib import Path

import pytest

from broker_config.plan import as_owner, choose, prepare
from broker_config.settings import BrokerRefused, Settings

SETTINGS = Settings(port=1883, state=Path("state"))


def nowhere(_: str) -> None:
    return None


def test_prefers_mosquitto() -> None:
    plan = choose(SETTINGS, which=lambda _: "/usr/sbin/mosquitto")
    assert plan.program == "mosquitto"
    assert plan.argv[0] == "/usr/sbin/mosquitto"
    assert plan.lacks == ()


def test_takes_the_fallback_where_mosquitto_is_missing_and_says_so() -> None:
    plan = choose(SETTINGS, which=nowhere, fallback_installed=lambda: True)
    assert plan.program == "fallback"
    assert plan.why == "mosquitto is not installed"
    assert plan.lacks


def test_takes_the_fallback_when_asked() -> None:
    plan = choose(SETTINGS, only_fallback=True, fallback_installed=lambda: True)
    assert (plan.program, plan.why) == ("fallback", "asked for")


def test_says_who_must_act_when_there_is_neither() -> None:
    with pytest.raises(BrokerRefused, match="administrator must install mosquitto"):
        choose(SETTINGS, which=nowhere, fallback_installed=lambda: False)


def test_prepare_writes_the_file_and_starts_nothing(tmp_path: Path) -> None:
    settings = Settings(port=1883, state=tmp_path / "new" / "state")
    plan = choose(settings, which=lambda _: "/usr/sbin/mosquitto")
    child = prepare(plan, settings, tmp_path / "broker.log")
    assert plan.file.read_text() == plan.text
    assert not child.running


def test_runs_as_the_owner_of_its_folder_when_root_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(port=1883, state=tmp_path / "state")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert as_owner(settings).user == ""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert as_owner(settings).user == (tmp_path / "state").owner()
