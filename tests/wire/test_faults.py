"""The catalogue: every fault is complete, in two languages, and tells people what to do."""

import re

import msgspec
import pytest

from wire.faults import CATALOGUE, DEVICES, SEVERITIES, Entry
from wire.messages import Name

WHAT_PROBES_AND_JUDGE_REPORT = """
system.cpu_high system.memory_high system.swap_high
disk.nearly_full disk.full disk.read_only disk.inodes_low
network.link_down network.no_address network.no_gateway network.errors
temperature.high temperature.critical power.on_battery power.battery_low power.undervoltage
screen.disconnected screen.dark screen.black screen.frozen screen.wrong_size screen.touch_missing
browser.not_running browser.hung browser.crashed browser.error_page browser.wrong_page
browser.hidden browser.memory_high portal.down portal.slow
portal.maintenance
printer.unreachable printer.paper_out printer.paper_low printer.paper_jam printer.cover_open
printer.toner_low printer.toner_empty printer.waste_full printer.stopped printer.error
queue.unreachable queue.stopped queue.rejecting queue.stuck
receipt.unreachable receipt.offline receipt.paper_out receipt.paper_low receipt.cover_open
receipt.cutter receipt.error receipt.overheated
kiosk.offline kiosk.flapping kiosk.clock_wrong kiosk.messages_lost kiosk.facts_lost
kiosk.malformed kiosk.probe_silent kiosk.probe_failing kiosk.restarting
kiosk.cloned kiosk.restored kiosk.flooding kiosk.certificate_ending
content.damaged content.failing content.stale content.budget content.clock
submission.high submission.full submission.refused submission.late
"""

entries = pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.code)


def test_every_code_that_can_be_reported_is_in_the_catalogue() -> None:
    assert set(CATALOGUE) == set(WHAT_PROBES_AND_JUDGE_REPORT.split())


def test_no_code_stands_twice() -> None:
    assert sum(len(entries) for entries in DEVICES.values()) == len(CATALOGUE)


def test_no_name_stands_for_two_faults() -> None:
    for language in ("id", "en"):
        names = [getattr(entry.name, language) for entry in CATALOGUE.values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_holds_only_its_own_codes(device: str) -> None:
    assert all(entry.code.startswith(f"{device}.") for entry in DEVICES[device])


@entries
def test_a_code_may_be_said_on_the_wire(entry: Entry) -> None:
    assert msgspec.convert(entry.code, Name) == entry.code


@entries
def test_severity_is_one_of_four(entry: Entry) -> None:
    assert entry.severity in SEVERITIES


@entries
def test_times_are_sane(entry: Entry) -> None:
    assert 0 <= entry.open_after_s <= 600
    assert 0 <= entry.clear_after_s <= 86_400


@entries
def test_both_languages_say_something_of_their_own(entry: Entry) -> None:
    for text in (entry.name, entry.advice, entry.citizen):
        assert text.id != text.en
        assert text.id == text.id.strip()
        assert text.en == text.en.strip()


@entries
def test_a_name_fits_a_list_and_sentences_end(entry: Entry) -> None:
    assert all(4 <= len(name) <= 40 and name[-1] != "." for name in entry.name)
    assert all(text[-1] == "." for text in (*entry.advice, *entry.citizen))


@entries
def test_advice_is_more_than_a_word_and_fits_a_phone(entry: Entry) -> None:
    assert all(40 <= len(text) <= 260 for text in entry.advice)
    assert all(15 <= len(text) <= 140 for text in entry.citizen)


@entries
def test_texts_are_plain(entry: Entry) -> None:
    for text in (*entry.name, *entry.advice, *entry.citizen):
        assert not re.search(r"[<>&{}%\n]|  ", text)
