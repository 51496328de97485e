"""What a citizen wrote is destroyed when its time is over; what was done stays."""

from controller.registrar import retention
from controller.store.citizen_tables import photo, record, submission, submission_event
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
