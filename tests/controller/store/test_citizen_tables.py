"""The books of what citizens handed in keep what must never be there twice out."""

from typing import Any

import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError

from controller.inbox.shapes import OPEN
from controller.store.citizen_tables import OPEN_STATES, pack, photo, record, submission
from controller.store.engine import writing
from tests.support.registrar import NOW, Registry


def again(registry: Registry, table: Table, **changed: Any) -> None:
    """The last row of `table` once more, `changed`. Raises IntegrityError."""
    with writing(registry.engine) as conn:
        last = select(table).order_by(table.c.id.desc()).limit(1)
        row = dict(conn.execute(last).mappings().one())
        del row["id"]
        conn.execute(insert(table).values(**row | changed))


def test_neither_a_record_nor_its_submission_is_ever_there_twice(any_registry: Registry) -> None:
    any_registry.accepted(any_registry.portal().record())
    with pytest.raises(IntegrityError):
        again(any_registry, record)
    waiting = any_registry.arrive(b"another")
    for changed in ({}, {"uid": "f" * 32}, {"number": "261122-9999-K7Q3M-R"}):
        with pytest.raises(IntegrityError):
            again(any_registry, submission, record_id=waiting, **changed)
    again(any_registry, submission, record_id=waiting, uid="f" * 32, number="261122-9999-K7Q3M-R")
    assert len(any_registry.rows(submission)) == 2


def test_the_index_of_what_is_open_holds_every_open_state() -> None:
    assert set(OPEN_STATES) == set(OPEN)


def test_the_same_photo_by_the_same_ticket_is_one(any_registry: Registry) -> None:
    any_registry.late_photo("ticket", b"\xff\xd8\xff")
    with pytest.raises(IntegrityError):
        again(any_registry, photo, at=NOW + 1)


def test_of_a_service_only_one_revision_is_worked_at(any_registry: Registry) -> None:
    again(any_registry, pack, revision=2, state="draft")
    for state in ("draft", "review", "approved"):
        with pytest.raises(IntegrityError):
            again(any_registry, pack, revision=3, state=state)
    again(any_registry, pack, revision=3, state="dropped")
