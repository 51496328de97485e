"""The list against the obvious way: all rows in memory, filtered and sorted by Python."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from controller.kiosk_list import (
    SORTS,
    KioskQuery,
    KioskRow,
    Limits,
    every_kiosk,
    list_kiosks,
    rows_of,
)
from controller.people.powers import EVERYWHERE
from controller.store.tables import fault, kiosk
from controller.words import ANSWERS, PRESENCES, SERVICES, STATES, BadQuestion

KEYS: dict[str, Callable[[KioskRow], Any]] = {
    "name": lambda row: row.name,
    "site": lambda row: (row.site_code, row.name),
    "state": lambda row: (STATES.index(row.state), row.state_since, row.id),
    "since": lambda row: (-row.state_since, -row.id),
    "faults": lambda row: (-row.open_faults, -row.id),
}
some = st.one_of(
    st.just(""),
    st.sampled_from(["k-00", "kecamatan 000", "0003", "ECA", "zzz", "%", "_", "/", "k-000042"]),
)
queries = st.builds(
    KioskQuery,
    states=st.lists(st.sampled_from(STATES), max_size=2).map(tuple),
    presences=st.lists(st.sampled_from(PRESENCES), max_size=2).map(tuple),
    regency=st.sampled_from(["", "Kota Bandung", "nowhere"]),
    site=st.sampled_from(["", "", "32.73.0001", "nowhere"]),
    verdicts=st.lists(
        st.tuples(st.sampled_from(SERVICES), st.sampled_from(ANSWERS)), max_size=2
    ).map(tuple),
    fault=st.sampled_from(["", "", "kiosk.offline", "portal.down", "none.such"]),
    search=some,
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 5),
    size=st.integers(1, 30),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=queries, limits=st.builds(Limits, few=st.integers(0, 70), near=st.integers(0, 70)))
def test_a_page_is_what_sorting_everything_would_give(
    fleet_61: Engine, query: KioskQuery, limits: Limits
) -> None:
    with fleet_61.connect() as conn:
        page = list_kiosks(conn, EVERYWHERE, query, limits)
        expected = _expected(conn, query)
    start = (query.page - 1) * query.size
    assert page.total == len(expected)
    assert page.rows == expected[start : start + query.size]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limits", [Limits(), Limits(few=0, near=0)])
def test_pages_together_are_the_whole_list_once(
    fleet_61: Engine, sort: str, limits: Limits
) -> None:
    with fleet_61.connect() as conn:
        pages = [
            list_kiosks(conn, EVERYWHERE, KioskQuery(sort=sort, page=number, size=7), limits).rows
            for number in range(1, 11)
        ]
    names = [row.name for page in pages for row in page]
    assert len(names) == 61
    assert len(set(names)) == 61


def test_kiosks_never_heard_come_last_whichever_way_the_list_is_turned(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        for sort in ("heard", "-heard"):
            rows = list_kiosks(conn, EVERYWHERE, KioskQuery(sort=sort, size=500)).rows
            heard = [row.last_heard is not None for row in rows]
            assert heard == sorted(heard, reverse=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"states": ("red",)},
        {"presences": ("here",)},
        {"verdicts": (("fly", "yes"),)},
        {"verdicts": (("apply", "maybe"),)},
        {"sort": "colour"},
        {"page": 0},
        {"size": 501},
        {"search": "x" * 81},
        {"search": "a\x00b"},
    ],
)
def test_a_word_nobody_knows_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        KioskQuery(**wrong)


def test_a_page_beyond_the_end_is_empty_but_knows_the_total(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        page = list_kiosks(conn, EVERYWHERE, KioskQuery(page=1000))
    assert (page.rows, page.total) == ([], 61)


def test_an_export_is_every_match_by_name(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        rows = every_kiosk(conn, EVERYWHERE, KioskQuery(states=("ok",)))
        names = [row.name for row in rows]
        assert {row.state for row in rows} == {"ok"}
    assert names == sorted(names)


def test_rows_come_in_the_order_asked(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        ids = list(conn.scalars(select(kiosk.c.id).order_by(kiosk.c.name.desc()).limit(5)))
        assert [row.id for row in rows_of(conn, [*ids, 10**9])] == ids


def _expected(conn: Connection, query: KioskQuery) -> list[KioskRow]:
    rows = [KioskRow(*row) for row in every_kiosk(conn, EVERYWHERE, KioskQuery())]
    opened = select(fault.c.kiosk_id).where(fault.c.code == query.fault)
    broken = set(conn.scalars(opened.where(fault.c.cleared_at.is_(None))))
    matching = [row for row in rows if _matches(row, query, broken)]
    by, backwards = query.sort.removeprefix("-"), query.sort.startswith("-")
    if by != "heard":
        return sorted(matching, key=KEYS[by], reverse=backwards)
    heard = [row for row in matching if row.last_heard is not None]
    heard.sort(key=lambda row: (-(row.last_heard or 0), -row.id), reverse=backwards)
    return heard + [row for row in matching if row.last_heard is None]


def _matches(row: KioskRow, query: KioskQuery, broken: set[int]) -> bool:
    text = query.search.lower()
    return (
        (not query.states or row.state in query.states)
        and (not query.presences or row.presence in query.presences)
        and query.regency in ("", row.regency)
        and query.site in ("", row.site_code)
        and all(getattr(row, service) == answer for service, answer in query.verdicts)
        and (not query.fault or row.id in broken)
        and (text in row.name or text in row.site_name.lower())
    )


def test_the_fixture_is_a_fleet(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        assert len({row.state for row in every_kiosk(conn, EVERYWHERE, KioskQuery())}) > 2
