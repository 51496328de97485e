"""A tally adds up, and its report is a plain object."""

import json

from hypothesis import given
from hypothesis import strategies as some

from provisioning.players.tally import KEPT, Tally


def test_what_is_refused_is_acknowledged_but_not_delivered() -> None:
    tally = Tally(published=3)
    tally.pubacks.update([0, 0x10, 0x97])
    assert (tally.acknowledged, tally.delivered) == (3, 1)
    assert tally.summary()["pubacks"] == {"0x00": 1, "0x10": 1, "0x97": 1}


def test_the_report_is_json_even_when_nothing_happened() -> None:
    assert json.loads(json.dumps(Tally().summary()))["puback_p99_ms"] is None


@given(some.lists(some.floats(min_value=0, max_value=100), min_size=1, max_size=300))
def test_parts_of_the_times_are_in_order(times: list[float]) -> None:
    tally = Tally()
    for one in times:
        tally.took(one)
    middle, late = tally.puback_ms(0.5), tally.puback_ms(0.99)
    assert middle is not None
    assert late is not None
    assert 1000 * min(times) <= middle <= late <= 1000 * max(times)


def test_a_long_run_keeps_its_end() -> None:
    tally = Tally()
    for _ in range(KEPT):
        tally.took(9.0)
    for _ in range(KEPT):
        tally.took(0.001)
    assert tally.puback_ms(0.99) == 1.0
