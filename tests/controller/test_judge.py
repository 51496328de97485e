"""Faults open and clear with hysteresis, as long as the catalogue says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.judge import Claim, may_say, weigh
from controller.known import Standing
from wire.faults import CATALOGUE

SLOW = "system.cpu_high"  # waits both ways
QUICK = "screen.black"  # opens at once
codes = st.sampled_from(sorted(CATALOGUE))
steps = st.lists(
    st.tuples(st.sampled_from(["seen", "gone", "held"]), st.integers(0, 400_000)), max_size=40
)


def ms(code: str, what: str) -> int:
    return int(getattr(CATALOGUE[code], what) * 1000)


def test_evidence_must_hold_before_a_slow_fault_opens() -> None:
    pending = weigh(None, Claim(SLOW, "seen", "busy", {"cpu": 99}), 1000)
    assert pending.turn is None
    assert pending.standing == Standing(
        "pending", 1000, 1000 + ms(SLOW, "open_after_s"), "busy", {"cpu": 99}
    )
    opened = weigh(pending.standing, Claim(SLOW, "held", "busy"), 301_000)
    assert opened.turn == "opened"
    assert opened.standing is not None
    assert opened.standing.state == "open"


def test_evidence_that_goes_before_its_time_opens_nothing() -> None:
    pending = weigh(None, Claim(SLOW, "seen"), 0)
    assert weigh(pending.standing, Claim(SLOW, "gone"), 10) == (None, None)


def test_a_quick_fault_opens_at_once() -> None:
    assert weigh(None, Claim(QUICK, "seen"), 5).turn == "opened"


def test_a_fault_that_returns_while_clearing_is_the_same_fault() -> None:
    opened = Standing("open", 5, 0, "", {})
    clearing = weigh(opened, Claim(SLOW, "gone"), 10)
    assert clearing.standing is not None
    assert (clearing.standing.state, clearing.turn) == ("clearing", None)
    again = weigh(clearing.standing, Claim(SLOW, "seen"), 20)
    assert again.standing is not None
    assert (again.standing.state, again.standing.since, again.turn) == ("open", 5, None)


def test_what_has_no_end_of_its_own_clears_when_it_stops_happening() -> None:
    code = "kiosk.flapping"
    first = weigh(None, Claim(code, "happened", "5"), 0)
    assert first.turn == "opened"
    assert first.standing is not None
    assert first.standing.state == "clearing"
    later = weigh(first.standing, Claim(code, "happened", "6"), 300_000)
    assert later.turn is None
    assert later.standing is not None
    assert later.standing.due == 300_000 + ms(code, "clear_after_s")
    assert weigh(later.standing, Claim(code, "held"), 10**9).turn == "cleared"


def test_a_flood_of_the_same_is_not_a_flood_of_writes() -> None:
    first = weigh(None, Claim("kiosk.malformed", "happened"), 0).standing
    assert weigh(first, Claim("kiosk.malformed", "happened"), 10).standing is first


@given(codes, steps)
def test_turns_alternate_and_match_the_standing(code: str, events: list[tuple[str, int]]) -> None:
    standing, now, is_open = None, 0, False
    for event, wait in events:
        now += wait
        if event == "held" and (standing is None or standing.state == "open" or standing.due > now):
            continue
        ruling = weigh(standing, Claim(code, event), now)  # type: ignore[arg-type]
        assert ruling.turn == ("opened" if not is_open else "cleared") or ruling.turn is None
        is_open = is_open != (ruling.turn is not None)
        standing = ruling.standing
        assert is_open == (standing is not None and standing.state in ("open", "clearing"))
        if standing is not None and standing.state != "open":
            assert standing.due > now or ruling.standing is standing


@pytest.mark.parametrize(
    ("probe", "code", "allowed"),
    [
        ("printer", "printer.paper_out", True),
        ("browser", "printer.paper_out", False),
        ("printer", "printer.invented", False),
        ("kiosk", "kiosk.offline", False),
        ("print", "printer.paper_out", False),
    ],
)
def test_a_probe_speaks_only_for_itself(probe: str, code: str, *, allowed: bool) -> None:
    assert may_say(probe, code) is allowed
