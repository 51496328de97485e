"""Complaints about the same: one goes on, the others follow, nobody loses a number."""

import pytest

from controller.deeds import Doer
from controller.inbox import read, twins
from controller.jobs.refused import Refused
from controller.scope import Outside
from controller.store.engine import writing
from tests.support.inbox_desk import COBLONG, NOW, SOREANG, InboxDesk


def merge(desk: InboxDesk, one: int, into: int, by: Doer | None = None, version: int = 1) -> None:
    with writing(desk.engine) as conn:
        twins.merge(conn, by or desk.loket, one, into, version=version, now=NOW)


def test_a_merged_complaint_takes_the_state_and_follows_every_move(desk: InboxDesk) -> None:
    first, second = desk.complain(), desk.complain()
    desk.move(first, "verify")
    merge(desk, second, first)
    row = desk.row(second)
    assert (row.state, row.same_as, row.due_at) == ("verifying", first, None)
    desk.move(first, "process")
    desk.move(first, "finish", why="Sudah ditambal")
    assert desk.row(second).state == "ready"
    with desk.engine.connect() as conn:
        events = [(one.event, one.why) for one in read.events(conn, second)]
    assert events[0] == ("finish", "Sudah ditambal")
    assert events[-1] == ("merge", desk.row(first).number)


def test_a_merged_complaint_runs_no_clock_of_its_own(desk: InboxDesk) -> None:
    first, second = desk.complain(), desk.complain(due_at=NOW, due_what="verify")
    merge(desk, second, first)
    desk.move(first, "verify")
    assert desk.row(second).due_at is None


def test_what_is_no_pair_is_not_merged(desk: InboxDesk) -> None:
    first, second, third = (desk.complain() for _ in range(3))
    county, paper, over = desk.complain(SOREANG), desk.submit(), desk.complain()
    desk.move(over, "reject", why="bukan")
    everywhere = desk.person("pusat", ("supervisor", ""))
    for one, into in ((first, first), (first, county), (first, paper), (paper, first),
                      (first, over), (over, first)):  # fmt: skip
        with pytest.raises(Refused):
            merge(desk, one, into, everywhere, desk.row(one).version)
    merge(desk, second, first)
    with pytest.raises(Refused, match="other way"):
        merge(desk, first, third)
    with pytest.raises(Refused, match="merged already"):
        merge(desk, third, second)


def test_it_is_merged_by_the_version_that_was_seen_and_where_one_may(desk: InboxDesk) -> None:
    first, second = desk.complain(COBLONG), desk.complain(COBLONG)
    with pytest.raises(Refused, match="meanwhile"):
        merge(desk, second, first, version=7)
    with pytest.raises(Outside):
        merge(desk, second, first, desk.soreang)
    merge(desk, second, first)
    assert desk.log() == ["inbox.merge"]
