"""Districts as SQL: the same answer as the pure rule, on both databases, by an index on SQLite."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, insert, select, text

from controller import fleet
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.scope import (
    Aside,
    Outside,
    check_kiosk,
    check_site,
    kiosks_within,
    sites_within,
    starts,
    within,
)
from controller.store.base import metadata
from controller.store.engine import writing
from controller.store.tables import kiosk, site

CODES = (
    "32",
    "32.7",
    "32.73",
    "32.73.01",
    "32.73.010",
    "32.730",
    "32.73/",
    "32.73-1",
    "3273",
    "33",
)
pieces = st.sampled_from(["32", "7", "73", "01", ".", "%", "_", "/", "-", "\\", "Ñ", "'", " "])
codes = st.lists(pieces, min_size=1, max_size=6).map("".join)


@pytest.fixture(scope="module")
def memory() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as conn:
        yield conn


@given(known=st.sets(codes, max_size=8), begins=codes)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_how_a_text_begins_is_asked_without_wildcards(
    memory: Connection, known: set[str], begins: str
) -> None:
    memory.rollback()
    rows = [{"code": code, "name": "n", "regency": "r", "lat": 0, "lng": 0} for code in known]
    if rows:
        memory.execute(insert(site), rows)
    found = set(memory.scalars(select(site.c.code).where(starts(Aside(site.c.code), begins))))
    assert found == {code for code in known if code.startswith(begins)}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(known=st.sets(codes, max_size=8), asked=st.sets(codes, max_size=3))
def test_row_69_the_filter_and_the_rule_agree_on_every_code(
    memory: Connection, known: set[str], asked: set[str]
) -> None:
    memory.rollback()
    rows = [{"code": code, "name": "n", "regency": "r", "lat": 0, "lng": 0} for code in known]
    if rows:
        memory.execute(insert(site), rows)
    scope = Scope(tuple(sorted(asked)))
    found = set(memory.scalars(select(site.c.code).where(within(scope, site.c.code))))
    assert found == {code for code in known if scope.holds(code)}


@pytest.fixture
def office(office_engine: Engine) -> Engine:
    """A site and a kiosk for each of CODES."""
    with writing(office_engine) as conn:
        sites = [fleet.Site(code, "n", "r", 0, 0) for code in CODES]
        new = [fleet.NewKiosk(f"kiosk-{n}", code) for n, code in enumerate(CODES)]
        fleet.import_fleet(conn, sites, new, 1)
    return office_engine


@pytest.mark.parametrize(
    "scope", [EVERYWHERE, NOWHERE, Scope(("32.73",)), Scope(("32.7", "33")), Scope(("%",))]
)
def test_row_69_kiosks_and_sites_of_a_scope_are_those_it_holds(
    office: Engine, scope: Scope
) -> None:
    expected = {code for code in CODES if scope.holds(code)}
    with office.connect() as conn:
        here = select(site.c.code).where(within(scope, site.c.code))
        by_site = select(kiosk.c.site_code).where(*sites_within(scope, kiosk.c.site_code))
        by_number = select(kiosk.c.site_code).where(*kiosks_within(scope, kiosk.c.id))
        for query in (here, by_site, by_number):
            assert set(conn.scalars(query)) == expected


def test_a_named_thing_elsewhere_is_refused_and_nobodys_name_is_not(office: Engine) -> None:
    theirs = Scope(("32.73",))
    check_site(theirs, "")
    check_site(theirs, "32.73.01")
    with pytest.raises(Outside) as caught:
        check_site(theirs, "33")
    assert caught.value.district == "33"
    with office.connect() as conn:
        check_kiosk(conn, theirs, "")
        check_kiosk(conn, theirs, "kiosk-3")
        check_kiosk(conn, theirs, "nobody-1")
        with pytest.raises(Outside, match="kiosk kiosk-9 is in a district"):
            check_kiosk(conn, theirs, "kiosk-9")


def test_sqlite_finds_a_districts_sites_by_the_index(memory: Connection) -> None:
    query = select(site.c.code).where(within(Scope(("32.73",)), site.c.code))
    shown = str(query.compile(memory.engine, compile_kwargs={"literal_binds": True}))
    plan = " ".join(str(row) for row in memory.execute(text(f"EXPLAIN QUERY PLAN {shown}")))
    assert "SCAN" not in plan
    assert "SEARCH" in plan
