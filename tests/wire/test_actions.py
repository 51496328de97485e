"""The kinds of commands: typed arguments, and nothing else is taken for them."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.actions import KINDS, POWERS, BadArguments, Power, parse_args, stronger

ARGUMENTS: dict[str, dict[str, Any]] = {
    "set_volume": {"percent": 40},
    "set_brightness": {"percent": 0},
    "screen": {"on": False},
    "maintenance": {"on": True, "why": "Sedang diperbaiki"},
    "set_log_level": {"level": "debug"},
    "wipe": {"kiosk": "anjungan-andir"},
}
every = pytest.mark.parametrize("kind", KINDS)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@every
def test_every_kind_reads_its_own_arguments(kind: str) -> None:
    given_ = ARGUMENTS.get(kind, {})
    read = parse_args(kind, given_)
    assert type(read) is KINDS[kind].args
    assert msgspec.to_builtins(read).items() >= given_.items()


@every
def test_row_45_an_argument_that_nobody_knows_is_refused(kind: str) -> None:
    with pytest.raises(BadArguments, match="stranger"):
        parse_args(kind, ARGUMENTS.get(kind, {}) | {"stranger": 1})


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_row_45_an_argument_that_is_missing_is_refused(kind: str) -> None:
    with pytest.raises(BadArguments, match=kind):
        parse_args(kind, {})


@given(kind=st.text(max_size=80).filter(lambda kind: kind not in KINDS))
def test_row_45_a_kind_that_nobody_knows_is_refused(kind: str) -> None:
    with pytest.raises(BadArguments, match="there is no command"):
        parse_args(kind, {})


@given(st.sampled_from([*KINDS]), anything)
def test_row_52_whatever_is_given_is_typed_or_refused(kind: str, given_: Any) -> None:
    try:
        read = parse_args(kind, given_)
    except BadArguments:
        return
    assert type(read) is KINDS[kind].args


@pytest.mark.parametrize(
    ("kind", "given_"),
    [
        ("set_volume", {"percent": 101}),
        ("set_volume", {"percent": -1}),
        ("set_volume", {"percent": True}),
        ("set_volume", {"percent": "40"}),
        ("screen", {"on": 1}),
        ("maintenance", {"on": True, "why": "x" * 121}),
        ("maintenance", {"on": True, "why": "\0"}),
        ("collect_logs", {"most_kb": 1025}),
        ("collect_logs", {"since": -1}),
        ("set_log_level", {"level": "trace"}),
        ("set_log_level", {"level": "debug", "minutes": 1441}),
        ("measure_speed", {"most_kb": 2049}),
        ("identify", {"seconds": 61}),
        ("test_print", {"device": "/dev/sda"}),
        ("wipe", {"kiosk": None}),
    ],
)
def test_row_45_an_argument_beyond_its_bounds_is_refused(kind: str, given_: Any) -> None:
    with pytest.raises(BadArguments):
        parse_args(kind, given_)


@every
def test_a_step_is_not_longer_than_the_whole(kind: str) -> None:
    assert 0 < KINDS[kind].step_s <= KINDS[kind].all_s


@every
def test_an_order_can_carry_the_arguments_of_every_kind(kind: str) -> None:
    for field in msgspec.json.schema(KINDS[kind].args)["$defs"][KINDS[kind].args.__name__][
        "properties"
    ].values():
        assert field.get("type", "string") in ("boolean", "integer", "string"), field


def test_what_cannot_be_taken_back_is_destructive_by_birth() -> None:
    assert {name for name, kind in KINDS.items() if kind.power == "destructive"} == {"wipe"}


@given(st.sampled_from(POWERS), st.sampled_from(POWERS))
def test_the_stronger_power_is_never_the_weaker_one(one: Power, other: Power) -> None:
    assert (
        stronger(one, other)
        == stronger(other, one)
        == POWERS[max(POWERS.index(one), POWERS.index(other))]
    )


def test_no_kind_is_a_shell() -> None:
    words = {field for kind in KINDS.values() for field in kind.args.__struct_fields__}
    assert not words & {"command", "run", "shell", "path", "file", "url", "script"}
    assert json.dumps(sorted(KINDS)).isascii()
