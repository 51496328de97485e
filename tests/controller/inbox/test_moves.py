"""Moving submissions on: by the table, by the version that was seen, in words citizens read."""

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.event import listen

from controller.deeds import Doer
from controller.inbox import moves, read
from controller.inbox.moves import Asked, Outcome
from controller.inbox.shapes import Row
from controller.jobs.refused import Lacks, Refused
from controller.people.powers import EVERYWHERE
from controller.scope import Outside
from controller.store.engine import writing
from controller.store.tables import change
from tests.support.inbox_desk import COBLONG, DAY, NOW, SOREANG, InboxDesk
from wire.lifecycle import SUBMISSION


def refused(desk: InboxDesk, number: int, event: str, by: Doer | None = None, **more: str) -> str:
    before = desk.row(number)
    with pytest.raises(Refused) as error:
        desk.move(number, event, by, **more)
    assert desk.row(number) == before
    return error.value.code


def test_an_application_goes_its_whole_way_and_every_step_is_written_down(
    desk: InboxDesk,
) -> None:
    number = desk.submit(due_at=NOW + DAY, due_what="sla")
    for event, state in (("verify", "verifying"), ("process", "processing"), ("finish", "ready"),
                         ("hand_over", "taken")):  # fmt: skip
        assert desk.move(number, event).state == state
    row = desk.row(number)
    assert (row.state, row.version, row.assigned_to, row.due_at) == ("taken", 5, "loket", None)
    with desk.engine.connect() as conn:
        told = [(one.by, one.event, one.old, one.new) for one in read.events(conn, number)]
        topics = set(conn.scalars(select(change.c.topic)))
    assert told[0] == ("loket", "hand_over", "ready", "taken")
    assert len(told) == 4
    assert "inbox" in topics
    assert desk.log() == ["inbox.verify", "inbox.process", "inbox.finish", "inbox.hand_over"]


def test_the_second_of_two_officers_on_one_record_is_told_who_was_first(desk: InboxDesk) -> None:
    number = desk.submit()
    seen = desk.row(number).version
    desk.move(number, "verify", version=seen)
    with pytest.raises(Refused, match="loket") as error:
        desk.move(number, "reject", desk.pengawas, version=seen, why="bukan di sini")
    assert error.value.code == "state"
    assert desk.row(number).state == "verifying"


def test_of_many_officers_at_once_one_moves_it(desk: InboxDesk) -> None:
    number = desk.submit()
    seen, done, barrier = desk.row(number).version, [], threading.Barrier(4)

    def move(event: str) -> None:
        barrier.wait(30)
        try:
            desk.move(number, event, version=seen, why="alasan")
        except Refused as error:
            done.append(error.code)
        else:
            done.append("moved")

    threads = [threading.Thread(target=move, args=(event,))
               for event in ("verify", "process", "reject", "return")]  # fmt: skip
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(done) == ["moved", "state", "state", "state"]
    assert len(desk.log()) == 1


def test_a_pair_that_is_not_in_the_table_is_refused(desk: InboxDesk) -> None:
    number = desk.submit()
    for event in ("finish", "hand_over", "complete", "reopen", "nonsense", ""):
        assert refused(desk, number, event, why="alasan") == "state"
    assert set(moves.may(desk.row(number))) == {
        event for state, event in SUBMISSION if state == "submitted"
    }


@pytest.mark.parametrize("event", sorted(moves.NEED_WHY - {"reopen"}))
def test_what_a_citizen_will_not_like_needs_a_reason(desk: InboxDesk, event: str) -> None:
    number = desk.submit()
    by = desk.pengawas
    assert refused(desk, number, event, by, agency="disdukcapil") == "why"
    assert refused(desk, number, event, by, why="  ", agency="disdukcapil") == "why"
    assert refused(desk, number, event, by, why="x" * 501, agency="disdukcapil") == "why"
    moved = desk.move(number, event, by, why="Foto\n KK  terpotong", agency="disdukcapil")
    assert moved.version == 2
    with desk.engine.connect() as conn:
        assert read.events(conn, number)[0].why == "Foto KK terpotong"


@pytest.mark.parametrize("why", ["NIK 3174999999990001 salah", "telepon 0812-0000-4321",
                                 "3174 9999 9999 0001", "KK 31.74.99.99.99",
                                 "3174_9999_9999_0001", "3174,9999,9999"])  # fmt: skip
def test_row_59_no_number_of_a_person_stands_in_what_kiosks_show(desk: InboxDesk, why: str) -> None:
    number = desk.submit()
    assert refused(desk, number, "return", why=why) == "private"
    assert refused(desk, number, "verify", file_number="3174999999990001") == "private"
    desk.move(number, "return", why="RT 03 RW 05, tahun 2026, bawa 2 lembar")


@given(why=st.text(max_size=600))
def test_any_reason_is_taken_or_refused_and_is_one_clean_line(why: str) -> None:
    try:
        said = moves.checked(Asked(1, 1, "reject", why))
    except Refused as error:
        said, why = error.code, "why private"
    assert said in why or said == " ".join(why.split())
    assert 0 < len(said) <= moves.MOST_WHY


def test_the_clock_stands_still_while_a_citizen_is_waited_for(desk: InboxDesk) -> None:
    number = desk.complain(due_at=NOW + 3 * DAY, due_what="verify")
    returned = desk.move(number, "return", why="Tempatnya di mana?")
    assert (returned.due_at, returned.due_what) == (None, "")
    assert desk.move(number, "complete").due_what == "answer"


def test_only_who_may_gives_a_record_to_another_agency(desk: InboxDesk) -> None:
    number = desk.submit()
    desk.move(number, "verify")
    with pytest.raises(Lacks):
        desk.move(number, "reassign", why="salah alamat", agency="disdukcapil")
    assert refused(desk, number, "reassign", desk.pengawas, why="x", agency="nobody") == "asked"
    assert refused(desk, number, "reassign", desk.pengawas, why="x", agency="kecamatan") == "asked"
    moved = desk.move(number, "reassign", desk.pengawas, why="salah alamat", agency="disdukcapil")
    assert (moved.agency, moved.assigned_to, moved.state) == ("disdukcapil", "", "verifying")


def test_row_69_nobody_moves_what_lies_elsewhere(desk: InboxDesk) -> None:
    number = desk.submit(SOREANG)
    with pytest.raises(Outside):
        desk.move(number, "verify")
    assert desk.move(number, "verify", desk.soreang).state == "verifying"


def test_a_record_is_taken_once_and_taking_again_is_no_harm(desk: InboxDesk) -> None:
    number = desk.submit()

    def take(by: Doer, version: int) -> Row:
        with writing(desk.engine) as conn:
            return moves.take(conn, by, number, version, NOW)

    assert take(desk.loket, 1).assigned_to == "loket"
    assert take(desk.loket, 1).version == 2
    with pytest.raises(Refused):
        take(desk.pengawas, 1)
    assert take(desk.pengawas, 2).assigned_to == "pengawas"
    assert desk.log() == ["inbox.take", "inbox.take"]


def test_a_file_number_is_kept_and_a_long_one_refused(desk: InboxDesk) -> None:
    number = desk.submit()
    assert refused(desk, number, "process", file_number="x" * 81) == "asked"
    desk.move(number, "process", file_number=" 475/KEC/2026 ")
    desk.move(number, "finish")
    assert desk.row(number).file_number == "475/KEC/2026"


def test_many_are_moved_and_one_that_cannot_be_holds_none_up(desk: InboxDesk) -> None:
    one, two, done = desk.submit(), desk.submit(), desk.submit()
    desk.move(done, "reject", why="bukan")
    asked = [Asked(number, 1, "verify") for number in (one, done, two)]
    with writing(desk.engine) as conn:
        found = moves.move_many(conn, desk.loket, asked, NOW)
    assert [(row.id, row.code) for row in found] == [(one, ""), (done, "state"), (two, "")]
    assert isinstance(found[0], Outcome)
    assert {desk.row(number).state for number in (one, two)} == {"verifying"}


def test_of_many_none_is_half_moved_when_one_merged_with_it_changes_meanwhile(
    desk: InboxDesk,
) -> None:
    main, other = desk.complain(), desk.complain()
    twin = desk.complain(same_as=main)

    def somebody_is_quicker(*said: Any) -> None:
        """A twin was read, and has another version when it is written."""
        cursor, statement = said[1:3]
        if statement.startswith("UPDATE submission SET") and next(writes):
            cursor.execute(f"UPDATE submission SET version = version + 1 WHERE id = {twin}")

    writes = iter((False, True, False))  # the main record, its twin, the other
    listen(desk.engine, "before_cursor_execute", somebody_is_quicker)
    asked = [Asked(main, 1, "verify"), Asked(other, 1, "verify")]
    with writing(desk.engine) as conn:
        found = moves.move_many(conn, desk.loket, asked, NOW)
    assert [(row.id, row.code) for row in found] == [(main, "state"), (other, "")]
    assert [desk.row(number).state for number in (main, twin, other)] == [
        "submitted", "submitted", "verifying"
    ]  # fmt: skip
    assert desk.log() == ["inbox.verify"]


def test_what_is_wrong_with_all_of_many_moves_none(desk: InboxDesk) -> None:
    one, elsewhere = desk.submit(COBLONG), desk.submit(SOREANG)
    for picked, error in (([one, elsewhere], Outside), ([], Refused), ([one] * 201, Refused)):
        with pytest.raises(error), writing(desk.engine) as conn:
            moves.move_many(conn, desk.loket, [Asked(n, 1, "verify") for n in picked], NOW)
    with pytest.raises(Refused), writing(desk.engine) as conn:
        moves.move_many(conn, desk.loket, [Asked(one, 1, "reject")], NOW)
    with desk.engine.connect() as conn:
        assert read.find(conn, EVERYWHERE, one).state == "submitted"
