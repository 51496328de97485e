"""The log only grows, and whoever changes it below the triggers is found."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from controller.people.audit import (
    START,
    Entry,
    Filter,
    Mark,
    Verdict,
    append,
    append_all,
    read,
    tail,
    verify,
    walk,
)
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.store.engine import open_engine, writing
from controller.store.people_tables import audit

NOW = 1_700_000_000_000


def said(number: int, **more: Any) -> Entry:
    return Entry("teknisi-pagi", "fault.take", f"fault-{number}", "32.73.01", "10.0.0.1", **more)


def unlock(conn: Connection) -> None:
    """What somebody with the database's own password can do."""
    if conn.dialect.name == "sqlite":
        conn.execute(text("DROP TRIGGER audit_no_update"))
        conn.execute(text("DROP TRIGGER audit_no_delete"))
    else:
        conn.execute(text("DROP TRIGGER audit_no_change ON audit"))


def ten_rows(database: str) -> Any:
    engine = open_engine(database)
    with writing(engine) as conn:
        for number in range(1, 11):
            append(conn, said(number, detail={"number": number, "note": "tinta"}), NOW + number)
    return engine


def judged(engine: Any) -> Verdict:
    with engine.connect() as conn:
        return verify(conn)


def test_rows_are_numbered_from_one_without_a_hole(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        assert tail(conn) == START
        assert [append(conn, said(n), NOW) for n in range(3)] == [1, 2, 3]
        assert append_all(conn, [said(4), said(5)], NOW) == 5
        assert append_all(conn, [], NOW) == 5
    assert judged(engine).ok
    assert judged(engine).mark.n == 5


def test_an_empty_log_is_sound(database: str) -> None:
    assert judged(open_engine(database)) == Verdict(ok=True, mark=START, broken_at=None, why="")


def test_a_transaction_that_fails_leaves_no_hole(database: str) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        append(conn, said(1), NOW)
        conn.rollback()
    with writing(engine) as conn:
        assert append(conn, said(2), NOW) == 1


def test_writers_at_once_make_one_chain(database: str) -> None:
    engine = open_engine(database)

    def write(number: int) -> int:
        with writing(engine) as conn:
            return append(conn, said(number), NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(write, range(60))) == list(range(1, 61))
    assert judged(engine).ok


def test_nothing_is_appended_outside_a_transaction(sqlite_url: str) -> None:
    with (
        open_engine(sqlite_url).connect() as conn,
        pytest.raises(RuntimeError, match="transaction"),
    ):
        append(conn, said(1), NOW)


def test_row_70_the_database_refuses_to_change_a_row(database: str) -> None:
    engine = ten_rows(database)
    for change in (
        update(audit).where(audit.c.n == 5).values(who="nobody"),
        delete(audit).where(audit.c.n == 5),
    ):
        with pytest.raises(DBAPIError, match="append-only"), writing(engine) as conn:
            conn.execute(change)
    assert judged(engine).ok


@pytest.mark.parametrize(
    "field",
    [
        {"who": "somebody-else"},
        {"what": "fault.note"},
        {"subject": "fault-6"},
        {"district": "32.73.02"},
        {"address": "10.0.0.2"},
        {"at": NOW},
        {"detail": {"number": 5, "note": "kertas"}},
        {"hash": "f" * 64},
        {"previous": "f" * 64},
    ],
    ids=lambda field: next(iter(field)),
)
def test_row_70_an_edited_row_is_found(database: str, field: dict[str, Any]) -> None:
    engine = ten_rows(database)
    with writing(engine) as conn:
        unlock(conn)
        conn.execute(update(audit).where(audit.c.n == 5).values(**field))
    found = judged(engine)
    assert (found.ok, found.broken_at, found.mark.n) == (False, 5, 4)


def test_row_70_a_deleted_row_is_found(database: str) -> None:
    engine = ten_rows(database)
    with writing(engine) as conn:
        unlock(conn)
        conn.execute(delete(audit).where(audit.c.n == 5))
    found = judged(engine)
    assert (found.ok, found.mark.n, found.why) == (False, 4, "row 5 is missing")


def test_row_70_rows_that_changed_places_are_found(database: str) -> None:
    engine = ten_rows(database)
    with writing(engine) as conn:
        unlock(conn)
        for old, new in ((5, 500), (6, 5), (500, 6)):
            conn.execute(update(audit).where(audit.c.n == old).values(n=new))
    assert judged(engine).broken_at == 5


def test_row_70_a_row_put_in_between_is_found(database: str) -> None:
    engine = ten_rows(database)
    with writing(engine) as conn:
        unlock(conn)
        tenth = dict(conn.execute(audit.select().where(audit.c.n == 10)).one()._mapping)
        conn.execute(insert(audit), {**tenth, "n": 11})
    assert judged(engine).broken_at == 11


def test_row_70_a_cut_tail_is_found_by_whoever_kept_a_mark(database: str) -> None:
    engine = ten_rows(database)
    kept = judged(engine).mark
    with writing(engine) as conn:
        unlock(conn)
        conn.execute(delete(audit).where(audit.c.n > 7))
    assert judged(engine).ok  # sound in itself: that is why marks are signed and kept elsewhere
    with engine.connect() as conn:
        found = verify(conn, upto=kept.n)
    assert (found.ok, found.mark.n) == (False, 7)
    assert "row 10 was written" in found.why


def test_row_70_another_history_of_the_same_length_does_not_reach_the_kept_mark(
    database: str,
) -> None:
    engine = ten_rows(database)
    kept = judged(engine).mark
    with writing(engine) as conn:
        unlock(conn)
        conn.execute(delete(audit).where(audit.c.n > 7))
        append_all(conn, [said(20 + n) for n in range(5)], NOW)
    with engine.connect() as conn:
        assert verify(conn, upto=kept.n).mark != kept


def test_the_chain_can_be_verified_from_a_mark_on(database: str) -> None:
    engine = ten_rows(database)
    with engine.connect() as conn:
        half = verify(conn, upto=5).mark
        assert verify(conn, after=half) == verify(conn)
        assert not verify(conn, after=Mark(5, "0" * 64)).ok


def test_a_log_longer_than_one_look_is_walked_whole(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with writing(engine) as conn:
        append_all(conn, (said(n) for n in range(4_001)), NOW)
    with engine.connect() as conn:
        assert [row.n for row in walk(conn, 1_999)][:2] == [2_000, 2_001]
        assert verify(conn).mark.n == 4_001


@pytest.fixture
def some(database: str) -> Any:
    engine = open_engine(database)
    with writing(engine) as conn:
        append(conn, Entry("admin", "people.create", "supervisor-dago"), NOW)
        append(conn, Entry("admin", "identity.revoke", "k-1", "32.73.02"), NOW + 1)
        append(conn, Entry("pagi", "fault.take", "f-1", "32.73.02.1001"), NOW + 2)
        append(conn, Entry("pagi", "fault.note", "f-1", "32.73.021"), NOW + 3)
        append(conn, Entry("pagi", "fault", "f-2", "32.04.01"), NOW + 4)
    with engine.connect() as conn:
        yield conn


def numbers(conn: Any, scope: Scope, **asked: Any) -> list[int]:
    return [row.n for row in read(conn, scope, Filter(**asked)).rows]


def test_readers_see_their_own_districts_only(some: Any) -> None:
    assert numbers(some, EVERYWHERE) == [5, 4, 3, 2, 1]
    assert numbers(some, Scope(("32.73.02",))) == [3, 2]
    assert numbers(some, Scope(("32.73", "32.04"))) == [5, 4, 3, 2]
    assert numbers(some, Scope(("32.73.0%", "32.73.0_"))) == []
    assert numbers(some, NOWHERE) == []


def test_the_log_can_be_asked(some: Any) -> None:
    assert numbers(some, EVERYWHERE, who="admin") == [2, 1]
    assert numbers(some, EVERYWHERE, what="fault") == [5, 4, 3]
    assert numbers(some, EVERYWHERE, what="fault.take") == [3]
    assert numbers(some, EVERYWHERE, what="faul") == []
    assert numbers(some, EVERYWHERE, subject="f-1", since=NOW + 3) == [4]
    assert numbers(some, EVERYWHERE, until=NOW + 1) == [1]


def test_the_log_comes_in_pages(some: Any) -> None:
    page = read(some, EVERYWHERE, Filter(), number=2, size=2)
    assert ([row.n for row in page.rows], page.total, page.pages) == ([3, 2], 5, 3)


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(words=st.lists(st.text(max_size=150), min_size=5, max_size=5), detail=JSONISH)
def test_whatever_is_said_comes_back_as_it_was_hashed(words: list[str], detail: Any) -> None:
    engine = open_engine("sqlite://")
    with writing(engine) as conn:
        audit.create(conn)
        who, what, subject, district, address = words
        append(conn, Entry(who, what, subject, district, address, {"it": detail}), NOW)
        append(conn, said(2), NOW)
        assert verify(conn).ok


def test_postgres_gives_back_odd_text_and_numbers_as_they_were_hashed(postgres_url: str) -> None:
    odd = {"a\0b": "\ud800", "é": 1e20, "big": 2**70, "nan": float("nan"), "z": [0.1, True, None]}
    engine = open_engine(postgres_url)
    with writing(engine) as conn:
        append(conn, Entry("a\0b" * 90, "w" * 90, "\ud800", "x" * 90, "y" * 90, odd), NOW)
    assert judged(engine).ok
