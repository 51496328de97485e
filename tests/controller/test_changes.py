"""Nobody who watches misses a change, whenever it was committed."""

from sqlalchemy import Engine, delete, select

from controller import fleet
from controller.changes import PATIENCE_S, Watch, is_theirs, prune, record
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.store.engine import open_engine, writing
from controller.store.tables import change, kiosk


def test_a_watch_sees_what_was_recorded_since_the_last_poll(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        record(conn, "kiosk", 1, "before", 5)
    watch = Watch(engine)
    assert watch.poll() == []
    with writing(engine) as conn:
        record(conn, "fault", 7, "screen.dark", 6)
        record(conn, "office", None, "link", 7)
    seen = watch.poll()
    assert [one[1:] for one in seen] == [
        (6, "fault", 7, "screen.dark", None),
        (7, "office", None, "link", None),
    ]
    assert watch.poll() == []


def test_a_change_says_where_its_kiosk_stands(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        fleet.register_site(conn, fleet.Site("32.73.02", "Coblong", "Kota Bandung", -6.8, 107.6), 1)
        fleet.register_kiosk(conn, "bdg-coblong-01", "32.73.02", 1)
        number = conn.scalar(select(kiosk.c.id))
        watch = Watch(office_engine)
        record(conn, "kiosk", number, "state", 2)
    assert watch.poll()[-1].site_code == "32.73.02"


def test_row_69_who_sees_one_district_hears_of_that_one_alone() -> None:
    theirs = Scope(("32.73", "32.04.01"))
    assert is_theirs(theirs, "kiosk", "32.73.02")
    assert is_theirs(theirs, "fault", "32.04.01")
    assert is_theirs(theirs, "office", None)
    for topic, place in (("kiosk", "32.04.02"), ("kiosk", "32.730"), ("kiosk", None), ("x", None)):
        assert not is_theirs(theirs, topic, place)
        assert is_theirs(EVERYWHERE, topic, place)
        assert not is_theirs(NOWHERE, topic, place)


def test_a_watch_can_start_behind_a_known_change(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        for number in range(3):
            record(conn, "kiosk", number, "x", number)
    first = Watch(engine, after=0).poll()
    assert [one.kiosk_id for one in first] == [0, 1, 2]
    assert Watch(engine, after=first[1].id).poll() == [first[2]]


def test_a_change_that_commits_late_is_still_seen(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    watch = Watch(engine)
    with writing(engine) as slow:
        record(slow, "kiosk", 1, "slow", 1)
        with writing(engine) as quick:
            record(quick, "kiosk", 2, "quick", 2)
        assert [one.detail for one in watch.poll()] == ["quick"]
    assert [one.detail for one in watch.poll()] == ["slow"]
    assert watch.poll() == []


def test_a_number_that_never_comes_is_forgotten(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    now = [0.0]
    watch = Watch(engine, clock=lambda: now[0])
    for detail in ("rolled back", "kept"):
        with engine.begin() as conn:
            record(conn, "kiosk", 1, detail, 1)
            if detail == "rolled back":
                conn.rollback()
    assert [one.detail for one in watch.poll()] == ["kept"]
    assert len(watch._missing) == 1
    now[0] = PATIENCE_S + 1
    assert watch.poll() == []
    assert watch._missing == {}


def test_pruning_keeps_the_numbers_going_up(database: str) -> None:
    engine = open_engine(database)
    watch = Watch(engine)
    for number in range(5):
        with writing(engine) as conn:
            record(conn, "kiosk", number, "x", number)
            prune(conn, 1000)
        assert [one.kiosk_id for one in watch.poll()] == [number]


def test_a_watch_follows_a_database_that_was_rebuilt(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with writing(engine) as conn:
        for number in range(5):
            record(conn, "kiosk", number, "old", number)
    watch = Watch(engine)
    with writing(engine) as conn:
        conn.execute(delete(change))
        record(conn, "kiosk", 9, "new", 9)
    assert [one.detail for one in watch.poll()] == ["new"]


def test_of_a_job_everybody_may_hear_and_of_a_command_those_of_its_place() -> None:
    bandung = Scope(("32.73",))
    assert is_theirs(bandung, "job", None)
    assert not is_theirs(bandung, "command", None)
    assert not is_theirs(bandung, "command", "32.04.01")
