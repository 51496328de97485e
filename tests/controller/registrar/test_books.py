"""What the books say of a record: whose it is, who has to act, by when."""

import pytest

from controller.registrar import books
from controller.registrar.judge import Refusal, open_record
from controller.store.engine import writing
from tests.support.registrar import NAME, Registry


def test_a_row_tells_whose_kiosk_it_is_and_where_that_stands(registry: Registry) -> None:
    number = registry.arrive(registry.portal().record())
    with registry.engine.connect() as conn:
        one = books.row(conn, number)
        assert books.row(conn, 99) is None
        assert books.arrived(conn, 5) == [number]
    assert one is not None
    assert (one.kiosk, one.site, one.state, one.uid) == (NAME, "32.73.01", "arrived", f"{1:032x}")


def test_keys_that_a_kiosk_had_before_still_count_for_what_comes_late(registry: Registry) -> None:
    old = registry.portal()
    late = registry.arrive(old.record())
    new = registry.portal()
    with registry.engine.connect() as conn:
        one = books.row(conn, late)
        assert one is not None
        assert books.keys_of(conn, one.kiosk_id) == {
            old.key_id: old.public,
            new.key_id: new.public,
        }
    assert registry.clerk.step() == 1
    assert registry.record_of(1).state == "accepted"


def test_two_registrars_cannot_both_judge(registry: Registry) -> None:
    portal = registry.portal()
    body = portal.record()
    registry.accepted(body)
    with registry.engine.connect() as conn:
        one = books.row(conn, 1)
    assert one is not None
    assert one.ack is not None
    answer = books.Answer(registry.ring.sign(registry.judged(body)), 1)
    stale = one._replace(state="arrived")
    with pytest.raises(RuntimeError, match="two registrars"), writing(registry.engine) as conn:
        books.refuse(conn, stale, "edited", answer)


def test_a_service_of_another_revision_is_known_by_its_newest(registry: Registry) -> None:
    portal = registry.portal()
    assert registry.judged(portal.record(revision=7)).outcome == "accepted"
    number = registry.arrive(portal.record(service="KEC-TIADA"))
    with registry.engine.connect() as conn:
        one = books.row(conn, number)
        assert one is not None
        keys = {portal.key_id: portal.public}
        opened = open_record(one.body, NAME, keys, registry.ring.unseal)
        with pytest.raises(Refusal):
            books.file(conn, one, opened)
