"""The notice to citizens: written, shown by the real portal, taken back."""

import json
from typing import Any

from agent.actions.maintenance import FILE
from portal.desk import Request
from tests.agent.actions.conftest import Bench


def test_it_is_shown_and_taken_away_again(bench: Bench, a_portal: Any) -> None:
    bench.settings["probes"]["portal"] = {"port": a_portal.server_port}
    ended = bench.run("maintenance", on=True, why="Ganti kertas")
    assert (ended.state, ended.facts["portal"]) == ("succeeded", "says so")
    assert b"Ganti kertas" in a_portal.document(Request("GET", "/")).body
    assert bench.noted == [""]
    ended = bench.run("maintenance", on=False)
    assert (ended.state, ended.facts["was_on"]) == ("succeeded", True)
    assert not (bench.state / FILE).exists()
    assert "Ganti kertas" in bench.noted[1]


def test_since_when_stays_when_only_the_reason_changes(bench: Bench) -> None:
    first = bench.run("maintenance", on=True).facts["since"]
    assert bench.run("maintenance", on=True, why="x").facts["since"] == first
    assert json.loads((bench.state / FILE).read_text()) == {"since": first, "why": "x"}
    assert (bench.state / FILE).stat().st_mode & 0o777 == 0o644


def test_what_was_cut_is_taken_back_to_what_it_was(bench: Bench) -> None:
    before = '{"since": 5, "why": "a"}'
    for _ in range(2):  # also when that was cut
        ended = bench.run("maintenance", on=False, mode="undo", undo=before)
        assert (ended.state, ended.facts["on"]) == ("succeeded", True)
        assert (bench.state / FILE).read_text() == before
    bench.run("maintenance", on=True, mode="undo", undo="")
    assert not (bench.state / FILE).exists()


def test_a_portal_that_does_not_say_so_is_no_success(bench: Bench) -> None:
    bench.settings["probes"]["portal"] = {"port": 9}
    ended = bench.run("maintenance", on=True)
    assert (ended.state, ended.code) == ("failed", "not_shown")
