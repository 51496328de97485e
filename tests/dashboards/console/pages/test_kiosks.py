"""The list: everything asked stands in the address and stays there."""

import html
import re

import pytest
from starlette.testclient import TestClient

from tests.dashboards.console.conftest import Fleet


def rows(text: str) -> list[str]:
    return re.findall(r'href="/kiosks/([a-z0-9-]+)">', text)


@pytest.mark.parametrize(
    ("query", "kecamatan"),
    [
        ("q=COBLONG", {"Coblong"}),
        ("state=never", {"Nagreg"}),
        ("state=never&state=unknown", {"Nagreg", "Ibun"}),
        ("apply=no&inform=yes", {"Coblong", "Cibiru"}),
        ("presence=offline&regency=Kabupaten+Bandung", {"Pangalengan", "Rancabali"}),
        ("fault=temperature.high", {"Lengkong"}),
        ("site=32.73.02", {"Coblong"}),
        ("q=%25", set()),
    ],
)
def test_filters_find_what_they_say(
    client: TestClient, fleet: Fleet, query: str, kecamatan: set[str]
) -> None:
    assert set(rows(client.get(f"/kiosks?{query}").text)) == {fleet.names[k] for k in kecamatan}


def test_paging_and_sorting_keep_the_filters(client: TestClient) -> None:
    text = client.get("/kiosks?state=ok&size=10&q=a&sort=name&page=2").text
    links = [html.unescape(link) for link in re.findall(r'href="(/kiosks\?[^"]*)"', text)]
    kept = [link for link in links if "page=" in link or "sort=" in link]
    assert len(kept) >= 8
    assert all("state=ok" in link and "q=a" in link and "size=10" in link for link in kept)
    assert all("page" not in link for link in kept if "sort=name" not in link)


def test_pages_neither_repeat_nor_skip(client: TestClient) -> None:
    pages = [rows(client.get(f"/kiosks?size=20&page={n}").text) for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 20, 1]
    assert len({name for page in pages for name in page}) == 61


def test_what_is_asked_stands_in_the_form(client: TestClient) -> None:
    text = client.get("/kiosks?q=co&state=fail&apply=no&site=32.73.02&sort=name").text
    assert 'name="q" value="co"' in text
    assert 'name="state" value="fail" checked' in text
    assert '<option value="no" selected>' in text
    assert '<input type="hidden" name="site" value="32.73.02">' in text
    assert '<input type="hidden" name="sort" value="name">' in text


def test_a_column_head_turns_its_own_order_around(client: TestClient) -> None:
    text = client.get("/kiosks?sort=name").text
    assert re.search(r'aria-sort="descending"><a id="sort-name" href="/kiosks\?sort=-name"', text)
