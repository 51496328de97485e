"""Only who may opens what citizens wrote, and the look is written down before the answer."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import OperationalError

from controller.registrar import opener
from controller.registrar.brake import HOUR_MS, Brake
from controller.registrar.client import CannotOpen
from controller.registrar.opener import Opener
from controller.store.citizen_tables import opening, record, submission, submission_event
from controller.store.engine import writing
from controller.store.people_tables import account, audit
from tests.support.registrar import NOW, PLANTED, Registry
from wire.submission import Contact


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(CannotOpen) as error:
        work()
    return error.value.code


def test_an_officer_of_the_district_reads_what_was_written_and_it_is_written_down(
    any_registry: Registry,
) -> None:
    number = any_registry.accepted(any_registry.portal().record())
    who = any_registry.person("petugas", ("officer", "32.73.01"))
    content = any_registry.opener.open(number, who, "open")
    assert content.fields["nik"] == PLANTED
    (look,) = any_registry.rows(opening)
    assert (look.submission_id, look.by, look.what, look.at) == (number, "petugas", "open", NOW)
    told = any_registry.rows(audit)[-1]
    assert (told.who, told.what, told.subject) == ("petugas", "inbox.open", "261122-0001-K7Q3M-R")
    assert PLANTED not in str(told)


def test_no_other_district_role_or_disabled_account_opens_anything(registry: Registry) -> None:
    number = registry.accepted(registry.portal().record())
    opener, person = registry.opener, registry.person
    next_door = person("tetangga", ("officer", "32.73.02"))
    technician = person("teknisi", ("technician", ""), ("admin", ""))
    nobody = person("tamu")
    gone = person("bekas", ("officer", ""))
    with writing(registry.engine) as conn:
        conn.execute(update(account).where(account.c.id == gone).values(disabled_at=1))
    for who in (next_door, technician, nobody, gone, 999):
        assert refused(lambda who=who: opener.open(number, who, "open")) == "denied"  # type: ignore[misc]
        assert refused(lambda who=who: opener.photos(number, who)) == "denied"  # type: ignore[misc]
        assert refused(lambda who=who: opener.notes(number, who)) == "denied"  # type: ignore[misc]
    assert refused(lambda: opener.open(999, next_door, "open")) == "unknown"
    assert registry.rows(opening) == []


def test_row_69_what_names_no_place_lies_in_its_whole_tenant_and_nowhere_else(
    registry: Registry,
) -> None:
    number = registry.accepted(registry.portal().record())
    with writing(registry.engine) as conn:
        conn.execute(update(submission).where(submission.c.id == number).values(place=""))
    county = registry.person("kabupaten", ("officer", "32.04"))
    district = registry.person("kecamatan", ("officer", "32.73.01"))
    city = registry.person("kota", ("officer", "32.73"))
    for who in (county, district):
        assert refused(lambda who=who: registry.opener.open(number, who, "open")) == "denied"  # type: ignore[misc]
    assert registry.opener.open(number, city, "open").fields["nik"] == PLANTED


def test_to_carry_it_out_of_the_house_is_a_right_of_its_own(registry: Registry) -> None:
    number = registry.accepted(registry.portal().record())
    officer = registry.person("petugas", ("officer", "32.73"))
    head = registry.person("pengawas", ("supervisor", "32.73"))
    assert refused(lambda: registry.opener.open(number, officer, "export")) == "denied"
    assert registry.opener.open(number, head, "export").number == "261122-0001-K7Q3M-R"


def test_who_wants_to_stay_secret_has_no_name_for_the_officer(registry: Registry) -> None:
    secret = Contact(name="Warga Contoh", phone="081200004321", anonymity="secret")
    number = registry.accepted(registry.portal().complaint(contact=secret))
    officer = registry.person("petugas", ("officer", "32.73"))
    head = registry.person("pengawas", ("supervisor", "32.73"))
    assert registry.opener.open(number, officer, "open").contact == Contact(anonymity="secret")
    assert registry.opener.open(number, head, "open").contact == secret


def test_an_account_that_opens_far_too_much_has_to_wait(registry: Registry) -> None:
    number = registry.accepted(registry.portal().record())
    who = registry.person("petugas", ("officer", "32.73"))
    opener = Opener(registry.engine, registry.now_held, registry.clock, Brake(2, "looks"))
    opener.open(number, who, "open")
    opener.open(number, who, "print")
    assert refused(lambda: opener.open(number, who, "open")) == "denied"
    registry.clock.now += HOUR_MS
    opener.open(number, who, "open")
    assert len(registry.rows(opening)) == 3


def test_photos_of_the_kiosk_and_of_a_telephone_come_together(any_registry: Registry) -> None:
    portal = any_registry.portal()
    ticket = portal.ticket(NOW + 1)
    photo = {"jpeg": "/9j/own/", "sha256": "0" * 64}
    number = any_registry.accepted(portal.complaint(photos=(photo,), ticket=ticket))
    any_registry.late_photo(ticket, b"\xff\xd8\xfflate")
    any_registry.late_photo(portal.ticket(NOW + 2), b"\xff\xd8\xffanother's")
    who = any_registry.person("petugas", ("officer", "32.73"))
    assert any_registry.opener.photos(number, who) == (
        b"\xff\xd8\xff\xa3\x09\xff",
        b"\xff\xd8\xfflate",
    )
    assert [row.what for row in any_registry.rows(opening)] == ["photo"]


def test_a_note_is_sealed_and_opens_at_its_own_submission_only(any_registry: Registry) -> None:
    portal = any_registry.portal()
    mine, other = (any_registry.accepted(portal.record()) for _ in range(2))
    who = any_registry.person("petugas", ("officer", "32.73"))
    sealed, key = any_registry.opener.seal_note(mine, who, "Sudah ditelepon, NIK cocok")
    assert b"ditelepon" not in sealed
    words = {"by": "petugas", "event": "note", "old": "submitted", "new": "submitted"}
    with writing(any_registry.engine) as conn:
        for number in (mine, other):
            row = {"submission_id": number, "at": NOW, "note": sealed, "note_seal": key}
            conn.execute(insert(submission_event).values(**row, **words))
    (event,) = [
        row.id
        for row in any_registry.rows(submission_event)
        if row.submission_id == mine and row.note
    ]
    assert any_registry.opener.notes(mine, who) == {event: "Sudah ditelepon, NIK cocok"}
    assert any_registry.opener.notes(other, who) == {}


def test_what_was_destroyed_or_has_lost_its_key_is_said_so(registry: Registry) -> None:
    number = registry.accepted(registry.portal().record())
    who = registry.person("petugas", ("officer", "32.73"))
    registry.ring.seals.clear()
    assert refused(lambda: registry.opener.open(number, who, "open")) == "sealed"
    with writing(registry.engine) as conn:
        conn.execute(update(record).values(body=b""))
    assert refused(lambda: registry.opener.open(number, who, "open")) == "gone"


def test_row_61_pictures_that_are_none_do_not_keep_a_complaint_from_being_read(
    registry: Registry,
) -> None:
    portal = registry.portal()
    given = [{"jpeg": said, "sha256": "0" * 64} for said in ("a", "%%%%", "/9j/4A==")]
    number = registry.accepted(portal.complaint(photos=tuple(given)))
    who = registry.person("petugas", ("officer", "32.73"))
    assert registry.opener.photos(number, who) == (b"\xff\xd8\xff\xe0",)


def test_a_look_that_is_refused_is_written_down(any_registry: Registry) -> None:
    number = any_registry.accepted(any_registry.portal().record())
    who = any_registry.person("tetangga", ("officer", "32.04"))
    assert refused(lambda: any_registry.opener.open(number, who, "open")) == "denied"
    assert any_registry.rows(opening) == []
    told = any_registry.rows(audit)[-1]
    assert (told.who, told.what, told.subject) == (
        "tetangga",
        "refused.place",
        "261122-0001-K7Q3M-R",
    )


@pytest.mark.parametrize("district", ["32.73", "32.04"])
def test_who_cannot_be_written_down_is_told_nothing(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, district: str
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("INSERT", None, Exception("database or disk is full"))

    number = registry.accepted(registry.portal().record())
    who = registry.person("petugas", ("officer", district))
    monkeypatch.setattr(opener, "append", full)
    with pytest.raises(OperationalError):
        registry.opener.open(number, who, "open")
    assert registry.rows(opening) == []
