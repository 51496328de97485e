"""The governments in the books, as whoever asks may see them."""

from sqlalchemy import Connection, update

from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.services import tenants
from controller.store.citizen_tables import tenant


def test_whoever_has_a_district_sees_its_tenant(conn: Connection) -> None:
    assert [one.code for one in tenants.every(conn, EVERYWHERE)] == ["32.04", "32.73"]
    assert [one.code for one in tenants.every(conn, Scope(("32.73.05",)))] == ["32.73"]
    assert tenants.every(conn, NOWHERE) == []


def test_one_nobody_knows_is_none(conn: Connection) -> None:
    assert tenants.find(conn, "11.11") is None
    conn.execute(update(tenant).values(document={"rusak": True}))
    assert tenants.find(conn, "32.73") is None
