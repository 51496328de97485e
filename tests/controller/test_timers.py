"""What happens because time passed."""

from controller.changes import Watch
from controller.timers import CHANGES_KEPT_MS
from tests.support.office import START, Office, Teller, seen
from wire.faults import CATALOGUE

SLOW = "system.cpu_high"


def test_a_suspicion_that_holds_becomes_a_fault_and_later_clears(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.reading(seen("system", "warn", SLOW)))
    assert office.faults("kiosk-1") == {SLOW: "pending"}
    office.now += int(CATALOGUE[SLOW].open_after_s * 1000)
    office.timers.tick()
    assert office.faults("kiosk-1") == {SLOW: "open"}
    assert office.known("kiosk-1").status[0::2] == ("warn", SLOW)
    kiosk.now = office.now
    office.take(kiosk, kiosk.reading(seen("system", "ok")))
    assert office.faults("kiosk-1") == {SLOW: "clearing"}
    office.now += int(CATALOGUE[SLOW].clear_after_s * 1000)
    office.timers.tick()
    assert office.faults("kiosk-1") == {}
    assert office.flips("kiosk-1", f"fault:{SLOW}") == [
        (f"fault:{SLOW}", "clear", "open"), (f"fault:{SLOW}", "open", "clear"),
    ]  # fmt: skip


def test_a_restart_forgets_no_suspicion(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.reading(seen("system", "warn", SLOW)))
    office.restart()
    office.now += 10_000_000
    office.timers.tick()
    assert office.faults("kiosk-1") == {SLOW: "open"}


def test_a_restart_keeps_since_when_a_fault_stands(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.reading(seen("system", "warn", SLOW)))
    office.now = opened = START + int(CATALOGUE[SLOW].open_after_s * 1000)
    office.timers.tick()
    before = office.known("kiosk-1").status
    for said in (seen("system", "warn", SLOW), seen("system", "ok")):
        office.restart()
        office.now = kiosk.now = office.now + 1000
        office.take(kiosk, kiosk.reading(said))
        assert office.known("kiosk-1").faults[SLOW].since == opened
        assert office.known("kiosk-1").status == before
    assert office.rows("SELECT opened_at, cleared_at FROM fault") == [(opened, None)]


def test_nothing_is_done_before_its_time(sqlite_url: str) -> None:
    office, kiosk = Office(sqlite_url, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.reading(seen("system", "warn", SLOW)))
    watch = Watch(office.engine)
    assert office.timers.tick() is False
    assert watch.poll() == []


def test_changes_are_forgotten_after_minutes(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth())
    office.now += CHANGES_KEPT_MS + 1
    office.take(kiosk, kiosk.reading(seen()))
    office.timers.prune()
    assert {at for (at,) in office.rows("SELECT at FROM change")} == {office.now}


def test_only_the_newest_dead_letters_are_kept(sqlite_url: str) -> None:
    office = Office(sqlite_url)
    for number in range(300):
        office.ingest.take(
            [office.letter(t, t.birth()) for t in (Teller(f"k-{number}-{n}") for n in range(5))]
        )
    office.timers.prune()
    assert office.rows("SELECT count(*) FROM dead_letter") == [(1000,)]
    assert office.now == START
