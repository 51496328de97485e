"""The reason before a look, and notes among officers."""

import pytest

from controller.inbox import looks, read
from controller.jobs.refused import Refused
from controller.scope import Outside
from controller.store.engine import writing
from tests.support.inbox_desk import NOW, SOREANG, InboxDesk


def test_a_look_is_asked_for_with_a_reason_that_is_written_down(desk: InboxDesk) -> None:
    number = desk.submit()
    with writing(desk.engine) as conn:
        row = looks.ask(conn, desk.loket, number, "check", NOW, more=" berkas pagi ")
    assert row.id == number
    assert desk.log() == ["inbox.look"]


@pytest.mark.parametrize(("why", "more"), [("", ""), ("because", ""), ("other", "  ")])
def test_without_a_reason_nobody_looks(desk: InboxDesk, why: str, more: str) -> None:
    number = desk.submit()
    with pytest.raises(Refused) as error, writing(desk.engine) as conn:
        looks.ask(conn, desk.loket, number, why, NOW, more=more)
    assert error.value.code == "why"
    assert desk.log() == []


def test_what_lies_elsewhere_or_was_destroyed_is_not_asked_for(desk: InboxDesk) -> None:
    elsewhere, gone = desk.submit(SOREANG), desk.submit(destroyed_at=NOW)
    with pytest.raises(Outside), writing(desk.engine) as conn:
        looks.ask(conn, desk.loket, elsewhere, "check", NOW)
    with pytest.raises(Refused) as error, writing(desk.engine) as conn:
        looks.ask(conn, desk.loket, gone, "check", NOW)
    assert error.value.code == "state"


def test_a_note_is_kept_as_it_was_sealed(desk: InboxDesk) -> None:
    number = desk.submit()
    with writing(desk.engine) as conn:
        looks.noted(conn, desk.loket, number, (b"sealed", "0" * 16), NOW)
    with desk.engine.connect() as conn:
        (event,) = read.events(conn, number)
    assert (event.event, event.has_note, event.why) == ("note", True, "")
    assert desk.row(number).version == 1  # nobody is overtaken by a note


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4_001, "a\0b"])
def test_an_empty_or_endless_note_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        looks.clean_note(text)
    assert looks.clean_note(" ditelepon\nbesok lagi ") == "ditelepon\nbesok lagi"


@pytest.mark.parametrize("more", ["NIK 3174999999990001", "0812-0000-4321", "3174,9999,9999", "\0"])
def test_row_59_no_number_of_a_person_stands_in_the_log(desk: InboxDesk, more: str) -> None:
    number = desk.submit()
    with pytest.raises(Refused) as error, writing(desk.engine) as conn:
        looks.ask(conn, desk.loket, number, "other", NOW, more=more)
    assert error.value.code == "private"
    assert desk.log() == []
