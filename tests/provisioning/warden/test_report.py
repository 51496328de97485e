"""The warden's row: written, read back, and news for the pages only when something is new."""

from sqlalchemy import func, select

from controller.store.engine import open_engine, writing
from controller.store.tables import change
from controller.warden_state import Spoken, spoken
from provisioning.warden.report import write
from tests.support.authority import NOW

WELL = Spoken(NOW, 5, NOW, NOW + 1, 1, "", NOW, 9, NOW)


def test_what_was_written_is_read_back_and_pages_hear_of_changes_only(database: str) -> None:
    engine = open_engine(database)
    later = WELL._replace(heard_at=NOW + 5)
    worse = later._replace(lists_ok=0, lists_why="x" * 400)
    for new, old, news in ((WELL, None, 1), (later, WELL, 1), (worse, later, 2)):
        with writing(engine) as conn:
            write(conn, new, old)
        with engine.connect() as conn:
            assert spoken(conn) == new._replace(lists_why=new.lists_why[:300])
            assert conn.scalar(select(func.count()).select_from(change)) == news


def test_before_the_first_word_there_is_none(database: str) -> None:
    with open_engine(database).connect() as conn:
        assert spoken(conn) is None
