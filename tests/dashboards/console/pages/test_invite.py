"""Invitations: which step a kiosk has reached, the file of many, cards in the order of places."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from controller.identity import invitations
from controller.identity.states import By, find
from controller.store.engine import writing
from controller.store.identity_tables import certificate, invitation
from controller.store.tables import thread
from controller.words import BadQuestion
from dashboards.console.doorplate import Doorplate
from dashboards.console.pages.invite import names_in, step, tickets
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase

NOW = showcase.NOW
PIN = b"p" * 14


def steps(fleet: Fleet) -> tuple[int, int]:
    """An invitation of a kiosk that was heard before: (invitation, kiosk)."""
    with writing(fleet.engine) as conn:
        one = find(conn, fleet.names["Coblong"]).id
        invitations.issue(conn, one, PIN, By("pagi"), NOW)
        return conn.scalars(select(invitation.c.id)).one(), one


def now_at(fleet: Fleet, number: int, kiosk: int, now: int = NOW) -> str:
    with fleet.engine.connect() as conn:
        return step(conn, number, kiosk, now)


def test_a_code_goes_from_waiting_to_online(fleet: Fleet) -> None:
    number, kiosk = steps(fleet)
    assert now_at(fleet, number, kiosk) == "waiting"
    with writing(fleet.engine) as conn:
        conn.execute(update(invitation).values(used_at=NOW + 5, csr_sha256="c" * 64))
        row = {"kiosk_id": kiosk, "state": "requested", "via": "enrol", "csr": b"x",
               "csr_sha256": "c" * 64, "key_sha256": "d" * 64, "requested_at": NOW}  # fmt: skip
        conn.execute(insert(certificate).values(row))
    assert now_at(fleet, number, kiosk) == "signing"
    for state, seen in (("issued", "joined"), ("current", "joined")):
        with writing(fleet.engine) as conn:
            conn.execute(update(certificate).values(state=state))
        assert now_at(fleet, number, kiosk) == seen
    with writing(fleet.engine) as conn:
        mine = thread.c.kiosk_id == kiosk
        conn.execute(update(thread).where(mine).values(last_heard=NOW + 9))
    assert now_at(fleet, number, kiosk) == "online"


def test_an_invitation_that_ended_is_over(fleet: Fleet) -> None:
    number, kiosk = steps(fleet)
    assert now_at(fleet, number, kiosk, NOW + invitations.LIFE_MS) == "over"
    assert now_at(fleet, number, kiosk + 1) == "over"
    assert now_at(fleet, 99, kiosk) == "over"


def test_a_file_of_kiosks_is_read_as_people_write_it() -> None:
    assert names_in(b"kiosk,site\nb-1,x\na-1,y\nb-1,x\n\n") == ["b-1", "a-1"]
    assert names_in(b"\xef\xbb\xbfsite;KIOSK\r\nx; a-1 \r\n") == ["a-1"]
    assert names_in(b"name\n") == []


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"x,kiosk\nonly\n"])
def test_a_file_that_is_no_such_list_is_refused(data: bytes) -> None:
    with pytest.raises(BadQuestion):
        names_in(data)


@given(st.binary(max_size=200))
def test_a_file_gives_names_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(BadQuestion):
        assert all(names_in(b"kiosk\n" + data))


def test_cards_stand_in_the_order_of_places(fleet: Fleet) -> None:
    names = [fleet.names[one] for one in ("Soreang", "Coblong", "Andir")]
    with writing(fleet.engine) as conn:
        made = invitations.issue_all(conn, names, PIN, By("pagi"), NOW)
        found = list(tickets(conn, made, Doorplate("https://door.example:8443", PIN)))
    assert next(one.site_name for one in found) == "Soreang"
    assert {one.name for one in found} == set(names)
    assert all(one.line == f"anjungan join https://door.example:8443 {made[one.name].code}"
               for one in found)  # fmt: skip
