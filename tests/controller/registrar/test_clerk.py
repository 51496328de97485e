"""Records become submissions in one transaction with their signed answer, or stay aside."""

from sqlalchemy import update

from controller.door import records
from controller.registrar import books
from controller.store.citizen_tables import record, submission, submission_event
from controller.store.engine import writing
from controller.store.people_tables import audit
from tests.support.registrar import NAME, NOW, PLANTED, Registry


def test_an_application_becomes_a_submission_with_its_limit_and_its_ack(
    any_registry: Registry,
) -> None:
    body = any_registry.portal().record()
    ack = any_registry.judged(body)
    assert (ack.kiosk, ack.outcome, ack.at) == (NAME, "accepted", NOW)
    (made,) = any_registry.rows(submission)
    assert (made.service, made.agency, made.place) == ("KEC-SKTM", "kecamatan", "32.73.01")
    assert (made.state, made.due_what, made.version) == ("submitted", "sla", 1)
    (told,) = any_registry.rows(submission_event)
    assert (told.event, told.by, told.new) == ("submit", "registrar", "submitted")
    kept = any_registry.record_of(made.id)
    assert (kept.state, kept.body, ack.sha256) == ("accepted", body, kept.sha256)


def test_a_complaint_goes_to_the_agency_of_its_category_and_is_verified_in_three_days(
    registry: Registry,
) -> None:
    portal = registry.portal()
    number = registry.accepted(portal.complaint(point={"lat": -6.8712, "lng": 107.5931}))
    made = registry.row(submission, number)
    assert (made.agency, made.class_, made.due_what) == ("dsdabm", "wish", "verify")
    assert (made.lat, made.lng) == (-687, 10759)
    unsorted = registry.row(submission, registry.accepted(portal.complaint(category="")))
    assert unsorted.agency == "diskominfo"


def test_the_same_record_again_is_the_same_submission_and_the_same_answer(
    any_registry: Registry,
) -> None:
    body = any_registry.portal().record()
    first, again = any_registry.judged(body), any_registry.judged(body)
    assert first == again
    assert len(any_registry.rows(submission)) == len(any_registry.rows(record)) == 1


def test_row_61_bad_records_stay_aside_with_their_reason_and_the_others_go_on(
    any_registry: Registry,
) -> None:
    portal, stranger = any_registry.portal(), any_registry.portal("bdg-sukasari-2")
    good = portal.record()
    bad = {
        b"\0" * 100: "malformed",
        good[:-7]: "edited",
        portal.record(signer=stranger.key): "unsigned",
        stranger.record(): "kiosk",
        portal.record(seal="f" * 16): "seal",
        portal.record(inside={"id": "f" * 32}): "opened",
        portal.record(service="KEC-TIADA"): "service",
        portal.record(tenant="31.71", place="31.71"): "service",
        portal.record(kind="complain"): "service",
    }
    numbers = {any_registry.arrive(body): why for body, why in bad.items()}
    kept = any_registry.arrive(good)
    assert any_registry.clerk.step() == len(bad) + 1
    found = {row.id: (row.state, row.why) for row in any_registry.rows(record)}
    assert found.pop(kept) == ("accepted", "")
    assert found == {number: ("refused", why) for number, why in numbers.items()}
    with any_registry.engine.connect() as conn:
        assert {row.id for row in books.refused(conn)} == set(numbers)
    assert [row.what for row in any_registry.rows(audit)].count("record.refuse") == len(bad)


def test_row_61_a_replayed_number_or_name_is_another_records(registry: Registry) -> None:
    portal = registry.portal()
    registry.accepted(portal.record())
    same = registry.judged(portal.record(number="261122-0001-K7Q3M-R"))
    assert (same.outcome, same.why) == ("refused", "number")
    name = registry.judged(portal.record(id=f"{1:032x}"))
    assert (name.outcome, name.why) == ("refused", "number")
    assert len(registry.rows(submission)) == 1


def test_a_refused_record_is_judged_again_when_a_person_has_mended_the_reason(
    registry: Registry,
) -> None:
    portal = registry.portal()
    with writing(registry.engine) as conn:
        conn.exec_driver_sql("DELETE FROM record_key")
    assert registry.judged(portal.record()).why == "unsigned"
    assert registry.judged(portal.record()).why == "unsigned"
    (first, second) = (row.id for row in registry.rows(record))
    with writing(registry.engine) as conn:
        records.keep_key(conn, NAME, portal.public, NOW)
        assert books.judge_again(conn, first, "admin", NOW)
        assert not books.judge_again(conn, 999, "admin", NOW)
    assert registry.clerk.step() == 1
    assert registry.row(record, first).state == "accepted"
    assert registry.row(record, second).state == "refused"
    with writing(registry.engine) as conn:
        assert not books.judge_again(conn, first, "admin", NOW)


def test_nothing_a_citizen_wrote_stands_in_the_clear(registry: Registry) -> None:
    registry.accepted(registry.portal().record())
    with registry.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in registry.folder.rglob("*"):
        stored = path.read_bytes() if path.is_file() else b""
        assert PLANTED.encode() not in stored, path
        assert b"Warga Contoh" not in stored, path


def test_a_record_that_the_database_cannot_take_does_not_hold_up_the_others(
    any_registry: Registry,
) -> None:
    portal = any_registry.portal()
    first = any_registry.accepted(portal.record())
    bad, good = (any_registry.arrive(portal.record()) for _ in range(2))
    with writing(any_registry.engine) as conn:  # books that were tampered with
        same = submission.c.id == first
        conn.execute(update(submission).where(same).values(record_id=bad))
    assert any_registry.clerk.step() == 2
    assert any_registry.row(record, bad).why == "malformed"
    assert any_registry.row(record, good).state == "accepted"
