"""What another program hands in is sealed, judged and answered with a number, or not there."""

import contextlib

import pytest
from sqlalchemy import update

from controller.registrar.brake import HOUR_MS, Brake
from controller.registrar.channel import Channel
from controller.registrar.client import CannotOpen
from controller.registrar.protocol import HandIn
from controller.store.citizen_tables import opening, record, submission
from controller.store.engine import writing
from controller.store.people_tables import account, audit
from tests.support.registrar import Registry
from wire.service import receipt
from wire.submission import Point

TEXT = "Jalan berlubang, kata Warga Contoh"


def given(account_id: int, **changed: object) -> HandIn:
    usual: dict[str, object] = {
        "account": account_id,
        "tenant": "32.73",
        "category": "jalan_rusak",
        "place": "32.73.01",
        "text": TEXT,
        "name": "Warga Contoh",
        "phone": "0812-0000-4321",
        "point": Point(lat=-6.8667, lng=107.5872),
    }
    return HandIn(**(usual | changed))  # type: ignore[arg-type]


def test_it_becomes_a_submission_that_only_the_registrar_opens(any_registry: Registry) -> None:
    office = any_registry
    program = office.person("kanal-kota", ("channel", "32.73"))
    head = office.person("pengawas", ("supervisor", "32.73"))
    with office.listening() as registrar:
        first, second = (registrar.hand_in(given(program)) for _ in range(2))
    assert first.number != second.number
    assert receipt.read(first.number) == first.number
    row = office.rows(submission)[0]
    assert (row.number, row.kiosk_id, row.agency) == (first.number, None, first.agency)
    assert (row.kind, row.place, row.due_what) == ("complain", "32.73.01", "verify")
    assert (row.lat, row.lng) == (-687, 10759)
    assert TEXT.encode() not in office.rows(record)[0].body
    found = office.opener.open(row.id, head, "open")
    assert (found.fields["text"], found.contact.name, found.tail) == (TEXT, "Warga Contoh", "4321")
    told = [(one.who, one.subject) for one in office.rows(audit) if one.what == "open311.take"]
    assert told == [("kanal-kota", first.number), ("kanal-kota", second.number)]


def test_who_says_no_name_is_anonymous(registry: Registry) -> None:
    program = registry.person("kanal-kota", ("channel", ""))
    with registry.listening() as registrar:
        registrar.hand_in(given(program, name="", phone="", point=None, where="Depan pasar"))
    (row,) = registry.rows(submission)
    assert (row.anonymity, row.tail, row.lat) == ("anonymous", "", None)


def test_no_other_role_government_or_disabled_account_hands_anything_in(
    registry: Registry,
) -> None:
    program = registry.person("kanal-kota", ("channel", "32.73"))
    other = registry.person("kanal-kabupaten", ("channel", "32.04"))
    officer = registry.person("petugas", ("officer", ""), ("admin", ""))
    with registry.listening() as registrar:
        for who in (other, officer, 999):
            with pytest.raises(CannotOpen, match="hands nothing in") as error:
                registrar.hand_in(given(who))
            assert error.value.code == "denied"
        for changed in ({"category": "tidak_ada"}, {"tenant": "32.04"}, {"tenant": "99.99"}):
            with pytest.raises(CannotOpen) as error:
                registrar.hand_in(given(program, **changed))
            assert error.value.code == "unknown"
        with writing(registry.engine) as conn:
            conn.execute(update(account).where(account.c.id == program).values(disabled_at=1))
        with pytest.raises(CannotOpen, match="hands nothing in"):
            registrar.hand_in(given(program))
    assert registry.rows(record) == []


def test_at_the_doors_socket_nothing_is_handed_in(registry: Registry) -> None:
    program = registry.person("kanal-kota", ("channel", ""))
    with registry.listening() as registrar:
        assert registrar is not None

    desk = registry.desk()
    said = desk.answer_door(given(program))
    assert getattr(said, "code", "") == "denied"


def test_row_69_who_has_a_programs_account_opens_nothing_with_it(registry: Registry) -> None:
    program = registry.person("kanal-kota", ("channel", ""))
    with registry.listening() as registrar:
        registrar.hand_in(given(program))
        for ask in (
            lambda: registrar.open(1, program, "open"),
            lambda: registrar.open(1, program, "export"),
            lambda: registrar.photos(1, program),
            lambda: registrar.notes(1, program),
            lambda: registrar.seal_note(1, program, "x"),
        ):
            with pytest.raises(CannotOpen) as error:
                ask()
            assert error.value.code == "denied"
    assert registry.rows(opening) == []


def test_row_61_a_stolen_programs_account_floods_the_inbox_only_so_far(registry: Registry) -> None:
    program = registry.person("kanal-kota", ("channel", "32.73"))
    channel = Channel(registry.clerk, registry.clock, Brake(2, "complaints"))
    channel.take(given(program))
    for place in ("32.04.15", "32.73.01"):  # one that is refused counts for nothing
        with contextlib.suppress(CannotOpen):
            channel.take(given(program, place=place))
    with pytest.raises(CannotOpen, match="more than 2 complaints"):
        channel.take(given(program))
    assert len(registry.rows(submission)) == 2
    registry.clock.now += HOUR_MS
    channel.take(given(program))


def test_row_62_a_record_of_nobody_that_somebody_wrote_into_the_books_is_refused(
    registry: Registry,
) -> None:
    body = registry.portal().complaint()
    number = registry.arrive(body)
    with writing(registry.engine) as conn:
        conn.execute(update(record).where(record.c.id == number).values(kiosk_id=None))
    registry.clerk.step()
    assert (registry.row(record, number).state, registry.row(record, number).why) == (
        "refused",
        "kiosk",
    )
