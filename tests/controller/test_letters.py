"""Dead letters are useful to a person and harmless to the database."""

import pytest

from controller import letters
from controller.store.engine import open_engine, writing
from tests.support.office import Office


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "é" * 500, "<script>"])
def test_any_text_can_be_stored(database: str, text: str) -> None:
    row = letters.letter(text, b"\0\xff" * 1000, "poison", text, 5)
    with writing(open_engine(database)) as conn:
        letters.store(conn, [row])
    assert len(row["payload"]) == 512
    assert len(row["topic"]) <= 200


def test_one_kiosk_cannot_fill_a_batch(sqlite_url: str) -> None:
    office = Office(sqlite_url)
    rows = [letters.letter(f"anjungan/v1/p00/evil/up/k{n}", b"", "topic", "", 0) for n in range(99)]
    rows += [letters.letter("anjungan/v1/p01/good/up/x", b"", "topic", "", 0)]
    with writing(office.engine) as conn:
        letters.store(conn, rows)
    query = "SELECT count(*) FROM dead_letter WHERE topic LIKE "
    assert office.rows(f"{query}'%evil%'") == [(letters.A_KIOSK,)]
    assert office.rows(f"{query}'%good%'") == [(1,)]


def test_pruning_an_empty_table_is_no_error(sqlite_url: str) -> None:
    with writing(open_engine(sqlite_url)) as conn:
        letters.prune(conn)
