"""Trays and supplies to percents."""

from hypothesis import given
from hypothesis import strategies as st

from agent.probes.ipp import Group, Value
from agent.probes.printer_levels import paper_percent, toner_percent


def tray(capacity: int, level: int) -> Value:
    return f"type=other;maxcapacity={capacity};level={level};name=x;".encode()


def supply(kind: str, level: int) -> Value:
    return f"type={kind};unit=percent;maxcapacity=100;level={level};".encode()


def test_the_largest_tray_that_tells_counts() -> None:
    trays: Group = {"printer-input-tray": [tray(-2, -2), tray(250, 100), tray(25, 25)]}
    assert paper_percent(trays) == 40


def test_unknown_and_some_are_no_percents() -> None:
    assert paper_percent({"printer-input-tray": [tray(250, -2), tray(250, -3)]}) is None
    assert paper_percent({}) is None


def test_the_emptiest_toner_counts_and_the_waste_box_does_not() -> None:
    supplies: Group = {
        "printer-supply": [supply("wasteToner", 3), supply("toner", 75), supply("toner", 8)]
    }
    assert toner_percent(supplies) == 8


def test_marker_levels_are_preferred_and_their_unknowns_left_out() -> None:
    markers: Group = {
        "marker-types": ["toner", "toner", "waste-toner", "ink-cartridge"],
        "marker-levels": [-3, 60, 2, 44],
        "printer-supply": [supply("toner", 1)],
    }
    assert toner_percent(markers) == 44


@given(st.lists(st.one_of(st.binary(max_size=60), st.text(max_size=60), st.integers())))
def test_whatever_a_printer_puts_there_gives_a_percent_or_nothing(values: list[Value]) -> None:
    names = ("printer-input-tray", "printer-supply", "marker-types", "marker-levels")
    for percent in (paper_percent, toner_percent):
        level = percent(dict.fromkeys(names, values))
        assert level is None or 0 <= level <= 100
