"""What one kiosk is told, decided: a table of situations."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.commands.plan import ASK_MS, GRACE_MS, HELD_MS, PAUSES_S, Kiosk, Open, plan
from controller.commands.words import longest_ms
from wire.envelope import MOST_OPEN

NOW = 1_000_000
END = NOW + 3_600_000
KIOSK = Kiosk(1, "kiosk-1", 3, "a" * 32, 1, 0, listens=True)
AWAY = KIOSK._replace(listens=False)


def row(number: int = 50, **more: Any) -> Open:
    known: dict[str, Any] = {
        "id": number, "command_id": f"{number:032x}", "kiosk_id": 1, "job_id": 9, "number": number,
        "wave": 1, "after": NOW - 10, "expires": END, "state": "queued", "state_at": NOW - 10,
        "due": NOW - 10, "sent_at": None, "sends": 0, "cancel_at": None, "kind": "screenshot",
        "job_state": "running", "job_wave": 1, "job_plan": {},
    }  # fmt: skip
    return Open(**known | more)


SENT: dict[str, Any] = {"state": "sent", "sent_at": NOW - 15_000, "sends": 1, "due": NOW}


def becomes(found: Open, kiosk: Kiosk = KIOSK, *, born: bool = False) -> tuple[str, int] | None:
    """(state, due after now) of a command alone; None when nothing changes."""
    made = plan(kiosk, [found], NOW, born=born)
    assert len(made.turns) <= 1
    for turn in made.turns:
        return turn.new, turn.values.get("due", NOW) - NOW
    return None


@pytest.mark.parametrize(
    ("found", "kiosk", "expected"),
    [
        (row(), KIOSK, ("sent", 15_000)),
        (row(), AWAY, ("queued", END - NOW)),
        (row(job_state="paused"), KIOSK, ("queued", END - NOW)),
        (row(wave=2), KIOSK, ("queued", END - NOW)),
        (row(after=NOW + 5), KIOSK, ("queued", 5)),
        (row(due=NOW + 5), KIOSK, None),  # its turn by the job's rate
        (row(due=END), KIOSK, ("sent", 15_000)),  # was put off while the kiosk was away
        (row(expires=NOW), KIOSK, ("overdue", 0)),
        (row(cancel_at=NOW - 1), AWAY, ("cancelled", 0)),
        (row(**SENT), KIOSK, ("sent", 30_000)),
        (row(**SENT | {"sends": 99}), KIOSK, ("sent", 600_000)),
        (row(**SENT), AWAY, ("sent", END + GRACE_MS - NOW)),
        (row(**SENT | {"job_state": "held"}), KIOSK, ("sent", 30_000)),
        (row(**SENT | {"expires": NOW}), KIOSK, ("sent", 30_000)),
        (row(**SENT | {"expires": NOW - GRACE_MS}), KIOSK, ("overdue", 0)),
        (row(**SENT | {"state": "accepted"}), AWAY, ("silent", 0)),
        (row(**SENT | {"state": "running"}), KIOSK, ("silent", 0)),
        (row(**SENT | {"state": "running", "sent_at": 5}), KIOSK, ("running", ASK_MS)),
    ],
)
def test_a_command_alone(found: Open, kiosk: Kiosk, expected: tuple[str, int] | None) -> None:
    assert becomes(found, kiosk) == expected


def test_whoever_comes_is_told_everything_and_waited_for_anew() -> None:
    again = row(state="sent", sent_at=NOW - 5, sends=5, due=NOW + 500_000)
    assert becomes(again) is None
    assert becomes(again, born=True) == ("sent", PAUSES_S[0] * 1000)
    assert plan(KIOSK, [], NOW, born=True).speak
    assert not plan(KIOSK, [], NOW).speak


def test_a_cancel_is_said_once_and_the_answer_waited_for() -> None:
    wanted = row(state="running", state_at=NOW, sent_at=NOW - 9, cancel_at=NOW - 3, due=NOW - 3)
    (turn,) = plan(KIOSK, [wanted], NOW).turns
    assert turn.values["due"] == NOW + longest_ms("screenshot")
    said = wanted._replace(sent_at=turn.values["sent_at"], due=turn.values["due"])
    assert not plan(KIOSK, [said], NOW + 1).speak
    assert becomes(wanted, AWAY) == ("silent", 0)


def test_who_must_have_a_newer_policy_first_is_told_only_the_time() -> None:
    made = plan(KIOSK._replace(held=True), [row()], NOW, born=True)
    assert (made.say, made.speak) == ((), True)
    assert [turn.values["due"] for turn in made.turns] == [NOW + HELD_MS]


def test_what_was_never_sent_is_numbered_above_all_the_kiosk_has_taken() -> None:
    rows = [row(10), row(20), row(30, state="running", due=END, sent_at=5), row(40, wave=2)]
    made = plan(KIOSK._replace(number=35), rows, NOW)
    assert [(one.id, one.number) for one in made.say] == [(30, 30), (10, 41), (20, 42)]


@given(
    st.lists(
        st.builds(
            row,
            number=st.integers(1, 60),
            state=st.sampled_from(["queued", "sent", "accepted", "running"]),
            due=st.integers(NOW - 20, NOW + 20) | st.just(END),
            after=st.integers(NOW - 20, NOW + 5),
            expires=st.sampled_from([NOW, NOW - GRACE_MS, END]),
            sent_at=st.none() | st.integers(NOW - 40_000, NOW),
            cancel_at=st.none() | st.integers(NOW - 40_000, NOW),
            job_state=st.sampled_from(["running", "paused", "finished"]),
        ),
        unique_by=lambda one: one.number,
        max_size=14,
    ),
    st.integers(0, 60),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_open_nothing_is_left_due_and_no_number_is_said_twice(
    rows: list[Open],
    number: int,
    listens: bool,  # noqa: FBT001 - drawn
    born: bool,  # noqa: FBT001 - drawn
) -> None:
    made = plan(KIOSK._replace(listens=listens, number=number), rows, NOW, born=born)
    assert len({turn.id for turn in made.turns}) == len(made.turns)
    after = {one.id: one.due for one in rows} | {
        turn.id: turn.values.get("due", END) for turn in made.turns
    }
    assert all(due > NOW for due in after.values())
    numbers = [one.number for one in made.say]
    assert numbers == sorted(set(numbers))
    assert len(numbers) <= MOST_OPEN
    fresh = [one for one in made.say if one.state == "queued"]
    assert all(one.number > number for one in fresh)
    taken = {one.number for one in rows} - {one.number for one in fresh if one in rows}
    assert not taken & {one.number for one in fresh if one not in rows}
