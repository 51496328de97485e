"""A kiosk that shows itself: flash, slip, beep, each by itself."""

import io
import threading
import wave
from collections.abc import Callable
from typing import Any

from agent.actions.identify import tone
from provisioning.players.devices.escpos_printer import EscposDevice
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench
from tests.support.wait import until

BOX = "document.getElementById('anjungan-identify')?.textContent ?? ''"


def test_the_page_flashes_with_the_kiosks_name_and_is_put_right(
    bench: Bench, browser: KioskBrowser
) -> None:
    seen: list[Any] = []
    watch = threading.Thread(target=lambda: seen.append(until(lambda: browser.evaluate(BOX), 10)))
    watch.start()
    ended = bench.run("identify", beep=False, seconds=2)
    watch.join()
    assert (ended.state, ended.facts["flash"]) == ("succeeded", "done")
    assert seen[-1] == "bdg-andir-01"
    assert browser.evaluate(BOX) == ""


def test_the_flash_goes_by_itself_when_nobody_takes_it_away(browser: KioskBrowser) -> None:
    from agent.actions.identify import SHOW  # noqa: PLC0415 - the script itself

    assert browser.evaluate(SHOW % ('"x"', 1)) is True
    assert browser.evaluate(BOX) == "x"
    until(lambda: browser.evaluate(BOX) == "", 10)


def test_a_touch_goes_through_the_flash(browser: KioskBrowser) -> None:
    from agent.actions.identify import SHOW  # noqa: PLC0415 - the script itself

    browser.evaluate(SHOW % ('"x"', 60))
    below = "(() => { const r = document.querySelector('#name').getBoundingClientRect();"
    below += "return document.elementFromPoint(r.left + 3, r.top + 3).id; })()"
    assert browser.evaluate(below) == "name"


def test_a_cancel_takes_the_flash_away(bench: Bench, browser: KioskBrowser) -> None:
    context = bench.context("identify", beep=False, seconds=60)
    from agent.actions import running  # noqa: PLC0415

    def wish() -> None:
        until(lambda: browser.evaluate(BOX), 20)
        context.stop.ask()

    waiting = threading.Thread(target=wish)
    waiting.start()
    assert running.run(context).state == "cancelled"
    waiting.join()
    assert browser.evaluate(BOX) == ""


def test_it_is_not_drawn_over_a_citizens_work(bench: Bench, browser: KioskBrowser) -> None:
    browser.evaluate("document.querySelector('#name').value = 'Siti'")
    ended = bench.run("identify", beep=False)
    assert (ended.state, ended.code) == ("failed", "nothing_worked")
    assert "citizen" in str(ended.facts["flash"])


def test_a_way_that_fails_is_noted_and_not_fatal(
    bench: Bench, escpos_device: EscposDevice, program: Callable[[str, str], str]
) -> None:
    bench.settings["probes"]["receipt"] = {"address": escpos_device.address}
    bench.settings["actions"]["identify"] = {"beep": [program("beep", "echo no card >&2; exit 1")]}
    ended = bench.run("identify", flash=True, slip=True, seconds=1)
    assert (ended.state, ended.facts["slip"]) == ("succeeded", "done")
    assert "no card" in str(ended.facts["beep"])
    assert "no_device" in str(ended.facts["flash"])


def test_it_beeps_until_the_seconds_are_over(
    bench: Bench, program: Callable[[str, str], str]
) -> None:
    note = bench.folder / "beeps"
    bench.settings["actions"]["identify"] = {"beep": [program("beep", f"echo . >> {note}")]}
    ended = bench.run("identify", flash=False, seconds=3)
    assert ended.state == "succeeded"
    assert note.read_text().count(".") == 2


def test_the_tone_is_a_sound_file() -> None:
    with wave.open(io.BytesIO(tone())) as file:
        assert (file.getnchannels(), file.getnframes() > 1000) == (1, True)
