"""What was decided, remembered."""

from pathlib import Path

import pytest

from agent.journal import BLOCK, Births, Journal
from agent.store import MEMORY, StorageFailing, Store


@pytest.fixture
def journal() -> Journal:
    return Journal(Store(Path(MEMORY)))


def test_the_last_value_of_a_key_is_kept(journal: Journal) -> None:
    assert journal.get("a") is None
    journal.put("a", "1")
    journal.put("a", "2")
    assert journal.get("a") == "2"


def test_entries_keep_their_order_and_never_reuse_a_number(journal: Journal) -> None:
    first = journal.append("commands", "seen")
    journal.append("other", "x")
    journal.trim("commands", first)
    second = journal.append("commands", "done")
    assert second > first
    assert [entry.entry for entry in journal.entries("commands")] == ["done"]
    assert journal.entries("commands", after=second) == []


def test_births_grow_within_a_process_and_over_every_start(journal: Journal) -> None:
    numbers = []
    for _ in range(3):
        births = Births(journal)
        numbers += [births.next() for _ in range(BLOCK)]
    assert numbers == sorted(set(numbers))


def test_the_epoch_is_made_once(journal: Journal) -> None:
    assert Births(journal).epoch == Births(journal, lambda: "0" * 16).epoch


class Refusing(Journal):
    def put(self, key: str, value: str) -> None:  # noqa: ARG002
        raise StorageFailing("full")


def test_a_disk_that_fills_up_still_allows_hundreds_of_connections(journal: Journal) -> None:
    births = Births(journal)
    births.next()
    births._journal = Refusing(Store(Path(MEMORY)))
    given = [births.next() for _ in range(BLOCK // 2)]
    assert len(set(given)) == BLOCK // 2
    for _ in range(BLOCK // 2 - 1):
        births.next()
    with pytest.raises(StorageFailing):
        births.next()


def test_births_skip_what_the_office_knows_for_good(journal: Journal) -> None:
    births = Births(journal)
    births.skip(10 * BLOCK)
    assert births.next() == 10 * BLOCK + 1
    births.skip(3)
    assert births.next() == 10 * BLOCK + 2
    assert Births(journal).next() > 10 * BLOCK + 2
