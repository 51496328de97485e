"""Who belongs to the fleet, and how it is as a whole, on both databases."""

from collections import Counter

import pytest
from sqlalchemy import Engine, select, update

from controller import fleet
from controller.kiosk_list import KioskQuery, every_kiosk, list_kiosks
from controller.people.powers import EVERYWHERE
from controller.store.engine import writing
from controller.store.tables import kiosk, kiosk_status
from controller.words import ANSWERS, PRESENCES, SERVICES, STATES
from tests.support.fleet import NOW
from wire.topics import partition_of

COBLONG = fleet.Site("32.73.02", "Coblong", "Kota Bandung", -6.88, 107.61)
REGOL = fleet.Site("32.73.11", "Regol", "Kota Bandung", -6.94, 107.61)
KIOSKS = [fleet.NewKiosk("coblong-01", COBLONG.code), fleet.NewKiosk("regol-01", REGOL.code)]


@pytest.fixture
def two(office_engine: Engine) -> Engine:
    with writing(office_engine) as conn:
        fleet.import_fleet(conn, [COBLONG, REGOL], KIOSKS, NOW)
    return office_engine


def test_an_import_says_what_it_changed_and_a_second_changes_nothing(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        first = fleet.import_fleet(conn, [COBLONG, REGOL], KIOSKS, NOW)
        second = fleet.import_fleet(conn, [COBLONG, REGOL], KIOSKS, NOW + 1)
    assert first == fleet.Imported(2, 0, 2, 0)
    assert not second.changed


def test_an_import_corrects_sites_and_moves_kiosks_but_removes_nothing(two: Engine) -> None:
    with writing(two) as conn:
        moved = [fleet.NewKiosk("regol-01", COBLONG.code)]
        done = fleet.import_fleet(conn, [REGOL._replace(name="Regol Baru")], moved, NOW)
        rows = list_kiosks(conn, EVERYWHERE, KioskQuery(sort="name")).rows
    assert done == fleet.Imported(0, 1, 0, 1)
    assert [(row.name, row.site_name) for row in rows] == [
        ("coblong-01", "Coblong"),
        ("regol-01", "Coblong"),
    ]


@pytest.mark.parametrize("name", ["", "ab", "UPPER", "a b", "../etc", "x" * 33, "-ab", "a#b"])
def test_a_name_that_cannot_be_a_kiosks_is_refused_before_anything_is_written(
    fleet_61: Engine, name: str
) -> None:
    both = [fleet.NewKiosk("good-01", "32.73.0001"), fleet.NewKiosk(name, "32.73.0001")]
    with writing(fleet_61) as conn, pytest.raises(ValueError, match="not a kiosk name"):
        fleet.import_fleet(conn, [], both, NOW)
    with fleet_61.connect() as conn:
        assert fleet.counts(conn, EVERYWHERE).kiosks == 61


def test_a_kiosk_needs_a_site_that_is_known_or_given(two: Engine) -> None:
    with writing(two) as conn, pytest.raises(ValueError, match="register the site first"):
        fleet.register_kiosk(conn, "lost-01", "99.99.99", NOW)


def test_registering_one_by_one_is_idempotent_too(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        assert fleet.register_site(conn, COBLONG, NOW)
        assert not fleet.register_site(conn, COBLONG, NOW)
        assert fleet.register_kiosk(conn, "coblong-01", COBLONG.code, NOW)
        assert not fleet.register_kiosk(conn, "coblong-01", COBLONG.code, NOW)


def test_a_kiosk_begins_never_heard_with_nothing_known_and_in_its_partition(two: Engine) -> None:
    with two.connect() as conn:
        status = conn.execute(select(kiosk_status).where(kiosk_status.c.kiosk_id == 1)).one()
        stored = conn.scalar(select(kiosk.c.partition).where(kiosk.c.name == "regol-01"))
        counts = fleet.counts(conn, EVERYWHERE)
    assert (status.state, status.presence, status.state_since) == ("never", "never", NOW)
    assert stored == partition_of("regol-01")
    assert counts.verdicts["apply"] == {"no": 0, "unknown": 2, "yes": 0}


def test_counts_name_every_word_and_agree_with_the_list(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        counts = fleet.counts(conn, EVERYWHERE)
        rows = every_kiosk(conn, EVERYWHERE, KioskQuery())
    assert counts.kiosks == len(rows) == 61
    assert counts.states == dict.fromkeys(STATES, 0) | Counter(row.state for row in rows)
    assert counts.presences == dict.fromkeys(PRESENCES, 0) | Counter(row.presence for row in rows)
    for service in SERVICES:
        answers = Counter(getattr(row, service) for row in rows)
        assert counts.verdicts[service] == dict.fromkeys(ANSWERS, 0) | answers
    assert sum(counts.faults.values()) == sum(row.open_faults for row in rows)


def test_an_empty_office_counts_nothing(office_engine: Engine) -> None:
    with office_engine.connect() as conn:
        assert fleet.counts(conn, EVERYWHERE).kiosks == 0
        assert fleet.sites(conn, EVERYWHERE) == []
        assert fleet.regencies(conn, EVERYWHERE) == []


def test_the_map_shows_every_site_with_its_worst_state(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        sites = fleet.sites(conn, EVERYWHERE)
        rows = every_kiosk(conn, EVERYWHERE, KioskQuery())
    for one in sites:
        states = Counter(row.state for row in rows if row.site_code == one.code)
        assert one.states == states
        assert one.kiosks == states.total()
        assert one.worst == min(states, key=STATES.index)


def test_a_site_without_kiosks_has_no_state(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        fleet.register_site(conn, COBLONG, NOW)
        assert fleet.sites(conn, EVERYWHERE) == [fleet.SiteSummary(*COBLONG, None, 0, {})]


@pytest.mark.parametrize("states", [("ok", "fail"), ("never", "ok"), ("warn", "unknown")])
def test_the_worst_of_two_colours_a_site(office_engine: Engine, states: tuple[str, ...]) -> None:
    with writing(office_engine) as conn:
        both = [fleet.NewKiosk(f"coblong-{n}", COBLONG.code) for n in range(2)]
        fleet.import_fleet(conn, [COBLONG], both, NOW)
        for number, state in enumerate(states, start=1):
            changed = update(kiosk_status).where(kiosk_status.c.kiosk_id == number)
            conn.execute(changed.values(state=state))
        (one,) = fleet.sites(conn, EVERYWHERE)
    assert one.worst == min(states, key=STATES.index)
    assert one.states == dict.fromkeys(states, 1)


def test_regencies_are_named_once(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        assert fleet.regencies(conn, EVERYWHERE) == ["Kabupaten Bandung", "Kota Bandung"]
