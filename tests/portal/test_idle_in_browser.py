"""Citizens who walk away from more than words to read: asked, then forgotten. By a played clock."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import still_context
from tests.support.touring import ANSWERS, Tourist, Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

ANSWER_S = 30
PATHS = {
    "film": "/video/pakai_anjungan",
    "kamera": "/foto/pengaduan/bukti",
}


@pytest.fixture
def page(playwright_browser: Any) -> Iterator["Page"]:
    context = still_context(playwright_browser, has_touch=True)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def walk_away(page: "Page", town: Town) -> None:
    """Not asked too soon; the question stands above all; nobody answers, and home is there."""
    idle = int(str(page.get_attribute("html", "data-idle")))
    page.evaluate("dispatchEvent(new Event('wheel'))")  # its clock went on meanwhile
    page.clock.run_for((idle - 3) * 1_000)
    assert page.locator("#still[open]").count() == 0
    page.clock.run_for(5_000)
    assert page.locator("#still[open]").count() == 1
    page.locator("#stay").tap(trial=True)  # nothing stands over it
    page.clock.run_for((ANSWER_S + 1) * 1_000)
    page.wait_for_selector("html[data-known='0'] body.home .tile")
    assert town.portal.desk.screen.sitting is None
    assert town.portal.desk.screen.proven


@pytest.mark.parametrize("where", ["film", "kamera", "tanda-terima"])
def test_row_64_nobody_is_left_behind_where_more_goes_on_than_reading(
    page: "Page", town: Town, where: str
) -> None:
    tourist = Tourist(page.context, town)
    page.goto(f"{tourist.base}/status")
    path = tourist.post("/pengaduan", **{"class": "complaint"})
    while not path.endswith("periksa"):
        path = tourist.post(path, **ANSWERS[path.rpartition("/")[2]])
    path = PATHS.get(where) or tourist.post(path)
    page.goto(tourist.base + path)
    assert page.url.endswith(path)
    if where == "film":
        page.evaluate("async () => { film.muted = true; await film.play(); }")
        page.evaluate("film.requestFullscreen()")
    walk_away(page, town)
