"""What a citizen wrote is destroyed when its time is over; what was done stays."""

from typing import Any

import pytest
from sqlalchemy import insert

from controller.registrar import retention
from controller.store.citizen_tables import (
    assist,
    counter,
    notice,
    photo,
    record,
    submission,
    submission_event,
    visit,
)
from controller.store.engine import writing
from controller.store.people_tables import audit
from tests.support.registrar import DAY, NOW, Registry


def test_only_what_ended_long_enough_ago_is_destroyed(any_registry: Registry) -> None:
    portal = any_registry.portal()
    ticket = portal.ticket(NOW + 1)
    old = any_registry.accepted(portal.complaint(ticket=ticket))
    fresh, alive = (any_registry.accepted(portal.record()) for _ in range(2))
    any_registry.late_photo(ticket, b"\xff\xd8\xff")
    any_registry.move(old, "taken", NOW - 30 * DAY)
    any_registry.move(fresh, "rejected", NOW - 29 * DAY)
    assert retention.step(any_registry.engine, NOW) == 1
    assert retention.step(any_registry.engine, NOW) == 0
    gone = any_registry.row(submission, old)
    assert (gone.destroyed_at, gone.tail, gone.ticket, gone.state) == (NOW, "", "", "taken")
    assert any_registry.record_of(old).body == b""
    assert any_registry.rows(photo) == []
    for number in (fresh, alive):
        assert any_registry.record_of(number).body
        assert any_registry.row(submission, number).destroyed_at is None
    told = [row for row in any_registry.rows(submission_event) if row.submission_id == old]
    assert [row.event for row in told] == ["submit", "destroy"]
    assert any_registry.rows(audit)[-1].what == "submission.destroy"


def test_a_destroyed_record_is_still_acknowledged_and_never_taken_twice(
    registry: Registry,
) -> None:
    body = registry.portal().record()
    number = registry.accepted(body)
    registry.move(number, "taken", NOW - 400 * DAY)
    retention.step(registry.engine, NOW)
    assert registry.judged(body).outcome == "accepted"
    assert len(registry.rows(record)) == len(registry.rows(submission)) == 1
    assert registry.record_of(number).body == b""


def test_refused_records_and_photos_that_nobody_claims_go_after_three_months(
    registry: Registry,
) -> None:
    portal = registry.portal()
    registry.judged(portal.record(service="KEC-TIADA"))
    registry.late_photo(portal.ticket(NOW), b"\xff\xd8\xff")
    retention.step(registry.engine, NOW + 89 * DAY)
    assert registry.rows(photo)
    assert registry.rows(record)[0].body
    retention.step(registry.engine, NOW + 90 * DAY)
    assert registry.rows(photo) == []
    assert registry.rows(record)[0].body == b""


@pytest.mark.parametrize(
    ("lies", "days"),
    [
        ({"seal": "f" * 16}, 30),  # as the pack of KEC-SKTM says
        ({"service": "KEC-TIADA"}, retention.REFUSED_DAYS),
        ({"kind": "complain", "service": "ADUAN-KOTA", "seal": "f" * 16}, retention.REFUSED_DAYS),
    ],
)
def test_a_refused_record_has_the_time_of_its_service_to_the_millisecond(
    any_registry: Registry, lies: dict[str, Any], days: int
) -> None:
    any_registry.judged(any_registry.portal().record(**lies))
    retention.step(any_registry.engine, NOW + days * DAY - 1)
    assert any_registry.rows(record)[0].body
    assert "retention.destroy" not in said(any_registry)
    retention.step(any_registry.engine, NOW + days * DAY)
    assert any_registry.rows(record)[0].body == b""
    assert said(any_registry)["retention.destroy"] == {"refused": 1}


def test_what_cannot_even_be_read_stays_aside_for_three_months(registry: Registry) -> None:
    registry.judged(b"no record at all")
    retention.step(registry.engine, NOW + 90 * DAY - 1)
    assert registry.rows(record)[0].body
    retention.step(registry.engine, NOW + 90 * DAY)
    assert registry.rows(record)[0].body == b""


def said(registry: Registry) -> dict[str, Any]:
    """The newest detail of each kind of row in the audit log."""
    return {row.what: row.detail for row in registry.rows(audit)}


def test_visits_and_tickets_go_after_a_year_and_are_counted_in_the_log(
    any_registry: Registry,
) -> None:
    about = {"tenant": "32.73", "district": "32.73.01", "place": "Kantor", "services": ["KEC-SKTM"]}
    told = {"source": "form", "changed_at": NOW, "changed_by": "petugas"}
    ticket = {"kiosk_id": 1, "letter": "A", "issued": 3}
    with writing(any_registry.engine) as conn:
        for uid, ends in (("one", NOW), ("two", NOW), ("late", NOW + 1)):
            conn.execute(insert(visit).values(uid=uid, starts=NOW, ends=ends, **about, **told))
        for day, at in (("2026-11-22", NOW), ("2026-11-23", NOW + 1)):
            conn.execute(insert(counter).values(day=day, changed_at=at, **ticket))
    retention.step(any_registry.engine, NOW + 365 * DAY - 1)
    assert (len(any_registry.rows(visit)), len(any_registry.rows(counter))) == (3, 2)
    retention.step(any_registry.engine, NOW + 365 * DAY)
    assert [row.uid for row in any_registry.rows(visit)] == ["late"]
    assert [row.day for row in any_registry.rows(counter)] == ["2026-11-23"]
    assert said(any_registry)["retention.destroy"] == {"visits": 2, "tickets": 1}
    before = len(any_registry.rows(audit))
    retention.step(any_registry.engine, NOW + 365 * DAY)
    assert len(any_registry.rows(audit)) == before, "nothing went, so nothing is said"


def test_calls_go_after_a_month_and_notices_a_year_after_their_end(any_registry: Registry) -> None:
    told = {"tenant": "32.73", "places": ["32.73"], "words": {"id": "Tutup"}, "changed_by": "loket"}
    with writing(any_registry.engine) as conn:
        for letter, at in (("a", NOW), ("b", NOW + 335 * DAY + 1)):
            conn.execute(insert(assist).values(kiosk_id=1, uid=letter * 32, page="", at=at))
        for ends in (NOW, NOW + 1):
            when = {"starts": NOW - DAY, "ends": ends, "changed_at": NOW}
            conn.execute(insert(notice).values(**told, **when))
    retention.step(any_registry.engine, NOW + 30 * DAY - 1)
    assert len(any_registry.rows(assist)) == 2
    retention.step(any_registry.engine, NOW + 365 * DAY)
    assert [row.uid for row in any_registry.rows(assist)] == ["b" * 32]
    assert [row.ends for row in any_registry.rows(notice)] == [NOW + 1]
    assert said(any_registry)["retention.destroy"] == {"calls": 1, "notices": 1}
