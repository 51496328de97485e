"""The memory of commands: for the kiosk's whole life, not for an hour."""

from pathlib import Path

import pytest

from agent.commands.ledger import PRUNE_EVERY, Ledger, Row, State
from agent.commands.office_clock import Known
from agent.ended import Ended
from agent.outbox import KeptResult, Outbox
from agent.store import MEMORY, Store

KNOWN = Known(boot="boot", low=1.0, high=2.0, at=3.0, floor=4)


@pytest.fixture
def store() -> Store:
    return Store(Path(MEMORY))


def row(number: int, state: str = "accepted", kind: str = "noop") -> Row:
    return Row(f"{number:032x}", number, kind, state, "{}")


def end(ledger: Ledger, outbox: Outbox, one: Row, state: State = "ended") -> None:
    how = Ended(command=one.id, state="succeeded", began=1, ended=2)
    assert outbox.put_results([(how, ledger.end(one, how, state))])


def test_what_was_taken_is_open_lowest_number_first_until_it_has_ended(store: Store) -> None:
    ledger, outbox = Ledger(store), Outbox(store)
    ledger.take([row(9), row(7)], KNOWN)
    assert [one.number for one in ledger.open_rows()] == [7, 9]
    end(ledger, outbox, row(9))
    assert [one.number for one in Ledger(store).open_rows()] == [7]
    past = ledger.past([row(9).id, row(7).id])
    assert set(past) == {row(9).id}
    assert outbox.keeps(past[row(9).id].ticket)


def test_the_highest_number_only_grows_and_what_was_refused_does_not_raise_it(
    store: Store,
) -> None:
    ledger, outbox = Ledger(store), Outbox(store)
    ledger.take([row(9)], KNOWN)
    ledger.take([row(7)], KNOWN)
    end(ledger, outbox, row(2**53, "refused"), "refused")
    assert Ledger(store).highest == ledger.highest == 9
    end(ledger, outbox, row(12))
    assert Ledger(store).highest == ledger.highest == 12


def test_the_office_s_clock_is_kept_with_what_was_taken(store: Store) -> None:
    ledger = Ledger(store)
    assert ledger.clock() == Known()
    ledger.take([row(1)], KNOWN)
    assert Ledger(store).clock() == KNOWN


def test_an_undo_note_is_there_after_it_was_written(store: Store) -> None:
    ledger = Ledger(store)
    ledger.take([row(1)], KNOWN)
    ledger.note_undo(row(1).id, "was 50")
    assert ledger.open_rows()[0].undo == "was 50"


def test_a_flood_of_refusals_pushes_out_nothing_that_was_done(store: Store) -> None:
    ledger, outbox = Ledger(store, most_ended=20, most_refused=5), Outbox(store)
    for number in range(1, 11):
        end(ledger, outbox, row(number))
    for number in range(100, 300):
        end(ledger, outbox, row(number, "refused"), "refused")
    past = ledger.past([row(number).id for number in range(400)])
    assert {row(number).id for number in range(1, 11)} <= set(past)
    assert len(past) <= 10 + 5 + PRUNE_EVERY
    for number in range(11, 111):
        end(ledger, outbox, row(number))
    assert len(ledger.past([row(number).id for number in range(1, 111)])) <= 20 + PRUNE_EVERY


def test_an_end_and_its_fact_are_there_together_or_not_at_all(store: Store) -> None:
    ledger, outbox = Ledger(store), Outbox(store)
    ledger.take([row(1)], KNOWN)
    end(ledger, outbox, row(1))
    (fact,) = outbox.after(0, 9)
    assert isinstance(fact, KeptResult)
    assert fact.ended == ledger.past([row(1).id])[row(1).id].ended


def test_how_often_a_kind_was_begun_is_counted_by_how_long_the_kiosk_has_lived(
    store: Store,
) -> None:
    ledger = Ledger(store)
    begun = [
        Row(f"{n:032x}", n, "reboot", "running", "{}", None, "b", "p", 0, at)
        for n, at in enumerate((10, 20, 30), 1)
    ]
    ledger.take(begun, KNOWN)
    assert [ledger.begun_since("reboot", at) for at in (0, 10, 29, 30)] == [3, 2, 1, 0]
    assert ledger.begun_since("noop", 0) == 0
