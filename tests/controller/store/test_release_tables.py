"""What the database itself holds of releases and rollouts, whoever writes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.release_tables import (
    desired,
    release,
    reported,
    rollout,
    rollout_approval,
    share,
    signing,
    signing_word,
)

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
RELEASE = {
    "bundle": "layanan", "seq": 1, "state": "draft", "state_at": 1, "note": "baru",
    "made_by": "siti", "made_at": 1, "parent_seq": 0, "about": {}, "changes": {}, "warnings": [],
}  # fmt: skip
SIGNING = {
    "role": "content", "version": 2, "text": "{}", "threshold": 2, "what": "publish",
    "state": "open", "made_at": 1, "made_by": "siti",
}  # fmt: skip
ROLLOUT = {
    "bundle": "layanan", "seq": 1, "state": "ready", "state_at": 1, "state_why": "", "why": "",
    "asked_by": "siti", "asked_at": 1, "asked": {}, "plan": {}, "approvals": 0, "not_before": 0,
    "phase": 0, "phase_at": 1, "kiosks": 1,
}  # fmt: skip
SHARE = {"kiosk_id": 1, "phase": 1, "control": False, "before_seq": 0, "state": "waiting"}
DESIRED = {
    "kiosk_id": 1, "bundle": "layanan", "partition": 0, "seq": 1, "attempt": 1, "number": 1,
    "not_before": 0, "windows": [],
}  # fmt: skip
REPORTED = {
    "kiosk_id": 1, "bundle": "layanan", "seq": 1, "wanted_seq": 1, "attempt": 1, "done": 0,
    "state": "installed", "total": 0, "code": "", "why": "", "facts": {}, "at": 1,
}  # fmt: skip


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    """A writing transaction in a database with a kiosk, a release, a signing, a rollout."""
    with writing(open_engine(database)) as made:
        fleet.import_fleet(made, [SITE], [fleet.NewKiosk("bdg-sukasari-1", SITE.code)], 1)
        made.execute(insert(release).values(id=1, **RELEASE))
        made.execute(insert(signing).values(id=1, release_id=1, **SIGNING))
        made.execute(insert(rollout).values(id=1, token="a" * 32, **ROLLOUT))
        yield made


def _refuses(conn: Connection, statement: object) -> None:
    with pytest.raises(IntegrityError), conn.begin_nested():
        conn.execute(statement)  # type: ignore[call-overload]


def test_a_number_of_a_bundle_is_one_release(conn: Connection) -> None:
    _refuses(conn, insert(release).values(RELEASE))
    conn.execute(insert(release).values(RELEASE | {"bundle": "agent"}))


def test_one_signing_of_a_role_waits_at_a_time(conn: Connection) -> None:
    _refuses(conn, insert(signing).values(SIGNING | {"version": 3}))
    conn.execute(insert(signing).values(SIGNING | {"role": "software"}))
    conn.execute(update(signing).where(signing.c.id == 1).values(state="done"))
    conn.execute(insert(signing).values(SIGNING | {"version": 3}))


def test_a_key_says_one_word_for_a_signing(conn: Connection) -> None:
    word = {"signing_id": 1, "key_id": "a" * 64, "signature": "b" * 128, "by": "siti", "at": 1}
    conn.execute(insert(signing_word).values(word))
    _refuses(conn, insert(signing_word).values(word | {"by": "budi"}))


def test_a_token_is_one_rollout_and_a_person_agrees_once(conn: Connection) -> None:
    _refuses(conn, insert(rollout).values(token="a" * 32, **ROLLOUT))
    word = {"rollout_id": 1, "login": "budi", "at": 1}
    conn.execute(insert(rollout_approval).values(word))
    _refuses(conn, insert(rollout_approval).values(word | {"at": 2}))


def test_a_kiosk_has_one_share_and_of_each_bundle_one_wish_and_one_report(
    conn: Connection,
) -> None:
    for table, row in ((share, {"rollout_id": 1, **SHARE}), (desired, DESIRED)):
        conn.execute(insert(table).values(row))
        _refuses(conn, insert(table).values(row))
    conn.execute(insert(reported).values(REPORTED))
    _refuses(conn, insert(reported).values(REPORTED | {"seq": 2}))
