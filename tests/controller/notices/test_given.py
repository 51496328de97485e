"""Days and places of a notice as people type them."""

from collections.abc import Iterator

import pytest

from controller.jobs.refused import Refused
from controller.notices.given import days_of
from controller.services.said import Unreadable
from controller.store.engine import open_engine
from tests.support.inbox_desk import InboxDesk
from wire.service.days import DAY_MS


@pytest.fixture
def desk(database: str) -> Iterator[InboxDesk]:
    engine = open_engine(database)
    yield InboxDesk(engine)
    engine.dispose()


def test_the_last_day_is_included_by_the_clock_of_that_government(desk: InboxDesk) -> None:
    with desk.engine.connect() as conn:
        given = days_of(conn, ("32.73.02",), "2026-11-22", "2026-11-22")
        assert given.whose.tenant.code == "32.73"
        assert given.ends - given.starts == DAY_MS
        assert given.starts % DAY_MS == 17 * DAY_MS // 24, "midnight in Bandung"
        with pytest.raises(Unreadable):
            days_of(conn, (), "2026-11-22", "2026-11-22")
        with pytest.raises(Unreadable):
            days_of(conn, ("32.73",), "22-11-2026", "2026-11-22")
        with pytest.raises(Refused):
            days_of(conn, ("99.99",), "2026-11-22", "2026-11-22")
