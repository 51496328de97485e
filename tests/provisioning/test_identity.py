"""`anjungan identity` ends identities, waits for the proof, and says when it does not come."""

import threading
import time

import pytest
from sqlalchemy import update

from controller.identity import standing
from controller.identity.states import find
from controller.store.engine import writing
from controller.store.identity_tables import identity
from provisioning.identity import main, who
from tests.support.door import OFFICER, Door
from tests.support.wait import until

NAME = "bdg-sukasari-1"


def state(door: Door) -> str:
    with door.engine.connect() as conn:
        return standing.show(conn, NAME, door.clock()).identity.state


def run(door: Door, *words: str) -> int:
    return main(["--database", door.database, *words])


def prove(door: Door) -> threading.Thread:
    """Plays the warden's proof as soon as the kiosk is ended."""

    def play() -> None:
        until(lambda: state(door) not in ("active", "pending"), 30)
        with writing(door.engine) as conn:
            conn.execute(update(identity).values(shut_at=time.time_ns() // 1_000_000))

    thread = threading.Thread(target=play)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("word", "after"),
    [("revoke", "revoked"), ("quarantine", "quarantined"), ("decommission", "decommissioned")],
)
def test_an_end_is_done_proven_and_said(
    door: Door, word: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = door.enrolled(NAME)
    thread = prove(door)
    assert run(door, word, NAME, "--why", "stolen from the hall", "--wait-s", "30") == 0
    thread.join()
    said = capsys.readouterr().out
    assert f"{NAME} is {after}" in said
    assert "proven to refuse it since" in said
    assert state(door) == after
    assert caller.standing().json()["code"] == "revoked"


def test_a_proof_that_does_not_come_is_said_with_who_must_act(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    door.enrolled(NAME)
    assert run(door, "revoke", NAME, "--why", "stolen", "--wait-s", "0.2") == 3
    said = capsys.readouterr()
    assert "NOT proven" in said.err
    assert "administrator" in said.err
    assert "never was a warden" in said.err
    assert state(door) == "revoked"


def test_twice_is_said_and_proven_again(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.enrolled(NAME)
    thread = prove(door)
    assert run(door, "revoke", NAME, "--why", "stolen", "--wait-s", "30") == 0
    thread.join()
    assert run(door, "revoke", NAME, "--why", "stolen", "--wait-s", "0.2") == 0
    assert "already" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("revoke", "nobody-1", "--why", "x"),
        ("revoke", NAME, "--why", " "),
        ("revoke", NAME, "--why", "never enrolled"),
        ("quarantine", NAME, "--why", "never enrolled"),
        ("show", "nobody-1"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is(
    door: Door, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    door.register(NAME)
    assert run(door, *words) == 2
    assert capsys.readouterr().err.startswith("identity: ")
    assert state(door) == "registered"


def test_one_kiosk_is_shown_whole(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.enrolled(NAME)
    assert run(door, "show", NAME) == 0
    said = capsys.readouterr().out
    assert f"{NAME} at 32.73.01 Sukasari: active" in said
    assert "current (enrol) until" in said
    assert f"code by {OFFICER.who} used" in said


def test_all_are_listed_or_those_in_a_state(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.enrolled(NAME)
    door.register("bdg-sukasari-2")
    assert run(door, "list") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert run(door, "list", "--state", "active") == 0
    assert capsys.readouterr().out.startswith(f"{NAME}\t32.73.01\tactive\t")


def test_who_did_not_renew_stands_below_the_list(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    door.clock.ahead_ms = -80 * 86_400_000
    door.warden.sign_all()
    door.restart()
    door.enrolled(NAME)
    assert run(door, "list") == 0
    assert f"! {NAME} did not renew" in capsys.readouterr().out


def test_an_open_code_is_withdrawn(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    made = door.invite(NAME)
    assert run(door, "withdraw", NAME) == 0
    assert run(door, "withdraw", NAME) == 0
    said = capsys.readouterr().out
    assert "withdrawn" in said
    assert "no open code" in said
    assert door.caller(NAME).enrol(made).json()["code"] == "token_withdrawn"


def test_the_account_of_the_machine_is_written_down(door: Door) -> None:
    assert "command line" in who().who
    door.register(NAME)
    with door.engine.connect() as conn:
        assert find(conn, NAME).site_code == "32.73.01"
    assert main(["--database", "", "list"]) == 2


def test_the_database_may_be_named_after_the_word(door: Door) -> None:
    assert main(["list", "--database", door.database]) == 0
    assert main(["list", "--database", ""]) == 2
