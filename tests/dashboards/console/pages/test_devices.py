"""Cards of devices."""

from typing import Any

from controller.kiosk_page import ProbeNow
from dashboards.console.pages.devices import absent, cards
from dashboards.console.texts import load

ID = load()["id"]


def probe(name: str, **facts: Any) -> ProbeNow:
    return ProbeNow(name, "ok", 0, facts, [], "", 0, 0, 0.2)


def test_known_devices_come_in_order_and_unknown_ones_last() -> None:
    found = cards([probe("card_reader"), probe("disk"), probe("printer:2"), probe("screen")], ID)
    assert [card.probe for card in found] == ["screen", "printer:2", "disk", "card_reader"]
    assert [card.name for card in found] == ["Layar", "Printer 2", "Disk", "card_reader"]


def test_a_main_device_nobody_watches_is_named_in_one_line() -> None:
    said = absent({"screen", "portal", "receipt"}, ID)
    assert said.startswith("Tidak dipantau di sini: peramban.")
    assert "[probes.browser]" in said
    assert absent({"screen", "browser", "printer:front"}, ID) == ""


def test_what_a_probe_says_is_in_the_language_of_the_page() -> None:
    (card,) = cards(
        [probe("temperature")._replace(why="no temperature sensor on this machine")], ID
    )
    assert card.why == (("mesin ini tidak punya sensor suhu", False),)


def test_the_agent_itself_has_labels_and_units() -> None:
    (card,) = cards([probe("agent", rss_mb=21.6, cpu_s=0.2)], ID)
    assert card.name == "Agen"
    assert card.facts == (("Memori", "21,6\u00a0MB"), ("Waktu prosesor", "0,2 dtk"))


def test_percentages_are_gauges_and_low_paper_is_marked() -> None:
    (card,) = cards([probe("printer", paper_percent=9, toner_percent=60, jobs=1)], ID)
    assert [(gauge.value, gauge.low) for gauge in card.gauges] == [(9, True), (60, False)]
    assert [fact.name for fact in card.facts] == ["Pekerjaan"]


def test_row_67_a_percentage_that_is_none_is_shown_as_a_fact_not_drawn() -> None:
    odd = probe("printer", paper_percent=1e300, toner_percent="<b>", battery_percent=True)
    (card,) = cards([odd], ID)
    assert card.gauges == ()
    assert len(card.facts) == 3
