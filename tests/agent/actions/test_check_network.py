"""The way to the office, with each part of it broken in turn."""

from tests.agent.actions.conftest import Bench
from tests.agent.actions.offices import OfficeDoor, an_office


def test_every_step_says_its_milliseconds(bench: Bench, office: OfficeDoor) -> None:
    port = int(office.url.rpartition(":")[2])
    bench.settings["broker"] = {"host": "127.0.0.1", "port": port}
    ended = bench.run("check_network")
    assert ended.state == "succeeded", ended
    for name in ("name_ms", "broker_tcp_ms", "broker_tls_ms", "door_tls_ms", "time_ms"):
        assert isinstance(ended.facts[name], float)
    assert abs(int(str(ended.facts["time_off_ms"]))) < 10_000


def test_a_broker_that_is_gone_is_named_and_the_rest_still_tried(
    bench: Bench, office: OfficeDoor
) -> None:
    assert office.url
    bench.settings["broker"] = {"host": "127.0.0.1", "port": 9, "plain": True}
    ended = bench.run("check_network")
    assert (ended.state, ended.code) == ("failed", "broker")
    assert (ended.facts["broker_ok"], ended.facts["door_ok"]) == (False, True)


def test_a_name_nobody_knows_comes_before_what_follows_from_it(bench: Bench) -> None:
    bench.settings["broker"] = {"host": "no.such.invalid", "port": 9, "ca": "x"}
    bench.root = bench.folder
    (bench.folder / "proc/net").mkdir(parents=True)
    ended = bench.run("check_network")
    assert ended.code == "route"
    assert (ended.facts["name_ok"], ended.facts["broker_ok"]) == (False, False)


def test_a_wrong_clock_is_said(bench: Bench) -> None:
    with an_office(bench, off_ms=200_000) as played:
        port = int(played.url.rpartition(":")[2])
        bench.settings["broker"] = {"host": "127.0.0.1", "port": port}
        ended = bench.run("check_network")
    assert (ended.code, ended.facts["time_ok"]) == ("time", False)
