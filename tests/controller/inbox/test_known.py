"""Names, days and packs by code, and what is said of a code nobody knows."""

from sqlalchemy import insert, select, update

from controller.inbox import known
from controller.inbox.calendar import Calendar
from controller.store.citizen_tables import pack, tenant
from controller.store.engine import writing
from tests.support.inbox_desk import COBLONG, NOW, InboxDesk


def test_agencies_categories_places_and_services_have_names(desk: InboxDesk) -> None:
    with desk.engine.connect() as conn:
        found = known.read(conn)
    assert set(found.tenants) == {"32.73", "32.04"}
    assert found.categories["32.73", "jalan_rusak"].agency == "dsdabm"
    assert found.agencies["32.04", "dputr"].id
    assert found.services["32.73", "KEC-SKTM"].id == "Surat Keterangan Tidak Mampu"
    assert COBLONG in found.districts["32.73"]


def test_a_village_is_called_with_its_district_and_an_unknown_place_by_its_code(
    desk: InboxDesk,
) -> None:
    with desk.engine.connect() as conn:
        found = known.read(conn)
    village = next(code for code in found.places if code.startswith(f"{COBLONG}."))
    assert found.place(village).endswith(", Coblong")
    assert found.place(COBLONG) == "Coblong"
    assert found.place("99.99.99") == "99.99.99"


def test_a_tenant_that_does_not_read_has_weekends_and_its_inbox_is_still_there(
    desk: InboxDesk,
) -> None:
    with writing(desk.engine) as conn:
        conn.execute(update(tenant).where(tenant.c.code == "32.73").values(document={"v": 9}))
        found = known.read(conn)
        assert known.read_calendar(conn, "32.73") == Calendar()
        assert known.read_calendar(conn, "11.11") == Calendar()
        assert known.read_calendar(conn, "32.04").holidays.days
    assert ("32.73", "dsdabm") not in found.agencies
    assert found.calendar("32.73") == Calendar()


def test_a_pack_is_that_of_its_revision_else_the_newest(desk: InboxDesk) -> None:
    with writing(desk.engine) as conn:
        old = known.service(conn, "32.73", "KEC-SKTM", 1)
        assert old is not None
        same = pack.c.code == "KEC-SKTM", pack.c.tenant == "32.73"
        document = dict(conn.scalar(select(pack.c.document).where(*same)) or {}, revision=2)
        row = {"tenant": "32.73", "code": "KEC-SKTM", "revision": 2, "state": "draft"}
        row |= {"state_at": NOW, "version": 1, "made_by": "x", "made_at": NOW}
        conn.execute(insert(pack).values(**row, document=document))
        assert known.service(conn, "32.73", "KEC-SKTM", 1) == old
        newest = known.service(conn, "32.73", "KEC-SKTM", 7)
        assert newest is not None
        assert newest.revision == 2
        assert known.service(conn, "32.73", "NO-SUCH", 1) is None
