"""What is loaded is what was in mind before."""

from controller.known import Known, Latest
from controller.memory import Memory
from tests.support.office import Office, Teller, seen


def words(known: Known) -> dict[str, Latest]:
    return {probe: last._replace(stored_at=0) for probe, last in known.latest.items()}


def test_a_kiosk_comes_back_as_it_was(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(
        kiosk,
        kiosk.birth(),
        kiosk.well(),
        kiosk.reading(seen("printer", "fail", "printer.paper_out", why="empty")),
        kiosk.reading(seen("system", "warn", "system.cpu_high")),
    )
    mind, stored = office.memory.get("kiosk-1"), office.known("kiosk-1")
    assert mind is not None
    for name in ("thread", "presence", "status", "verdicts", "partition"):
        assert getattr(stored, name) == getattr(mind, name), name
    assert words(stored) == words(mind)
    assert {c: s.state for c, s in stored.faults.items()} == {
        c: s.state for c, s in mind.faults.items()
    }


def test_only_what_is_registered_and_new_is_loaded(database: str) -> None:
    office = Office(database, *(f"kiosk-{n}" for n in range(900)))
    memory = Memory()
    with office.engine.connect() as conn:
        memory.load(conn, [*(f"kiosk-{n}" for n in range(0, 900, 2)), "nobody"])
        first = memory.get("kiosk-2")
        memory.load(conn, (f"kiosk-{n}" for n in range(900)))
    assert len(memory) == 900
    assert memory.get("kiosk-2") is first
    assert memory.get("nobody") is None


def test_partitions_are_forgotten_whole(sqlite_url: str) -> None:
    office = Office(sqlite_url, *(f"kiosk-{n}" for n in range(50)))
    with office.engine.connect() as conn:
        office.memory.load(conn, (f"kiosk-{n}" for n in range(50)))
    office.memory.forget_partitions(range(8))
    left = [office.memory.get(f"kiosk-{n}") for n in range(50)]
    assert {one.partition for one in left if one} == set(range(8, 16))
