"""A broken database file is found, kept, and replaced by what can be read."""

from pathlib import Path

from sqlalchemy import text

from controller.store.engine import open_engine, writing
from controller.store.salvage import problem_of, rescue
from tests.support.office import Office, Teller, facts_of, seen

NAMES = [f"kiosk-{n:03d}" for n in range(300)]


def a_used_file(url: str) -> Office:
    office = Office(url, *NAMES)
    for name in NAMES:
        kiosk = Teller(name)
        office.take(kiosk, kiosk.birth(), kiosk.well(), kiosk.flip(seen(state="fail")))
    with open_engine(url).connect() as conn:
        conn.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    office.engine.dispose()
    return office


def test_a_sound_file_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    assert rescue(sqlite_url, 5) is None
    assert rescue(f"sqlite:///{tmp_path}/none.db", 5) is None
    assert rescue("postgresql+psycopg://x/y", 5) is None
    after = sorted(path.name for path in tmp_path.iterdir())
    assert [n for n in after if not n.endswith(("-wal", "-shm"))] == [
        n for n in before if not n.endswith(("-wal", "-shm"))
    ]


def test_row_71_random_bytes_in_the_file_are_found_and_survived(
    sqlite_url: str, tmp_path: Path
) -> None:
    a_used_file(sqlite_url)
    path = tmp_path / "office.db"
    pages = bytearray(path.read_bytes())
    middle = len(pages) // 8192 * 4096
    pages[middle : middle + 3 * 4096] = b"\xa5" * (3 * 4096)
    path.write_bytes(bytes(pages))
    found = rescue(sqlite_url, 77)
    assert found is not None
    assert found.quarantined.name == "office.db.broken-77"
    assert found.quarantined.read_bytes()[middle : middle + 3] == b"\xa5" * 3
    assert "BROKEN" in str(found)
    assert problem_of(path) is None
    assert found.rows["kiosk"] > 0
    with open_engine(sqlite_url).connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM lease")) == 16
    with writing(open_engine(sqlite_url)) as conn:
        conn.execute(text("UPDATE kiosk_status SET open_faults = 0"))


def test_row_71_a_file_without_a_head_is_replaced_and_the_loss_said(
    sqlite_url: str, tmp_path: Path
) -> None:
    a_used_file(sqlite_url)
    path = tmp_path / "office.db"
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])
    found = rescue(sqlite_url, 78)
    assert found is not None
    assert "not all of" in str(found)
    assert rescue(sqlite_url, 79) is None


def test_row_71_a_deleted_wal_is_seen_as_facts_lost(sqlite_url: str, tmp_path: Path) -> None:
    office, kiosk = Office(sqlite_url, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.flip(seen(state="fail")))
    path = tmp_path / "office.db"
    with office.engine.connect() as conn:
        conn.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    backup = path.read_bytes()
    office.take(kiosk, *(kiosk.flip(seen(state="fail")) for _ in range(3)))
    office.engine.dispose()
    for part in tmp_path.glob("office.db*"):
        part.unlink()
    path.write_bytes(backup)
    assert rescue(sqlite_url, 5) is None
    office = Office(sqlite_url)
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1)]
    office.take(kiosk, kiosk.birth(oldest=5))
    assert office.known("kiosk-1").faults["kiosk.facts_lost"].evidence == {"missing": 3}
