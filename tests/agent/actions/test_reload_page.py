"""The kiosk's page loaded anew in a real browser."""

from provisioning.players.devices.cdp_browser import CdpDevice
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench


def test_a_page_begins_anew(bench: Bench, browser: KioskBrowser) -> None:
    browser.evaluate("window.old = true")
    ended = bench.run("reload_page")
    assert (ended.state, ended.facts.get("how")) == ("succeeded", "reload"), ended
    assert ended.facts["page"] == browser.url
    assert browser.evaluate("window.old") is None


def test_a_hung_page_begins_anew(bench: Bench, browser: KioskBrowser) -> None:
    browser.hang()
    ended = bench.run("reload_page")
    assert (ended.state, ended.facts["hung"]) == ("succeeded", True)
    assert browser.evaluate("1") == 1


def test_a_page_elsewhere_is_brought_home(bench: Bench, browser: KioskBrowser) -> None:
    browser.evaluate("location.href = 'about:blank'")
    assert bench.run("reload_page").facts["page"] == browser.url


def test_a_citizens_work_is_not_taken_away(bench: Bench, browser: KioskBrowser) -> None:
    browser.evaluate("document.querySelector('#name').value = 'Siti'")
    ended = bench.run("reload_page", until_s=30)
    assert (ended.state, ended.code) == ("failed", "citizen")
    assert browser.evaluate("document.querySelector('#name').value") == "Siti"


def test_without_a_browser_it_says_so(bench: Bench) -> None:
    bench.settings["probes"]["browser"] = {"port": 9, "expected": "http://127.0.0.1/"}
    assert bench.run("reload_page").code == "not_running"


def test_a_played_page_that_hangs_is_replaced(bench: Bench, cdp_device: CdpDevice) -> None:
    bench.settings["probes"]["browser"] = {"port": cdp_device.port, "expected": cdp_device.home}
    cdp_device.hang()
    ended = bench.run("reload_page")
    assert (ended.state, ended.facts["how"]) == ("succeeded", "replaced"), ended
    assert not cdp_device.hung
