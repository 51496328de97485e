"""Numbers of releases: test_drafts.py walks what they are for."""

import pytest
from sqlalchemy import insert

from controller.jobs.refused import Refused
from controller.releases import numbers
from controller.store.release_tables import release
from tests.support.press import Press
from wire.content import MOST_SEQ


def add(press: Press, seq: int, state: str = "dropped") -> None:
    blank = {"state_at": 1, "note": "", "made_by": "", "made_at": 1, "parent_seq": 0}
    row = {"bundle": "video", "seq": seq, "state": state, "about": {}, "changes": {}, **blank}
    with press.writing() as conn:
        conn.execute(insert(release).values(**row, warnings=[]))


def following(press: Press, bundle: str = "video") -> int:
    return int(press.read(lambda conn: numbers.following(conn, press.releases, bundle)))


def test_numbers_grow_for_each_bundle_and_those_of_dropped_ones_are_gone(press: Press) -> None:
    assert following(press) == 1
    add(press, 7)
    assert (following(press), following(press, "peta")) == (8, 1)


def test_a_bundle_may_come_to_its_last_number(press: Press) -> None:
    add(press, MOST_SEQ)
    with pytest.raises(Refused) as refused:
        following(press)
    assert refused.value.code == "bundle"
