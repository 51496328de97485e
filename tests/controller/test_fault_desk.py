"""People and faults: looking, taking on, leaving notes; on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, update

from controller import fault_desk
from controller.changes import Watch
from controller.fault_desk import FaultQuery, NoSuchFault
from controller.people.powers import EVERYWHERE
from controller.store.engine import writing
from controller.store.tables import fault
from controller.words import SEVERITIES, BadQuestion
from tests.support.fleet import NOW, seed_fleet


@pytest.fixture
def desk(office_engine: Engine) -> Engine:
    seed_fleet(office_engine, kiosks=61, sites=5, seed=7, probes=False)
    return office_engine


def test_open_faults_come_worst_first_and_newest_first_within(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        rows = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(size=500)).rows
    keys = [(SEVERITIES.index(row.severity), -row.opened_at, -row.id) for row in rows]
    assert keys == sorted(keys)
    assert len(rows) > 3


def test_filters_agree_with_the_rows(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        everything = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(size=500)).rows
        for row in everything:
            for query, same in (
                (
                    FaultQuery(code=row.code, size=500),
                    [r for r in everything if r.code == row.code],
                ),
                (FaultQuery(kiosk=row.kiosk), [r for r in everything if r.kiosk == row.kiosk]),
                (
                    FaultQuery(site=row.site_code, size=500),
                    [r for r in everything if r.site_code == row.site_code],
                ),
                (
                    FaultQuery(
                        severities=(row.severity,), acked=row.acked_at is not None, size=500
                    ),
                    [
                        r
                        for r in everything
                        if r.severity == row.severity
                        and (r.acked_at is None) == (row.acked_at is None)
                    ],
                ),
            ):
                page = fault_desk.list_faults(conn, EVERYWHERE, query)
                assert page.rows == same
                assert page.total == len(same)


def test_a_part_of_a_kiosks_or_a_sites_name_finds_its_faults(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        everything = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(size=500)).rows
        for row in everything:
            part = row.kiosk[1:-1]
            same = [r for r in everything if part in r.kiosk or part in r.site_name.lower()]
            assert (
                fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(search=part.upper())).rows
                == same
            )
            found = fault_desk.list_faults(
                conn, EVERYWHERE, FaultQuery(search=f" {row.site_name.lower()} ")
            )
            assert row in found.rows
        assert fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(search="%")).total == 0


def test_pages_together_are_every_fault_once(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        total = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery()).total
        pages = [
            fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(page=n, size=3)).rows
            for n in range(1, 2 + total // 3)
        ]
    ids = [row.id for page in pages for row in page]
    assert len(ids) == len(set(ids)) == total


def test_cleared_faults_are_listed_apart_latest_first(desk: Engine) -> None:
    with writing(desk) as conn:
        first, second = (
            row.id for row in fault_desk.list_faults(conn, EVERYWHERE, FaultQuery()).rows[:2]
        )
        for one, at in ((first, NOW), (second, NOW + 1)):
            conn.execute(update(fault).where(fault.c.id == one).values(cleared_at=at))
        cleared = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(condition="cleared"))
        opened = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(size=500))
        both = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(condition="all", size=500))
    assert [row.id for row in cleared.rows] == [second, first]
    assert {first, second}.isdisjoint(row.id for row in opened.rows)
    assert both.total == opened.total + 2


def test_the_second_person_learns_who_was_first(desk: Engine) -> None:
    one = _unacknowledged(desk)
    with writing(desk) as conn:
        first = fault_desk.acknowledge(conn, EVERYWHERE, one, " Loket ", NOW)
        again = fault_desk.acknowledge(conn, EVERYWHERE, one, "Loket", NOW + 1)
        second = fault_desk.acknowledge(conn, EVERYWHERE, one, "Gudang", NOW + 2)
    assert first == (True, "Loket", NOW)
    assert again == second == (False, "Loket", NOW)


def test_of_many_at_once_exactly_one_is_first(desk: Engine) -> None:
    one = _unacknowledged(desk)

    def take(number: int) -> fault_desk.Acknowledged:
        with writing(desk) as conn:
            return fault_desk.acknowledge(conn, EVERYWHERE, one, f"person-{number}", NOW + number)

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(take, range(5)))
    assert sum(answer.first for answer in answers) == 1
    assert len({(answer.by, answer.at) for answer in answers}) == 1


def test_taking_on_and_notes_are_told_to_whoever_watches(desk: Engine) -> None:
    one = _unacknowledged(desk)
    watch = Watch(desk)
    with writing(desk) as conn:
        fault_desk.acknowledge(conn, EVERYWHERE, one, "Loket", NOW)
        fault_desk.acknowledge(conn, EVERYWHERE, one, "Gudang", NOW)
        fault_desk.add_note(conn, EVERYWHERE, one, who="Loket", text="Kertas dipesan", now=NOW)
    told = watch.poll()
    assert [(change.topic, change.detail) for change in told] == [
        ("fault", "acknowledged"),
        ("fault", "note"),
    ]
    assert all(change.kiosk_id is not None for change in told)


def test_notes_are_kept_in_order(desk: Engine) -> None:
    one = _unacknowledged(desk)
    with writing(desk) as conn:
        made = [
            fault_desk.add_note(
                conn, EVERYWHERE, one, who="Loket", text=f"no. {n}\r\nbaris", now=NOW
            )
            for n in range(3)
        ]
        assert fault_desk.notes(conn, one) == made
    assert made[0].text == "no. 0\nbaris"


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00b", "\x1b[31mred", "\ud800"])
def test_row_67_a_note_is_short_text_without_control_characters(
    fleet_61: Engine, text: str
) -> None:
    one = _unacknowledged(fleet_61)
    with writing(fleet_61) as conn, pytest.raises(ValueError, match="a note"):
        fault_desk.add_note(conn, EVERYWHERE, one, who="Loket", text=text, now=NOW)


@pytest.mark.parametrize("who", ["", " ", "x" * 81, "a\nb", "\x1b[2J"])
def test_row_67_a_person_has_a_name_without_control_characters(fleet_61: Engine, who: str) -> None:
    one = _unacknowledged(fleet_61)
    with writing(fleet_61) as conn:
        with pytest.raises(ValueError, match="name"):
            fault_desk.acknowledge(conn, EVERYWHERE, one, who, NOW)
        assert fault_desk.find_fault(conn, EVERYWHERE, one).acked_by is None


def test_a_fault_nobody_knows_is_said_so(desk: Engine) -> None:
    with writing(desk) as conn:
        for ask in (
            lambda: fault_desk.find_fault(conn, EVERYWHERE, 10**12),
            lambda: fault_desk.acknowledge(conn, EVERYWHERE, 10**12, "Loket", NOW),
            lambda: fault_desk.add_note(conn, EVERYWHERE, 10**12, who="Loket", text="?", now=NOW),
        ):
            with pytest.raises(NoSuchFault):
                ask()


def test_faults_of_a_kiosk_include_cleared_ones(desk: Engine) -> None:
    with writing(desk) as conn:
        row = fault_desk.list_faults(conn, EVERYWHERE, FaultQuery()).rows[0]
        conn.execute(update(fault).where(fault.c.id == row.id).values(cleared_at=NOW))
        asked = FaultQuery(condition="all", kiosk=row.kiosk)
        assert row.id in [one.id for one in fault_desk.list_faults(conn, EVERYWHERE, asked).rows]


@pytest.mark.parametrize(
    "wrong", [{"condition": "gone"}, {"severities": ("mild",)}, {"code": "x" * 81}, {"page": 0}]
)
def test_a_word_nobody_knows_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadQuestion):
        FaultQuery(**wrong)  # type: ignore[arg-type]


def _unacknowledged(engine: Engine) -> int:
    with engine.connect() as conn:
        return fault_desk.list_faults(conn, EVERYWHERE, FaultQuery(acked=False)).rows[0].id
