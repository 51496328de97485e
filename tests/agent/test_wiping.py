"""When the last of a wiped kiosk may go: not before the office has heard that it is wiped."""

from pathlib import Path

import msgspec
import pytest

from agent.commands.ledger import Ledger, Row
from agent.commands.office_clock import Known
from agent.ended import Ended
from agent.outbox import Outbox
from agent.store import MEMORY, Store
from agent.wiping import MARKER, Wiping, is_told, marked

WIPED = Wiping("bdg-andir-1", "0" * 32, data_gone=True)
ROW = Row(WIPED.command, 7, "wipe", "running", "{}")


@pytest.fixture
def store() -> Store:
    return Store(Path(MEMORY))


def test_it_is_told_when_the_office_has_acknowledged_it_and_not_before(store: Store) -> None:
    ledger, outbox = Ledger(store), Outbox(store)
    ledger.take([ROW], Known())
    assert not is_told(WIPED, ledger, outbox), "it runs"
    how = Ended(command=ROW.id, state="succeeded", began=1, ended=2)
    assert outbox.put_results([(how, ledger.end(ROW, how, "ended"))])
    assert not is_told(WIPED, ledger, outbox), "nobody has heard it"
    outbox.forget(outbox.newest)
    assert is_told(WIPED, ledger, outbox)
    assert not is_told(Wiping("bdg-andir-1", ROW.id), ledger, outbox), "something was left"


def test_a_memory_that_went_with_the_rest_holds_nobody_up(store: Store) -> None:
    assert is_told(WIPED, Ledger(store), Outbox(store))


def test_a_damaged_marker_says_that_a_wipe_was_begun_and_no_more(tmp_path: Path) -> None:
    assert marked(tmp_path) is None
    (tmp_path / MARKER).write_bytes(msgspec.json.encode(WIPED))
    assert marked(tmp_path) == WIPED
    (tmp_path / MARKER).write_bytes(b"\x00")
    assert marked(tmp_path) == Wiping("", "")
