"""Back systems are made, switched and tried again by people, and the log knows who."""

import pytest

from controller.back import desk
from controller.back.desk import New
from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.store.citizen_tables import sending
from controller.store.engine import writing
from controller.store.people_tables import audit
from tests.support.back import CITY, FILES, HOOK, Backed
from tests.support.registrar import NOW, Registry

BY = By("kepala", "192.0.2.1")


def test_systems_are_shown_with_what_they_have_and_lack(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    backed.taker.status = 500
    backed.post.step()
    with office.engine.connect() as conn:
        files, hook = desk.systems(conn)
        (stuck,) = desk.stuck(conn)
    assert (files.name, files.sent, files.waiting, files.error) == (FILES, 1, 0, "")
    assert (hook.name, hook.sent, hook.waiting, hook.failed) == (HOOK, 0, 1, 0)
    assert "500" in hook.error
    assert (stuck.number, stuck.tries) == ("261122-0001-K7Q3M-R", 1)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (New(CITY, " ", "folder"), "needs a name"),
        (New(CITY, "x" * 61, "folder"), "needs a name"),
        (New(CITY, "a\nb", "folder"), "needs a name"),
        (New(CITY, "surat", "surel"), "one of folder"),
        (New("99.99", "surat", "folder"), "no tenant"),
    ],
)
def test_a_system_that_makes_no_sense_is_refused(registry: Registry, new: New, why: str) -> None:
    with pytest.raises(Refused, match=why), writing(registry.engine) as conn:
        desk.add(conn, BY, new, NOW)


def test_a_name_is_given_once_in_a_government(backed: Backed) -> None:
    with pytest.raises(Refused, match="already"), writing(backed.registry.engine) as conn:
        desk.add(conn, BY, New(CITY, FILES, "folder"), NOW)
    with writing(backed.registry.engine) as conn:
        desk.add(conn, BY, New("32.04", FILES, "folder"), NOW)


def test_one_that_is_off_gets_nothing_and_what_waits_waits(backed: Backed) -> None:
    office, portal = backed.registry, backed.registry.portal()
    office.accepted(portal.record())
    with writing(office.engine) as conn:
        desk.switch(conn, BY, 1, False, NOW)
        desk.switch(conn, BY, 1, False, NOW)  # it is off already: no deed
    office.accepted(portal.record())
    while backed.post.step():
        pass
    assert [(one.back_system_id, one.state) for one in office.rows(sending)] == [
        (1, "waiting"),
        (2, "sent"),
        (2, "sent"),
    ]
    with writing(office.engine) as conn:
        desk.switch(conn, BY, 1, True, NOW)
    backed.post.step()
    assert office.row(sending, 1).state == "sent"
    told = [(one.who, one.what) for one in office.rows(audit) if one.what.startswith("back.o")]
    assert told == [("kepala", "back.off"), ("kepala", "back.on")]


def test_a_system_nobody_knows_is_refused(registry: Registry) -> None:
    for act in (
        lambda conn: desk.switch(conn, BY, 9, True, NOW),
        lambda conn: desk.again(conn, BY, 9, NOW),
    ):
        with pytest.raises(Refused, match="no back system 9"), writing(registry.engine) as conn:
            act(conn)
