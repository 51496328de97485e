"""The ground of the tables: numbers that grow by themselves on both databases."""

from sqlalchemy import Column, Table, insert, select

from controller.store.base import Json, Serial, metadata
from controller.store.engine import open_engine, writing


def test_a_serial_numbers_rows_and_json_comes_back_as_it_went(empty_database: str) -> None:
    made = Table(
        "scratch",
        metadata.__class__(),
        Column("id", Serial, primary_key=True),
        Column("what", Json),
    )
    engine = open_engine(empty_database)
    with writing(engine) as conn:
        made.create(conn)
        for one in ({"a": 1}, ["b"]):
            conn.execute(insert(made).values(what=one))
        assert [tuple(row) for row in conn.execute(select(made))] == [(1, {"a": 1}), (2, ["b"])]
