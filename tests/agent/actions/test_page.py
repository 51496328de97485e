"""The debugging port of a real browser."""

import time

import pytest

from agent.actions import page
from agent.actions.base import Failed
from agent.actions.page import Gone, Place, Said, Silent
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench
from tests.support.child import free_port


def test_a_page_that_is_well_proves_it(bench: Bench, browser: KioskBrowser) -> None:
    context = bench.context("reload_page")
    place = page.place_of(context)
    with page.session(place) as talk:
        assert page.alive(context, place, talk) == browser.url


def test_another_page_than_the_kiosks_is_not_well(bench: Bench, browser: KioskBrowser) -> None:
    context = bench.context("reload_page")
    place = Place(browser.place.port, "http://127.0.0.1:1/")
    with page.session(place) as talk, pytest.raises(Failed) as failed:
        page.alive(context, place, talk)
    assert failed.value.code == "wrong_page"


def test_a_hung_page_is_silent_in_time(browser: KioskBrowser) -> None:
    browser.hang()
    began = time.monotonic()
    with page.session(browser.place) as talk, pytest.raises(Silent):
        talk.evaluate("1", 0.5)
    assert time.monotonic() - began < 5


def test_errors_and_absence_are_told_apart(browser: KioskBrowser) -> None:
    with page.session(browser.place) as talk:
        with pytest.raises(Said):
            talk.evaluate("nothing.here")
        with pytest.raises(Said):
            talk.call("No.such")
    with pytest.raises(Gone):
        page.version(free_port())


def test_every_start_of_a_browser_has_its_own_name(browser: KioskBrowser) -> None:
    first = page.version(browser.place.port)
    assert first.id == page.version(browser.place.port).id != ""


def test_what_a_citizen_may_have_put_into_an_address_is_left_out() -> None:
    assert page.bare("http://127.0.0.1/a?nik=3273#x") == "http://127.0.0.1/a"
    assert page.bare("http://a/nik/3273010203450001/x?y") == "http://a/nik/[number]/x"
