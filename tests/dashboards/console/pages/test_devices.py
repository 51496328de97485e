"""Cards of devices."""

from typing import Any

from controller.kiosk_page import ProbeNow
from dashboards.console.pages.devices import cards
from dashboards.console.texts import load

ID = load()["id"]


def probe(name: str, **facts: Any) -> ProbeNow:
    return ProbeNow(name, "ok", 0, facts, [], "", 0, 0, 0.2)


def test_known_devices_come_in_order_and_unknown_ones_last() -> None:
    found = cards([probe("card_reader"), probe("disk"), probe("printer:2"), probe("screen")], ID)
    assert [card.probe for card in found] == ["screen", "printer:2", "disk", "card_reader"]
    assert [card.name for card in found] == ["Layar", "Pencetak 2", "Disk", "card_reader"]


def test_percentages_are_gauges_and_low_paper_is_marked() -> None:
    (card,) = cards([probe("printer", paper_percent=9, toner_percent=60, jobs=1)], ID)
    assert [(gauge.value, gauge.low) for gauge in card.gauges] == [(9, True), (60, False)]
    assert [fact.name for fact in card.facts] == ["Pekerjaan"]


def test_row_67_a_percentage_that_is_none_is_shown_as_a_fact_not_drawn() -> None:
    odd = probe("printer", paper_percent=1e300, toner_percent="<b>", battery_percent=True)
    (card,) = cards([odd], ID)
    assert card.gauges == ()
    assert len(card.facts) == 3
