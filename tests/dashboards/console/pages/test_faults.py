"""The list of faults and its filters."""

import re

import pytest
from starlette.testclient import TestClient

from tests.dashboards.console.conftest import Fleet


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 11),
        ("condition=cleared", 1),
        ("condition=all", 12),
        ("severity=fail&code=kiosk.offline", 2),
        ("acked=yes", 3),
        ("acked=no", 8),
        ("acked=yes&code=kiosk.offline", 1),
    ],
)
def test_filters_find_what_they_say(client: TestClient, query: str, count: int) -> None:
    text = client.get(f"/faults?{query}").text
    assert len(re.findall(r'<li id="fault-\d+"', text)) == count


def test_faults_of_one_kiosk(client: TestClient, fleet: Fleet) -> None:
    text = client.get(f"/faults?kiosk={fleet.names['Gedebage']}").text
    assert len(re.findall(r'<li id="fault-\d+"', text)) == 2


def test_a_part_of_a_name_is_enough(client: TestClient) -> None:
    text = client.get("/faults?kiosk=GEDEB").text
    assert len(re.findall(r'<li id="fault-\d+"', text)) == 2
    assert 'value="GEDEB"' in text


def test_nothing_is_offered_for_picking_where_nothing_can_be_taken_on(client: TestClient) -> None:
    assert 'id="pick-all"' in client.get("/faults").text
    cleared = client.get("/faults?condition=cleared").text
    assert 'id="pick-' not in cleared


def test_what_is_asked_stands_in_the_form(client: TestClient) -> None:
    text = client.get("/faults?condition=all&severity=warn&code=kiosk.offline&acked=no").text
    assert 'value="all" checked' in text
    assert 'value="warn" checked' in text
    assert '<option value="kiosk.offline" selected>' in text
    assert '<option value="no" selected>' in text
