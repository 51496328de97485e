"""Who signed is told apart by what the kiosk must do next; strangers learn nothing."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, update

from controller.identity import ending
from controller.identity.states import find
from controller.store.engine import writing
from controller.store.identity_tables import certificate, identity
from tests.support.door import OFFICER, Caller, Door
from tests.support.identities import DAY_MS
from wire import door as paths


def code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


def test_a_serial_nobody_issued_is_unknown(door: Door) -> None:
    caller = door.enrolled()
    assert code(caller.standing(keyid="abc")) == (401, "unknown")


def test_another_kiosks_serial_helps_nobody(door: Door) -> None:
    one, two = door.enrolled("bdg-sukasari-1"), door.enrolled("bdg-sukasari-2")
    assert code(one.standing(keyid=two.serial)) == (401, "signature")


@pytest.mark.parametrize("end", [ending.revoke, ending.decommission, None])
def test_a_kiosk_that_was_ended_is_told_so_and_a_stranger_is_not(
    any_door: Door, end: object
) -> None:
    caller = any_door.enrolled()
    with writing(any_door.engine) as conn:
        kiosk_id, now = find(conn, caller.name).id, any_door.clock()
        if end is None:
            ending.quarantine(conn, kiosk_id, "two machines", now)
        else:
            end(conn, kiosk_id, "stolen", OFFICER, now)  # type: ignore[operator]
    for answer in (caller.standing(), caller.renew(caller.csr())):
        assert code(answer) == (403, "revoked")
        assert answer.json()["who"] == "technician"
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert code(caller.standing(key=stranger)) == (401, "signature")


def test_a_superseded_key_is_told_to_use_the_newer(any_door: Door) -> None:
    old = any_door.enrolled()
    new = Caller(any_door, old.name)
    new.take(old.renew(new.csr()))
    assert old.standing().json()["certificate"] == "current"  # not used yet: the old one counts
    assert new.standing().json()["certificate"] == "current"
    assert code(old.standing()) == (403, "superseded")


def test_row_43_beyond_the_grace_a_clear_word_is_said(any_door: Door) -> None:
    caller = any_door.enrolled()
    any_door.clock.ahead_ms = (paths.LIFE_DAYS + 1) * DAY_MS
    assert caller.standing().json()["not_after"] < any_door.clock()
    assert caller.renew(caller.csr(ec.generate_private_key(ec.SECP256R1()))).status_code == 200
    any_door.clock.ahead_ms = (paths.LIFE_DAYS + paths.GRACE_DAYS + 1) * DAY_MS
    answer = caller.standing()
    assert code(answer) == (403, "expired")
    assert answer.json()["who"] == "technician"


def test_a_certificate_not_signed_yet_opens_nothing(door: Door) -> None:
    caller = door.enrolled()
    with writing(door.engine) as conn:
        conn.execute(update(certificate).values(pem=None))
    assert code(caller.standing()) == (401, "unknown")


def test_without_an_identity_nobody_is_active(door: Door) -> None:
    caller = door.enrolled()
    with writing(door.engine) as conn:
        conn.execute(delete(identity))
    assert code(caller.standing()) == (403, "revoked")


def test_two_first_requests_at_once_are_one_first_use(any_door: Door) -> None:
    caller = any_door.caller()
    caller.take(caller.enrol(any_door.invite(caller.name)))

    async def both() -> list[int]:
        asks = (asyncio.to_thread(caller.standing) for _ in range(8))
        return [one.status_code for one in await asyncio.gather(*asks)]

    assert asyncio.run(both()) == [200] * 8
    assert [row.state for row in any_door.certificates(caller.name)] == ["current"]
