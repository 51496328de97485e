"""What was accepted reaches every system behind the office once, and every look is written down."""

from sqlalchemy import update

from controller.back import desk
from controller.back.pacing import PAUSE
from controller.people.audit import By
from controller.store.citizen_tables import (
    back_system,
    opening,
    record,
    sending,
    submission,
)
from controller.store.engine import writing
from controller.store.people_tables import audit
from provisioning import back
from tests.support.back import CITY, FILES, HOOK, Backed, received
from tests.support.registrar import OTHER, PLANTED


def states(backed: Backed) -> list[str]:
    return [one.state for one in backed.registry.rows(sending)]


def test_folder_and_webhook_get_the_same_document_and_the_look_is_in_the_log(
    backed: Backed,
) -> None:
    office = backed.registry
    number = office.accepted(office.portal().record())
    assert backed.post.step() == 2
    assert backed.post.step() == 0
    (file,) = backed.files.iterdir()
    (came,) = backed.taker.came
    came.check(backed.public())
    assert file.read_bytes() == came.body
    found = received(came.body)
    assert (found.fields["nik"], found.about.service) == (PLANTED, "KEC-SKTM")
    assert PLANTED not in file.name
    assert [one.reference for one in office.rows(sending)] == [file.name, "D-1"]
    looks = [(one.submission_id, one.by, one.what) for one in office.rows(opening)]
    assert looks == [(number, "registrar", "export")] * 2
    told = [one.detail["to"] for one in office.rows(audit) if one.what == "inbox.open"]
    assert told == [FILES, HOOK]


def test_one_that_is_away_holds_up_nobody_and_gets_all_of_it_later(backed: Backed) -> None:
    office, portal = backed.registry, backed.registry.portal()
    for _ in range(3):
        office.accepted(portal.record())
    backed.taker.status = 503
    backed.post.step()
    backed.post.step()
    assert len(list(backed.files.iterdir())) == 3
    assert len(backed.taker.came) == 1  # the others wait without a try of their own
    assert states(backed).count("waiting") == 3
    backed.taker.status = 200
    office.clock.now += PAUSE
    while backed.post.step():
        pass
    assert states(backed) == ["sent"] * 6
    assert len({one.headers["webhook-id"] for one in backed.taker.came}) == 3


def test_one_that_refuses_is_put_aside_seen_and_sent_once_it_was_mended(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    backed.taker.status = 422
    backed.post.step()
    with office.engine.connect() as conn:
        (stuck,) = desk.stuck(conn)
        system = next(one for one in desk.systems(conn) if one.name == HOOK)
    assert (stuck.state, stuck.system, system.failed) == ("failed", HOOK, 1)
    assert "422" in system.error
    backed.taker.status = 200
    with writing(office.engine) as conn:
        assert desk.again(conn, By("kepala"), system.id, office.clock()) == 1
    backed.post.step()
    assert states(backed) == ["sent", "sent"]


def test_row_62_who_writes_into_the_database_cannot_have_it_sent_elsewhere(backed: Backed) -> None:
    office = backed.registry
    with writing(office.engine) as conn:
        desk.add(conn, By("penyusup"), desk.New(CITY, "luar", "webhook"), office.clock())
    back.forbid(backed.keys, CITY, HOOK)
    office.accepted(office.portal().record())
    backed.post.step()
    assert backed.taker.came == []
    errors = [one.error for one in office.rows(sending) if one.error]
    assert len(errors) == 2
    assert all("does not allow it" in one for one in errors)
    assert len(office.rows(opening)) == 1  # nothing was opened for them either


def test_row_62_whoever_has_the_office_can_only_have_sent_where_the_registrars_machine_allows(
    backed: Backed,
) -> None:
    """The console, or its database: more sendings, other governments, other places in the row."""
    office = backed.registry
    number = office.accepted(office.portal().record())
    elsewhere = {"url": "https://pencuri.example/", "where": "/srv/pencuri"}
    with writing(office.engine) as conn:
        conn.execute(update(back_system).values(settings=elsewhere))
        conn.execute(update(submission).values(tenant="32.04", place=OTHER.code))
    backed.post.step()
    assert (backed.taker.came, [*backed.files.iterdir()]) == ([], [])
    assert office.rows(opening) == [], "nothing is opened for who is not allowed"
    with writing(office.engine) as conn:
        conn.execute(update(submission).values(tenant=CITY))
        conn.execute(update(sending).values(state="waiting", tries=0, next_at=office.clock()))
    backed.post.step()
    assert (len(backed.taker.came), len([*backed.files.iterdir()])) == (1, 1)
    assert [one.submission_id for one in office.rows(opening)] == [number, number]


def test_what_was_destroyed_meanwhile_is_said_and_not_sent(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    with writing(office.engine) as conn:
        conn.execute(update(record).values(body=b""))
    backed.post.step()
    assert states(backed) == ["failed", "failed"]
    assert office.rows(opening) == []


def test_a_record_whose_key_is_lost_waits_for_the_administrator(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    office.ring.seals.clear()
    backed.post.step()
    assert states(backed) == ["waiting", "waiting"]
    assert "lost the key" in office.row(sending, 1).error


def test_a_broken_file_of_targets_is_said_at_each_sending(backed: Backed) -> None:
    office = backed.registry
    office.accepted(office.portal().record())
    (backed.keys / "back" / "targets.json").write_bytes(b"{")
    backed.post.step()
    assert "the administrator writes it anew" in office.row(sending, 1).error
