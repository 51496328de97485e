"""One unit of work: only differences are written, and only the database's word counts."""

import pytest
from sqlalchemy.exc import OperationalError

from controller.changes import Watch
from controller.store.failures import StoreAway
from tests.support.office import Office, Teller, seen


def test_what_changed_nothing_writes_no_status(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.well())
    watch = Watch(office.engine)
    office.take(kiosk, kiosk.present(), kiosk.well())
    assert watch.poll() == []


def test_a_person_sees_one_change_a_kiosk_and_batch(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.well())
    watch = Watch(office.engine)
    office.take(
        kiosk,
        kiosk.reading(seen("screen", facts={"a": 1})),
        kiosk.reading(seen("screen", facts={"a": 2})),
    )
    assert [(c.topic, c.detail) for c in watch.poll()] == [("kiosk", "reading")]
    office.take(kiosk, kiosk.flip(seen("screen", "fail", "screen.black")))
    assert sorted((c.topic, c.detail) for c in watch.poll()) == [
        ("fault", "screen.black"), ("kiosk", "status"),
    ]  # fmt: skip


def test_the_status_row_tells_the_same_as_the_kiosk(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    look = seen("printer", "fail", "printer.paper_out")
    office.take(kiosk, kiosk.birth(), kiosk.well(), kiosk.reading(look))
    columns = "presence, state, state_why, open_faults, inform, apply, complain, watch"
    assert office.rows(f"SELECT {columns} FROM kiosk_status") == [
        ("online", "fail", "printer.paper_out", 1, "yes", "no", "yes", "yes")
    ]
    assert ("apply", "no", "printer.paper_out") in office.rows(
        "SELECT service, answer, why FROM verdict"
    )


def test_a_failed_store_leaves_mind_and_database_alike(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth())

    def full(*_: object) -> None:
        raise OperationalError("x", {}, Exception("database or disk is full"))

    said = [office.letter(kiosk, kiosk.flip(seen("screen", "fail", "screen.black")))]
    with monkeypatch.context() as broken:
        broken.setattr("controller.work.changes.record_all", full)
        with pytest.raises(StoreAway, match="full"):
            office.ingest.take(said)
    assert office.memory.get("kiosk-1") is None
    assert office.flips("kiosk-1", "probe:%") == []
    office.ingest.take(said)
    assert office.flips("kiosk-1", "probe:%") == [("probe:screen", "ok", "fail")]
