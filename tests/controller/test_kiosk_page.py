"""One kiosk: everything known of it, or that nobody knows it."""

from sqlalchemy import Engine

from controller import fleet
from controller.kiosk_page import find_kiosk, kiosk_id, probes_now
from controller.people.powers import EVERYWHERE
from controller.store.engine import writing
from controller.words import SERVICES
from tests.support.fleet import FACTS, NOW


def test_a_kiosk_nobody_registered_is_none(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        assert find_kiosk(conn, EVERYWHERE, "nobody-01") is None
        assert kiosk_id(conn, EVERYWHERE, "nobody-01") is None


def test_the_page_gathers_status_thread_verdicts_probes_and_open_faults(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        pages = [find_kiosk(conn, EVERYWHERE, f"k-{number:06d}") for number in range(61)]
    for page in pages:
        assert page is not None
        assert [one.service for one in page.verdicts] == list(SERVICES)
        assert [one.answer for one in page.verdicts] == list(page.row[11:15])
        assert len(page.faults) == page.row.open_faults
        if page.row.state == "never":
            assert page.thread is None
            assert not page.probes
        else:
            assert page.thread is not None
            assert page.thread.last_heard == page.row.last_heard
            assert [one.probe for one in page.probes] == sorted(FACTS)


def test_facts_come_back_typed(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        found = kiosk_id(conn, EVERYWHERE, "k-000000")
        assert found is not None
        facts = {one.probe: one.facts for one in probes_now(conn, found)}
    assert facts == FACTS


def test_a_kiosk_never_heard_is_unknown_for_every_service_since_it_was_registered(
    office_engine: Engine,
) -> None:
    with writing(office_engine) as conn:
        fleet.register_site(
            conn, fleet.Site("32.73.02", "Coblong", "Kota Bandung", -6.8, 107.6), NOW
        )
        fleet.register_kiosk(conn, "coblong-01", "32.73.02", NOW)
        page = find_kiosk(conn, EVERYWHERE, "coblong-01")
    assert page is not None
    assert {(one.answer, one.since, one.why) for one in page.verdicts} == {
        ("unknown", NOW, "never")
    }
    assert (page.lat, page.registered_at, page.thread, page.faults) == (-6.8, NOW, None, [])
