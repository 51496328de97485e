"""Any line of the executor's, and every line of ours."""

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.actions import asked
from agent.actions.asked import BadRequest, Outcome, parse
from wire.actions import KINDS, Level
from wire.messages import Facts

COMMAND = "0123456789abcdef" * 2
GOOD = {"command": COMMAND, "kind": "set_volume", "args": {"percent": 30}, "until_s": 9}


def line(**more: Any) -> bytes:
    return json.dumps({**GOOD, **more}).encode()


def test_a_request_is_read_with_typed_arguments() -> None:
    given = parse(line(mode="undo", undo="40"))
    assert given.args == Level(percent=30)
    assert (given.until_s, given.mode, given.undo) == (9, "undo", "40")


def test_a_request_without_its_time_gets_the_most_its_kind_may_take() -> None:
    for until_s in (0, -3, 10**9):
        assert parse(line(until_s=until_s)).until_s == KINDS["set_volume"].all_s


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "shell"},
        {"kind": "set_volume", "args": {"percent": 101}},
        {"args": {"percent": 1, "run": "rm"}},
        {"args": []},
        {"command": "../x"},
        {"mode": "again"},
        {"undo": 3},
    ],
)
def test_what_no_executor_says_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        parse(line(**more))


@pytest.mark.parametrize(
    "bad", [b"", b"[]", b"\xff\xfe", b"{" * 60_000, b"[" * 60_000, b"1" * 70_000]
)
def test_hostile_lines_are_refused(bad: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(bad)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_refused(data: bytes) -> None:
    with contextlib.suppress(BadRequest):
        parse(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "mode", "undo", "x"]), json_values))
def test_any_json_is_a_request_or_refused(more: dict[str, Any]) -> None:
    try:
        given = parse(line(**more))
    except BadRequest:
        return
    assert 0 < given.until_s <= KINDS[given.kind].all_s


facts = st.dictionaries(st.text(max_size=60), st.text() | st.integers() | st.floats() | st.none())


@given(facts, st.text(), st.text())
def test_whatever_an_action_says_the_office_takes(
    told: dict[str, Any], why: str, code: str
) -> None:
    said = json.loads(asked.outcome(Outcome(state="failed", code=code, why=why, facts=told)))
    msgspec.convert(said["outcome"]["facts"], Facts)
    assert len(said["outcome"]["why"]) <= 300
    assert "\n" not in said["outcome"]["why"]


def test_an_undo_that_cannot_be_kept_is_a_mistake() -> None:
    assert json.loads(asked.undo("40")) == {"undo": "40"}
    with pytest.raises(ValueError, match="too much"):
        asked.undo("x" * 5000)


def test_a_percentage_stays_one() -> None:
    assert json.loads(asked.progress(180, "a\nb"))["progress"] == {"percent": 100, "note": "a b"}
