"""The start page: counts that link to lists, the map, the newest faults."""

import re

import pytest
from starlette.testclient import TestClient

from controller.fleet import SiteSummary
from dashboards.console.pages import start
from tests.dashboards.console.conftest import Fleet


def count(text: str, element: str) -> str:
    found = re.search(rf'id="{element}"[^>]*data-mark="(\d+)"', text) or re.search(
        rf'data-mark="(\d+)"[^>]*id="{element}"', text
    )
    assert found
    return found[1]


def test_the_page_leads_with_what_citizens_can_finish(client: TestClient) -> None:
    text = client.get("/").text
    assert count(text, "yes-inform") == "55"
    assert count(text, "yes-apply") == "53"
    assert 'href="/kiosks?apply=no"' in text
    assert 'href="/kiosks?apply=unknown"' in text


def test_every_count_leads_to_a_list_of_just_as_many(client: TestClient) -> None:
    text = client.get("/").text
    for state, number in re.findall(r'id="tile-(\w+)" data-row data-mark="(\d+)"', text):
        listed = client.get(f"/kiosks?state={state}").text
        assert listed.count("<tr id=") == min(int(number), 50)


def test_the_map_has_a_cell_a_site_with_name_and_state(client: TestClient) -> None:
    text = client.get("/").text
    assert text.count('<a class="cell is-') == 61
    assert re.search(r'<a class="cell is-fail"[^>]*aria-label="Coblong: 1 Rusak"', text)
    assert re.search(r'<a class="cell is-never"[^>]*aria-label="Nagreg: 1 Belum pernah"', text)


def test_the_map_of_a_large_fleet_comes_a_moment_after_the_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "AT_ONCE", 60)
    page = client.get("/").text
    assert '<a class="cell is-' not in page
    assert 'hx-trigger="live, load"' in page
    alone = client.get("/", headers={"hx-request": "true", "hx-target": "map"}).text
    assert alone.count('<a class="cell is-') == 61
    assert 'hx-trigger="live"' in alone


def test_open_faults_come_worst_first_with_a_button_to_take_them_on(
    client: TestClient, fleet: Fleet
) -> None:
    text = client.get("/").text
    worst = re.findall(r'<li id="fault-\d+" data-row data-mark="(\w+)', text)
    assert worst == sorted(worst, key=["critical", "fail", "warn", "info"].index)
    assert f'href="/kiosks/{fleet.names["Gedebage"]}#fault-' in text


def test_labels_are_one_line_two_lines_or_none() -> None:
    assert start.label("Regol", 80) == (13, ("Regol",))
    assert start.label("Babakan Ciparay", 62) == (13, ("Babakan", "Ciparay"))
    assert start.label("Rancaekek", 64) == (10.5, ("Rancaekek",))
    assert start.label("Rancaekek", 30)[1] == ()


def test_a_crowd_of_sites_leads_to_its_region_in_its_state() -> None:
    one = SiteSummary("c1", "n", "Kota Bandung", 0, 0, "fail", 1, {"fail": 1})
    assert start.address([one], "fail") == "/kiosks?site=c1"
    assert start.address([one, one], "fail") == "/kiosks?regency=Kota+Bandung&state=fail"
