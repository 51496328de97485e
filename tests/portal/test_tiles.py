"""The true state of each tile."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import tiles
from portal.hours import Now
from portal.tiles import Facts
from tests.support.offered import MONDAY, PRESS
from wire.local import Local, Probed

ALL = {"inform": 3, "apply": 1, "watch": 1}
ONLINE = Local(at=MONDAY, online=True, online_since=MONDAY - 60_000)
OFFLINE = Local(at=MONDAY, online=False, online_since=MONDAY - 60_000)
GOOD = Facts(MONDAY, ONLINE, "", 0, Now(True, MONDAY + 1), MONDAY, ALL)
BROKEN = msgspec.structs.replace(ONLINE, probes={"printer": Probed(state="fail", since=MONDAY - 5)})


def said(**changed: Any) -> dict[str, tuple[str, str]]:
    found = tiles.judge(GOOD._replace(**changed))
    return {code: (one.state, one.key) for code, one in found.items()}


def test_with_everything_there_all_six_work() -> None:
    assert {state for state, _ in said().values()} == {"ok"}
    assert len(said()) == 6


def test_off_line_everything_works_that_can_and_says_since_when() -> None:
    found = said(local=OFFLINE)
    assert found["apply"] == found["complain"] == ("limited", "kept")
    assert found["inform"] == ("ok", "inform")
    assert found["watch"] == ("ok", "watch")
    assert found["visit"] == ("limited", "synced")
    assert found["queue"] == ("limited", "status_old")
    assert tiles.judge(GOOD._replace(local=OFFLINE))["apply"].since == MONDAY - 60_000


@pytest.mark.parametrize(
    "local",
    [
        None,
        msgspec.structs.replace(ONLINE, at=MONDAY - 181_000),
        msgspec.structs.replace(ONLINE, at=MONDAY + 181_000),  # the clock was put back since
    ],
)
def test_an_agent_that_says_nothing_is_not_taken_to_be_on_line(local: Local | None) -> None:
    assert said(local=local)["apply"] == ("limited", "kept_unknown")
    assert said(local=local)["queue"] == ("limited", "status_unknown")


def test_without_a_printer_the_receipt_is_another() -> None:
    assert said(local=BROKEN)["apply"] == ("limited", "no_printer")
    assert tiles.printer_down(BROKEN) == MONDAY - 5
    assert tiles.printer_down(None) == 0


def test_what_cannot_be_handed_in_is_shut_and_says_why() -> None:
    for why_not in ("nokey", "failing", "full"):  # full: of the disk, while nothing waits
        assert said(why_not=why_not)["complain"] == ("shut", "no_keys")
        assert said(why_not=why_not)["apply"] == ("shut", "no_keys")
    assert said(why_not="full", waits_since=MONDAY - 9)["complain"] == ("shut", "full")


def test_nothing_offered_is_not_offered() -> None:
    found = said(offered={}, synced=0)
    assert [found[code] for code in ("inform", "apply", "watch", "visit")] == [
        ("shut", "nothing"),
        ("shut", "nothing"),
        ("shut", "no_films"),
        ("shut", "no_schedule"),
    ]


def test_a_closed_counter_still_answers_how_it_stands() -> None:
    assert said(counter=Now(False, MONDAY + 5))["queue"] == ("limited", "counter_closed")
    assert said(counter=Now(False, 0))["queue"] == ("limited", "counter_away")


@given(
    local=st.sampled_from([None, ONLINE, OFFLINE, BROKEN]),
    why_not=st.sampled_from(["", "nokey", "failing", "full"]),
    waits_since=st.sampled_from([0, MONDAY]),
    counter=st.builds(Now, st.booleans(), st.sampled_from([0, MONDAY])),
    synced=st.sampled_from([0, MONDAY]),
    offered=st.dictionaries(st.sampled_from(["inform", "apply", "watch"]), st.integers(0, 2)),
)
def test_every_state_has_a_sentence_in_every_language(**facts: Any) -> None:
    for one in tiles.judge(GOOD._replace(**facts)).values():
        for language in ("id", "su", "en"):
            key = f"state.{one.key}"
            assert PRESS.texts(language)(key, since="x") != key
