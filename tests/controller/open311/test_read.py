"""Other programs see that there are complaints, and nothing that tells of anybody."""

import pytest
from sqlalchemy import Engine

from controller.open311.read import Wanted, governments, iso, read_iso, requests
from controller.people.powers import EVERYWHERE, Scope
from tests.support.inbox_desk import COBLONG, SOREANG, InboxDesk
from wire.service.days import DAY_MS


@pytest.fixture
def inbox(office_engine: Engine) -> InboxDesk:
    return InboxDesk(office_engine)


def test_complaints_are_told_by_public_fields_alone(inbox: InboxDesk) -> None:
    number = inbox.complain()
    inbox.submit()  # an application is nobody's business
    inbox.move(number, "verify")
    inbox.move(number, "process", why="Pak Contoh sudah dihubungi")
    inbox.set(number, lat=-688, lng=10761)
    with inbox.engine.connect() as conn:
        (one,) = requests(conn, EVERYWHERE, Wanted(), inbox.now)
    assert (one["status"], one["extended_status"]) == ("open", "processing")
    assert (one["lat"], one["long"], one["address_id"]) == (-6.88, 107.61, COBLONG)
    assert one["service_code"] == "32.73-jalan_rusak"
    assert one["requested_datetime"].endswith("+07:00")
    assert "Contoh" not in str(one)


def test_each_program_sees_its_own_government(inbox: InboxDesk) -> None:
    inbox.complain()
    inbox.complain(SOREANG)
    with inbox.engine.connect() as conn:
        for district, tenant in (("32.73", "32.73"), (SOREANG, "32.04")):
            scope = Scope((district,))
            (one,) = requests(conn, scope, Wanted(), inbox.now)
            assert one["service_code"].startswith(tenant)
            assert [each.code for each in governments(conn, scope)] == [tenant]
        assert requests(conn, Scope(()), Wanted(), inbox.now) == []


def test_a_question_is_narrowed_by_status_code_number_and_time(inbox: InboxDesk) -> None:
    old, new = inbox.complain(), inbox.complain()
    inbox.set(old, arrived_at=inbox.now - 100 * DAY_MS, state="taken")
    names = [inbox.row(one).number for one in (old, new)]

    def found(**wanted: object) -> list[str]:
        with inbox.engine.connect() as conn:
            rows = requests(conn, EVERYWHERE, Wanted(**wanted), inbox.now)  # type: ignore[arg-type]
        return [one["service_request_id"] for one in rows]

    assert found() == [names[1]]  # of the last 90 days
    assert found(numbers=(names[0],)) == [names[0]]
    assert found(until=inbox.now - 99 * DAY_MS) == [names[0]]
    assert found(since=0, until=inbox.now) == [names[1]]  # no more than 90 days at once
    assert found(status="closed") == []
    assert found(pairs=(("32.73", "jalan_rusak"),)) == [names[1]]
    assert found(pairs=(("32.73", "sampah"),)) == []
    assert found(page=2, size=1) == []


def test_moments_are_read_as_they_are_written() -> None:
    assert read_iso(iso(1_795_330_800_000, 420)) == 1_795_330_800_000
    assert iso(1_795_330_800_000, 420) == "2026-11-22T14:00:00+07:00"
    assert read_iso("2026-11-22T07:00:00") == 1_795_330_800_000
    with pytest.raises(ValueError, match="x"):
        read_iso("x")
