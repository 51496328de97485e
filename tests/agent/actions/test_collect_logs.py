"""A kiosk's log: masked, within its size, and really at the door."""

import gzip
import os
from pathlib import Path

import pytest

from agent.actions import collect_logs
from agent.actions.base import Failed
from agent.actions.collect_logs import packed_within
from tests.agent.actions.conftest import Bench
from tests.agent.actions.offices import OfficeDoor


def test_the_log_arrives_without_citizens_numbers(
    bench: Bench, office: OfficeDoor, tmp_path: Path
) -> None:
    log = tmp_path / "portal.log"
    log.write_text("first\nnik 3273 0102 0345 0001 siti@example.id\n" + "\xff last\n")
    bench.settings["actions"]["collect_logs"] = {"journal": False, "files": [str(log), "/no/*"]}
    ended = bench.run("collect_logs", most_kb=64)
    assert ended.state == "succeeded", ended
    ((_, kind, body),) = office.stored
    text = gzip.decompress(body).decode()
    assert kind == "application/gzip"
    assert "nik [number] [e-mail]" in text
    assert "3273" not in text
    assert "== settings" in text
    assert int(str(ended.facts["masked"])) >= 2
    assert ended.facts["bytes"] == len(body) <= 64 * 1024


def test_what_lies_in_the_place_of_a_log_is_not_followed(
    bench: Bench, office: OfficeDoor, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    secret, own = tmp_path / "secret", Path(bench.settings["state_dir"]) / "own.log"
    secret.write_text("the key of somebody\n")
    own.write_text("the key of the agent\n")
    (logs / "a.log").symlink_to(secret)
    (logs / "b.log").symlink_to(own.parent)
    os.mkfifo(logs / "c.log")
    (logs / "d.log").write_text("said\n")
    found = [str(logs / "*.log"), str(logs / "b.log" / "*"), str(own)]
    bench.settings["actions"]["collect_logs"] = {"journal": False, "files": found}
    ended = bench.run("collect_logs")
    assert ended.state == "succeeded", ended
    text = gzip.decompress(office.stored[0][2]).decode()
    assert "said" in text
    assert "the key of" not in text
    assert text.count("(cannot be read: ") >= 5


def test_half_a_number_at_the_beginning_of_what_is_read_is_left_out(
    bench: Bench, office: OfficeDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "portal.log"
    log.write_text("nik 3273010203450001\nlast\n")
    monkeypatch.setattr(collect_logs, "MOST_FILE", len("0203450001\nlast\n"))
    bench.settings["actions"]["collect_logs"] = {"journal": False, "files": [str(log)]}
    assert bench.run("collect_logs").state == "succeeded"
    text = gzip.decompress(office.stored[0][2]).decode()
    assert "last" in text
    assert "0203450001" not in text


def test_nothing_unmasked_touches_the_disk(
    bench: Bench, office: OfficeDoor, tmp_path: Path
) -> None:
    assert office.url
    log = tmp_path / "portal.log"
    log.write_text("nik 3273010203450001\n")
    before = set(tmp_path.rglob("*"))
    bench.settings["actions"]["collect_logs"] = {"journal": False, "files": [str(log)]}
    bench.run("collect_logs")
    assert set(tmp_path.rglob("*")) == before


def test_the_newest_lines_are_kept_when_not_all_fit() -> None:
    log = [f"{at} {hash(str(at))}" for at in range(20_000)]
    packed, kept = packed_within(["around"], log, 20_000)
    text = gzip.decompress(packed).decode().splitlines()
    assert len(packed) <= 20_000
    assert text[0] == "around"
    assert text[-1] == log[-1]
    assert len(text) == kept + 1 < 20_001


def test_circumstances_that_do_not_fit_are_said() -> None:
    with pytest.raises(Failed):
        packed_within([f"{hash(str(at))}" for at in range(5000)], [], 1000)


def test_without_a_door_nothing_is_claimed(bench: Bench) -> None:
    bench.settings["actions"]["collect_logs"] = {"journal": False}
    assert bench.run("collect_logs").code == "no_identity"
