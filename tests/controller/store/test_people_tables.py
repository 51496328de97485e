"""The audit log only grows, whoever has the database's password."""

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from controller.store.engine import open_engine, writing
from controller.store.people_tables import audit

ROW = {
    "n": 1, "at": 1, "who": "siaga", "what": "people.login", "subject": "siaga", "district": "",
    "address": "127.0.0.1", "detail": {}, "previous": "0" * 64, "hash": "1" * 64,
}  # fmt: skip


@pytest.mark.parametrize("change", [update(audit).values(who="orang lain"), delete(audit)])
def test_row_70_a_row_of_the_audit_log_cannot_be_changed(database: str, change: object) -> None:
    engine = open_engine(database)
    with writing(engine) as conn:
        conn.execute(insert(audit).values(ROW))
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as conn:
        conn.execute(change)  # type: ignore[call-overload]
