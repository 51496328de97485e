"""What is done about releases is in the log, and pages hear of it."""

from sqlalchemy import select

from controller.people.audit import walk
from controller.store.tables import change
from tests.support.press import Press


def test_every_deed_is_in_the_log_and_told_to_pages(press: Press) -> None:
    press.publish({"a.txt": b"satu"})
    told = press.read(lambda conn: list(conn.scalars(select(change.c.topic))))
    rows = press.read(lambda conn: [row.what for row in walk(conn)])
    deeds = [what for what in rows if what.startswith("release.")]
    assert {"release.begin", "release.check", "release.sign", "release.publish"} <= set(deeds)
    assert told.count("release") == len(deeds)
