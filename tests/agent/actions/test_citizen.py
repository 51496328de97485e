"""Somebody at the kiosk, in a real page."""

import pytest

from agent.actions import citizen
from agent.actions.base import Failed
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench
from tests.support.wait import until

TOUCHED = [
    "document.querySelector('#name').value = 'Siti'",
    "document.querySelector('#s').selectedIndex = 1",
    "document.querySelector('#c').checked = true",
    "document.querySelector('#t').value = 'x'",
    "document.querySelector('#e').textContent = 'x'",
    "document.documentElement.dataset.session = 'open'",
    "host.attachShadow({mode: 'open'}).innerHTML = '<input>', host.shadowRoot.firstChild.value = 1",
    "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"data:text/html,x\"></iframe>')",
]


def test_an_untouched_page_has_nobody_at_it(browser: KioskBrowser) -> None:
    assert citizen.busy(browser.place) is False


@pytest.mark.parametrize("touch", TOUCHED)
def test_whatever_a_citizen_has_left_on_it_counts(browser: KioskBrowser, touch: str) -> None:
    browser.evaluate(touch)
    until(lambda: citizen.busy(browser.place) is True, 10)  # a frame needs a moment to be another's


def test_a_hung_page_does_not_say(browser: KioskBrowser) -> None:
    browser.hang()
    assert citizen.busy(browser.place) is None


def test_a_citizen_is_waited_for_and_then_left_alone(bench: Bench, browser: KioskBrowser) -> None:
    browser.evaluate(TOUCHED[0])
    context = bench.context("reload_page")
    with pytest.raises(Failed) as failed:
        citizen.let_finish(context, browser.place, 0.5)
    assert failed.value.code == "citizen"
    assert "waiting" in bench.said[0]["progress"]["note"]
    browser.evaluate("document.querySelector('#name').value = ''")
    citizen.let_finish(context, browser.place, 0)


def test_without_a_portal_nobody_knows_who_was_there(bench: Bench) -> None:
    assert citizen.last_known(bench.context("screenshot")) is None
