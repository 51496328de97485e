"""Lists that are broken, gone, stale or forged: they never reach the broker, or it is stopped.

Mosquitto 2.0.11 itself goes on, open to all, after a reload with lists it cannot read.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.identity import IdentityBroker
from tests.support.mqtt import Closed
from tests.support.pki import Authority
from tests.support.wait import until
from wire import topics

A, B, GONE = "bdg-coblong-1", "bdg-coblong-2", "bdg-coblong-3"
NOT_AUTHORIZED = 0x87
Broken = Callable[[IdentityBroker], dict[str, Any]]


def comes_in(broker: IdentityBroker, name: str) -> bool:
    try:
        with broker.kiosk(name) as kiosk:
            return bool(kiosk.connack.reason_code == 0)
    except (OSError, Closed):
        return False


def forges(broker: IdentityBroker) -> bool:
    """A kiosk speaks for another. False also when the broker is gone."""
    try:
        with broker.kiosk(A) as a:
            return a.publish(topics.up(B, "reading")) != NOT_AUTHORIZED
    except (OSError, AssertionError):
        return False


@pytest.fixture
def broker(identity_broker: IdentityBroker) -> IdentityBroker:
    """One kiosk is revoked already."""
    identity_broker.make_kiosk(GONE)
    assert identity_broker.revoke(GONE)["ok"]
    return identity_broker


def _crl(broker: IdentityBroker, **more: Any) -> str:
    broker.number += 1
    return broker.pki.revocation_list([GONE], broker.number, **more).decode()


BROKEN: dict[str, Broken] = {
    "garbage": lambda _: {"crl": "garbage"},
    "empty": lambda _: {"crl": ""},
    "half": lambda broker: {"crl": _crl(broker)[:300]},
    "ended": lambda b: {"crl": _crl(b, from_day=-8, to_day=-0.001), "crl_number": b.number},
    "to come": lambda b: {"crl": _crl(b, from_day=1), "crl_number": b.number},
    "forged": lambda b: {"crl": _crl(b, signed_by=Authority("x")), "crl_number": b.number},
    "of another": lambda _: {"crl": Authority("x").revocation_list([1], 99).decode()},
    "lower": lambda b: {"crl": b.pki.revocation_list([GONE], 1).decode(), "crl_number": 1},
    "other number": lambda b: {"crl_number": b.number + 7},
    "without the probe": lambda b: {
        "crl": b.pki.device.revocation_list([b.pki.serials[GONE]], b.number).decode()
    },
    "a line in a name": lambda _: {"denied": ["x\ntopic readwrite #"]},
    "everybody": lambda _: {"denied": ["#"]},
    "the office": lambda _: {"denied": ["_office"]},
    "drop the office": lambda _: {"drop": ["_keeper"]},
    "wrong kinds": lambda _: {"crl_number": "7"},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_row_37_a_bad_list_never_reaches_the_broker(broker: IdentityBroker, kind: str) -> None:
    before = {path: path.read_bytes() for path in (broker.state / "in-force").glob("*[!n]")}
    pid = broker.pid
    broker.number += 1
    with broker.kiosk(A) as a:
        answer = broker.apply(**BROKEN[kind](broker))
        assert answer["ok"] is False
        assert "stays" in answer["why"]
        a.ping()
    assert broker.pid == pid
    assert {path: path.read_bytes() for path in before} == before
    assert not comes_in(broker, GONE)
    assert comes_in(broker, A)


def test_row_37_a_file_that_says_another_stamp_than_its_name_is_refused(
    broker: IdentityBroker,
) -> None:
    broker.want()
    until(lambda: broker.answer(broker.stamp), 30)
    said = json.loads((broker.exchange / "wanted" / f"{broker.stamp:020d}.json").read_bytes())
    broker.stamp += 1
    broker.write(json.dumps(said).encode())
    answer = until(lambda: broker.answer(broker.stamp), 30)
    assert answer["ok"] is False
    assert "stamp" in answer["why"]


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"stamp":9}']
)
def test_row_37_what_is_no_list_at_all_is_answered_and_changes_nothing(
    broker: IdentityBroker, raw: bytes
) -> None:
    broker.stamp += 1
    broker.write(raw)
    answer = until(lambda: broker.answer(broker.stamp), 30)
    assert answer["ok"] is False
    assert "warden" in answer["why"]
    assert not comes_in(broker, GONE)
    assert comes_in(broker, A)
    assert broker.apply()["ok"], "and a good one is taken again"


def test_row_37_a_list_past_half_of_its_life_is_said(broker: IdentityBroker) -> None:
    answer = broker.apply(crl=_crl(broker, from_day=-4, to_day=3), crl_number=broker.number)
    assert answer["ok"] is True
    assert "half of its life" in answer["why"]
    assert "half of its life" in broker.said.read_text()


def test_row_37_without_a_first_list_no_door_is_open(tmp_path: Path) -> None:
    broker = IdentityBroker(tmp_path / "x")
    broker.start_keeper()
    try:
        answer = broker.apply(crl="garbage")
        assert answer["ok"] is False
        assert broker.pid == 0
        assert not comes_in(broker, A)
        assert broker.apply()["ok"]
        assert comes_in(broker, A)
    finally:
        broker.stop()


def test_row_37_a_broker_started_again_takes_nothing_older(broker: IdentityBroker) -> None:
    (old,) = (broker.exchange / "wanted").iterdir()
    kept, broker.stamp = old.read_bytes(), broker.stamp
    assert broker.apply()["ok"]
    broker.stop()
    for path in (broker.exchange / "wanted").iterdir():
        path.unlink()
    old.write_bytes(kept)
    broker.start_keeper()
    until(lambda: broker.answer(json.loads(kept)["stamp"]), 30)
    assert broker.pid == 0
    assert "older" in broker.said.read_text()
    in_force = broker.answer(json.loads(kept)["stamp"])["crl_number"]
    assert in_force == broker.number, "so that the authority knows above what to number"


def reload_until(broker: IdentityBroker, happened: Callable[[], bool]) -> None:
    os.kill(broker.pid, signal.SIGHUP)
    until(happened, 20)


def test_row_38_a_broken_access_list_forced_in_stops_the_broker_within_five_seconds(
    broker: IdentityBroker,
) -> None:
    with broker.keeper_asleep():
        (broker.state / "in-force" / "access").write_text("pattern write x/%u/#\nnonsense\n")
        reload_until(broker, lambda: forges(broker))  # so it is: open to all
    start = time.monotonic()
    until(lambda: broker.pid == 0, 20)
    assert time.monotonic() - start < 5
    assert not forges(broker)
    until(lambda: not broker.answer(broker.stamp)["ok"], 10)
    answer = broker.answer(broker.stamp)
    assert "administrator" in answer["why"]
    assert broker.apply()["ok"], "good lists start it afresh"
    assert comes_in(broker, A)
    assert not forges(broker)


def test_row_38_one_that_left_no_trace_is_found_by_the_routine_proof(
    broker: IdentityBroker,
) -> None:
    access = broker.state / "in-force" / "access"
    with broker.keeper_asleep():
        hidden = access.with_name("hidden")
        os.link(access, hidden)
        access.with_name("bad").write_text("nonsense\n")
        access.with_name("bad").rename(access)
        reload_until(broker, lambda: forges(broker))
        hidden.rename(access)
    start = time.monotonic()
    until(lambda: broker.pid == 0, 20)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("name", ["access", "crl.pem"])
def test_row_38_a_missing_list_forced_in_stops_the_broker(
    broker: IdentityBroker, name: str
) -> None:
    with broker.keeper_asleep():
        (broker.state / "in-force" / name).unlink()
        reload_until(broker, lambda: forges(broker) or comes_in(broker, GONE))
    start = time.monotonic()
    until(lambda: broker.pid == 0, 20)
    assert time.monotonic() - start < 5


def test_row_38_a_garbage_revocation_list_forced_in_stops_the_broker(
    broker: IdentityBroker,
) -> None:
    with broker.keeper_asleep():
        (broker.state / "in-force" / "crl.pem").write_text("garbage")
        reload_until(broker, lambda: comes_in(broker, GONE))
    start = time.monotonic()
    until(lambda: broker.pid == 0, 20)
    assert time.monotonic() - start < 5


def test_row_38_a_list_changed_but_not_yet_read_is_put_back(broker: IdentityBroker) -> None:
    access = broker.state / "in-force" / "access"
    meant = access.read_bytes()
    access.write_text("nonsense\n")
    until(lambda: access.read_bytes() == meant, 20)
    until(lambda: "find who" in broker.said.read_text(), 20)
    assert broker.pid
    assert not forges(broker)
    assert comes_in(broker, A)


def test_row_38_an_empty_access_list_shuts_all_out_and_is_put_back(broker: IdentityBroker) -> None:
    with broker.keeper_asleep():
        (broker.state / "in-force" / "access").write_text("")
        os.kill(broker.pid, signal.SIGHUP)
    until(lambda: "find who" in broker.said.read_text(), 20)
    assert not forges(broker)
    with broker.kiosk(A) as a:
        assert a.publish(topics.up(A, "reading")) in (0, 0x10)


def test_row_38_a_broker_that_dies_comes_back_with_our_lists_only(broker: IdentityBroker) -> None:
    with broker.keeper_asleep():
        (broker.state / "in-force" / "access").write_text("topic readwrite #\n")
        os.kill(broker.pid, signal.SIGKILL)
    until(lambda: "started again" in broker.said.read_text(), 20)
    until(lambda: comes_in(broker, A), 20)
    assert not forges(broker)
    assert not comes_in(broker, GONE)
