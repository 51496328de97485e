"""One kiosk: verdicts with reasons, why it is red, devices, the timeline page by page."""

import re

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from controller.store.engine import writing
from controller.store.tables import flip, kiosk, kiosk_status, latest, thread, verdict
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase


@pytest.fixture
def page(client: TestClient, fleet: Fleet) -> str:
    return str(client.get(f"/kiosks/{fleet.names['Coblong']}").text)


def test_it_says_why_it_is_red_in_the_words_of_the_catalogue(page: str) -> None:
    assert "Kertas printer habis" in page
    assert "Isi baki kertas" in page  # what to do
    assert "permohonan tetap tersimpan" in page  # what it means to a citizen
    assert "printer melaporkan: kertas habis" in page  # what was seen
    assert "Kertas A4 dibawa dari gudang" in page  # what people noted


def test_each_service_has_its_answer_reason_and_since(page: str) -> None:
    for service, answer in (("inform", "yes"), ("apply", "no")):
        assert re.search(rf'class="card verdict is-{answer}" id="verdict-{service}"', page)
    assert "Sejak 09.48 WIB" in page


def test_devices_come_in_the_order_a_citizen_meets_them(page: str) -> None:
    found = re.findall(r'id="device-(\w+)"', page)
    assert found[:4] == ["screen", "browser", "printer", "queue"]
    assert len(found) == len(showcase.FACTS)


def test_what_makes_it_unknown_comes_with_what_to_do(client: TestClient, fleet: Fleet) -> None:
    name = fleet.names["Andir"]
    with writing(fleet.engine) as conn:
        one = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
        blind = {"state": "unknown", "why": "no display server is configured", "facts": {}}
        conn.execute(
            update(latest).where(latest.c.kiosk_id == one, latest.c.probe == "screen").values(blind)
        )
        gone = latest.delete().where(latest.c.kiosk_id == one, latest.c.probe == "browser")
        conn.execute(gone)
        probes = [probe for probe in showcase.FACTS if probe != "browser"]
        conn.execute(update(thread).where(thread.c.kiosk_id == one).values(probes=probes))
        state = {"state": "unknown", "state_why": "probe:screen"}
        conn.execute(update(kiosk_status).where(kiosk_status.c.kiosk_id == one).values(state))
        for service, why in (("inform", "probe:screen"), ("watch", "probe:browser")):
            mine = (verdict.c.kiosk_id == one) & (verdict.c.service == service)
            conn.execute(update(verdict).where(mine).values(answer="unknown", why=why))
    text = client.get(f"/kiosks/{name}").text
    assert "Pastikan layar terpasang" in text
    assert "server tampilan belum diatur" in text
    assert '<a href="#device-screen">Lihat kartu Layar</a>' in text
    assert "Peramban tidak dipantau di sini. Tambahkan bagian [probes.browser]" in text
    assert 'id="absent">Tidak dipantau di sini: peramban.' in text


def test_our_own_deafness_sends_nobody_on_site(client: TestClient, fleet: Fleet) -> None:
    text = client.get(f"/kiosks/{fleet.names['Ibun']}").text
    assert "periksa kantor, bukan anjungan" in text
    assert '<a href="#why">Yang perlu dilakukan</a>' in text
    assert 'id="why"' in text


def test_a_kiosk_never_heard_says_what_comes_next(client: TestClient, fleet: Fleet) -> None:
    text = client.get(f"/kiosks/{fleet.names['Nagreg']}").text
    assert "belum pernah terdengar" in text
    assert "Pasang dan nyalakan agennya" in text


def test_the_timeline_goes_on_behind_its_last_line(client: TestClient, fleet: Fleet) -> None:
    name = fleet.names["Andir"]
    with writing(fleet.engine) as conn:
        one = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
        base = {"kiosk_id": one, "subject": "presence", "old": "online", "new": "offline"}
        rows = [base | {"why": "will", "at": showcase.NOW - n} for n in range(90)]
        conn.execute(insert(flip), rows)
    path, seen = f"/kiosks/{name}", []
    while path:
        text = client.get(path).text
        seen += re.findall(r'id="flip-(\d+)"', text)
        more = re.search(r'href="(/kiosks/[^"]*before=[^"#]*)#past"', text)
        path = more[1] if more else ""
    assert len(seen) == len(set(seen)) == 90


@pytest.mark.parametrize("before", ["x", "1-", "-1", "1-2-3", "9" * 40])
def test_a_nonsense_place_in_the_timeline_is_refused(
    client: TestClient, fleet: Fleet, before: str
) -> None:
    answer = client.get(f"/kiosks/{fleet.names['Andir']}?before={before}")
    assert answer.status_code in (200, 422)
