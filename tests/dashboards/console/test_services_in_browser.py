"""The pages of services in a real browser: readable for everybody, saved by the keyboard."""

from typing import Any

import pytest

from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support import axe, showcase
from tests.support.console import serving
from tests.support.showcase_services import tell_services

TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)
  .map((one) => one.outerHTML.slice(0, 120))"""
SIZES = {"phone": (390, 844), "desk": (1440, 900)}


@pytest.fixture
def home(fleet: Fleet) -> Any:
    told = tell_services(fleet.engine)
    with serving(fleet.engine, lambda: showcase.NOW, Settings()) as address:
        yield address, told


def test_every_page_is_for_everybody(home: Any, browser_page: Any) -> None:
    address, told = home
    draft, review = f"/services/{told.draft.id}", f"/services/{told.review.id}"
    found = []
    for path in ("/services", "/services/new", "/services/publish", draft, review, f"{draft}/edit"):
        for size in SIZES.values():
            browser_page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
            browser_page.goto(f"{address}{path}")
            found += axe.serious(browser_page, "light", f"{path} {size}")
            wide = browser_page.evaluate(TOO_WIDE)
            assert not wide, f"{path} {size}"
    assert found == []


def test_what_is_typed_is_saved_by_the_keyboard_alone(home: Any, browser_page: Any) -> None:
    address, told = home
    browser_page.goto(f"{address}/services/{told.draft.id}/edit")
    browser_page.fill("input[name='name.su']", "Serat anyar")
    browser_page.wait_for_selector("#unsaved:not(:empty)")
    browser_page.press("input[name='name.su']", "Enter")
    browser_page.wait_for_selector("#told")
    assert browser_page.input_value("input[name='name.su']") == "Serat anyar"
