"""What is typed is taken as it was meant, or refused with how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.jobs.plan import Plan, Window
from provisioning import typed
from provisioning.typed import TypedWrong
from wire.actions import KINDS, parse_args


def test_arguments_get_the_types_of_their_kind() -> None:
    assert typed.args("set_volume", ["percent=40"]) == {"percent": 40}
    assert typed.args("screen", ["on=false"]) == {"on": False}
    given = typed.args("identify", ["beep=false", "seconds=5"])
    assert (given["beep"], given["seconds"]) == (False, 5)
    assert typed.args("maintenance", ["on=true", "why=tinta = habis"])["why"] == "tinta = habis"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_taken_the_kiosk_takes_too(kind: str) -> None:
    needed = {"percent": "5", "on": "true", "level": "debug", "kiosk": "bdg-coblong-1"}
    fields = KINDS[kind].args.__struct_fields__
    given = typed.args(kind, [f"{n}={v}" for n, v in needed.items() if n in fields])
    assert parse_args(kind, given)


@pytest.mark.parametrize(
    ("kind", "pairs"),
    [
        ("format_disk", []),
        ("noop", ["force=1"]),
        ("set_volume", []),
        ("set_volume", ["percent=140"]),
        ("set_volume", ["percent=many"]),
        ("set_volume", ["percent"]),
        ("set_volume", ["percent=4", "percent=5"]),
    ],
)
def test_other_arguments_are_refused(kind: str, pairs: list[str]) -> None:
    with pytest.raises(TypedWrong):
        typed.args(kind, pairs)


@given(st.text(max_size=12))
def test_what_is_no_time_is_refused(text: str) -> None:
    if text[:-1].isascii() and text[:-1].isdigit() and text[-1:] in tuple("smhd"):
        return
    with pytest.raises(TypedWrong):
        typed.seconds(text)


def test_times_have_a_unit() -> None:
    assert [typed.seconds(one) for one in ("90s", "15m", "1h", "2d")] == [90, 900, 3600, 172_800]


def test_a_plan_is_read_as_it_is_typed() -> None:
    assert typed.plan() == Plan()
    made = typed.plan("1, 5%", 30, ("0 1 * * *", "120", "Asia/Jakarta"), "5%")
    assert made.waves == ("1", "5%", "100%")
    assert made.rate_per_min == 30
    assert made.window == Window("0 1 * * *", 120, "Asia/Jakarta")
    assert (made.stop_failed_percent, made.stop_failed_count) == (5, 0)
    counted = typed.plan(stop="3")
    assert (counted.stop_failed_percent, counted.stop_failed_count) == (0, 3)


@pytest.mark.parametrize("stop", ["5 %", "-1", "many", "5%%", "٥%"])
def test_a_stop_that_could_be_either_is_refused(stop: str) -> None:
    with pytest.raises(TypedWrong):
        typed.plan(stop=stop)


def test_a_window_has_three_parts() -> None:
    for window in (("* * * * *",), ("* * * * *", "two", "Asia/Jakarta")):
        with pytest.raises(TypedWrong, match="CRON MINUTES"):
            typed.plan(window=window)
