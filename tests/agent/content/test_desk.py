"""The resident's side of releases: keep what is wanted, run the child when it is time, pass on."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.content import wanted
from agent.content.desk import (
    AGAIN_APART_S,
    DAILY_S,
    LEAVE_WITHIN_S,
    PAUSE_MOST_S,
    RARELY_S,
    SILENT_MOST_S,
)
from agent.content.told import AGENT_NEW, DONE, LATER, MUST_ACT, Told
from tests.agent.commands.played import KIOSK
from tests.agent.content.played_desk import Kiosk
from tests.agent.content.test_standing import use
from wire.wants import Want

WANT = Want(bundle="layanan", seq=2, number=5)


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    """With a release in use."""
    use(tmp_path / "slots", "portal")
    return Kiosk(tmp_path)


def test_what_the_office_desires_is_on_the_disk_before_anything_is_begun(kiosk: Kiosk) -> None:
    kiosk.wants(WANT, url="https://releases.example")
    kept = wanted.read(kiosk.content)
    assert (kept.wants, kept.url) == ((WANT,), "https://releases.example")
    assert kiosk.news() == [(2, "pending")]
    assert kiosk.wakes == 1
    kiosk.passes(0.0)
    assert len(kiosk.children) == 1


def test_it_outlives_the_connection_and_the_process(kiosk: Kiosk) -> None:
    kiosk.wants(WANT)
    kiosk.again()
    kiosk.runs()
    assert wanted.read(kiosk.content).wants == (WANT,)


def test_row_45_what_somebody_else_desires_starts_nothing(kiosk: Kiosk) -> None:
    nonce = kiosk.played.standing.nonce
    stranger = kiosk.played.ceremony.people["siti"]
    kiosk.desk.heard(kiosk.played.ceremony.desired(KIOSK, nonce, WANT, key=stranger))
    kiosk.passes(0.0)
    assert (kiosk.children, kiosk.news()) == ([], [])
    assert not (kiosk.content / wanted.NAME).exists()


def test_row_46_what_was_desired_of_an_earlier_birth_is_nothing(kiosk: Kiosk) -> None:
    nonce = kiosk.played.standing.nonce
    kiosk.played.born()
    kiosk.desk.heard(kiosk.played.ceremony.desired(KIOSK, nonce, WANT))
    assert not (kiosk.content / wanted.NAME).exists()


def test_row_51_numbers_near_their_end_lock_no_kiosk_out_once_the_key_is_struck_off(
    kiosk: Kiosk,
) -> None:
    ceremony = kiosk.played.ceremony
    kiosk.wants(Want(bundle="layanan", seq=1, number=2**53), Want(bundle="junk", seq=1, number=1))
    ceremony.office = Ed25519PrivateKey.generate()
    kiosk.played.lay_policy(ceremony.policy(2), join="2" * 64)
    kiosk.played.born()
    kiosk.wants(WANT)
    assert wanted.read(kiosk.content).wants == (WANT,)


def test_an_older_word_said_late_changes_nothing(kiosk: Kiosk) -> None:
    newer = Want(bundle="layanan", seq=3, number=6)
    kiosk.wants(newer)
    kiosk.news()
    kiosk.wants(WANT)
    assert wanted.read(kiosk.content).wants == (newer,)
    assert kiosk.news() == []


def test_a_disk_that_refuses_takes_no_wish_and_says_so(kiosk: Kiosk) -> None:
    (kiosk.content / "wants.json.new").mkdir()  # where the new file would be written first
    kiosk.wants(WANT)
    assert kiosk.news() == []
    kiosk.runs()
    kiosk.ends(DONE)
    assert "cannot be kept" in kiosk.desk.trouble
    (kiosk.content / "wants.json.new").rmdir()
    kiosk.wants(WANT)
    assert kiosk.news() == [(2, "pending")]


def test_where_nothing_is_wanted_or_in_use_no_child_ever_runs(tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path)
    kiosk.passes(DAILY_S)
    kiosk.desk.in_use()
    kiosk.passes(DAILY_S)
    assert kiosk.children == []


def test_after_the_start_the_child_runs_soon_but_not_at_once(kiosk: Kiosk) -> None:
    kiosk.passes(0.0)
    assert kiosk.children == []
    kiosk.passes(31.0)
    assert len(kiosk.children) == 1


def test_the_child_is_told_the_office_s_time_and_what_was_taken(kiosk: Kiosk) -> None:
    kiosk.reported(WANT, "installed")
    assert kiosk.runs().told == Told(taken=1)
    kiosk.ends(DONE)
    kiosk.wants(WANT)
    child = kiosk.runs()
    assert child.told.time is not None
    low, high, t = child.told.time
    assert low <= kiosk.played.office_now <= high
    assert t == kiosk.played.now
    assert child.told.floor == kiosk.played.office_now


@pytest.mark.parametrize(
    ("code", "again_s", "least", "most"),
    [
        (DONE, None, DAILY_S, 1.1 * DAILY_S),
        (DONE, 3600.0, 3600, 4000),
        (LATER, 20.0, 20, 22),
        (LATER, None, 60, 66),
        (LATER, 0.0, 1, 1.1),
        (LATER, 1e9, DAILY_S, 1.1 * DAILY_S),
        (MUST_ACT, None, RARELY_S, 1.1 * RARELY_S),
        (1, 5.0, 60, 150),
        (-11, None, 60, 150),
    ],
)
def test_how_it_ends_says_when_it_runs_again(
    kiosk: Kiosk, code: int, again_s: float | None, least: float, most: float
) -> None:
    kiosk.runs()
    assert least <= kiosk.ends(code, again_s) <= most


def test_a_child_that_cannot_end_well_is_started_ever_more_rarely(kiosk: Kiosk) -> None:
    pauses = []
    for _ in range(12):
        kiosk.runs()
        pauses.append(kiosk.ends(1))
    assert pauses[0] < pauses[3] < pauses[5]
    assert pauses[-1] <= 1.1 * PAUSE_MOST_S
    assert "ended with code 1" in kiosk.desk.trouble
    kiosk.runs()
    kiosk.ends(DONE)
    assert kiosk.desk.trouble == ""


def test_when_a_person_must_act_the_reason_is_told(kiosk: Kiosk) -> None:
    kiosk.runs()
    kiosk.ends(MUST_ACT, why="the root of releases is missing: join again")
    assert "join again" in kiosk.desk.trouble


def test_a_new_word_ends_the_wait(kiosk: Kiosk) -> None:
    kiosk.runs()
    kiosk.ends(MUST_ACT)
    kiosk.wants(WANT)
    kiosk.passes(0.0)
    assert len(kiosk.children) == 2


def test_a_new_word_reaches_a_child_that_runs(kiosk: Kiosk) -> None:
    child = kiosk.runs()
    kiosk.wants(WANT)
    assert child.asked == 1
    assert kiosk.ends(LATER, 9999.0) == 0.0
    kiosk.passes(0.0)
    assert len(kiosk.children) == 2
    kiosk.wants(WANT)  # the same again
    assert kiosk.children[-1].asked == 0


def test_a_child_that_does_not_leave_is_ended(kiosk: Kiosk) -> None:
    child = kiosk.runs()
    kiosk.wants(WANT)
    kiosk.passes(LEAVE_WITHIN_S - 1)
    assert child.poll() is None
    kiosk.passes(2)
    assert child.poll() == -9
    kiosk.passes(0.0)
    kiosk.passes(0.0)
    assert len(kiosk.children) == 2
    assert kiosk.desk.trouble == ""


def test_a_child_that_says_nothing_for_hours_is_ended(kiosk: Kiosk) -> None:
    child = kiosk.runs()
    kiosk.passes(SILENT_MOST_S - 1)
    kiosk.says("downloading", 1)
    kiosk.passes(0.0)
    kiosk.passes(SILENT_MOST_S - 1)
    assert child.poll() is None
    kiosk.passes(2)
    assert child.poll() == -9


def test_what_waited_for_the_network_goes_on_with_the_next_birth(kiosk: Kiosk) -> None:
    kiosk.runs()
    assert kiosk.ends(LATER, 5000.0) > 4000
    kiosk.desk.in_use()
    assert kiosk.desk.due() - kiosk.played.now <= 30
    kiosk.runs()
    kiosk.ends(DONE)
    kiosk.desk.in_use()
    assert kiosk.desk.due() - kiosk.played.now >= DAILY_S


def test_without_a_place_it_asks_again_in_a_moment(kiosk: Kiosk) -> None:
    kiosk.places = 0
    kiosk.wants(WANT)
    kiosk.passes(0.0)
    assert kiosk.children == []
    kiosk.places = 1
    assert kiosk.desk.due() - kiosk.played.now < 5
    kiosk.runs()


def test_a_child_that_cannot_be_started_is_said_and_tried_again(kiosk: Kiosk) -> None:
    kiosk.broken = True
    kiosk.wants(WANT)
    kiosk.passes(0.0)
    assert "no memory" in kiosk.desk.trouble
    kiosk.broken = False
    kiosk.runs()
    kiosk.ends(DONE)
    assert kiosk.desk.trouble == ""


def test_how_far_it_is_wakes_the_line(kiosk: Kiosk) -> None:
    kiosk.runs()
    kiosk.says("downloading", 10)
    kiosk.passes(2.0)
    assert kiosk.desk.has_news
    assert kiosk.line_wakes == 1
    assert kiosk.news() == [(2, "downloading")]


def test_how_it_ended_is_a_fact_and_wakes_the_line(kiosk: Kiosk) -> None:
    kiosk.reported(WANT, "installed")
    assert kiosk.facts == [(2, "installed")]
    assert kiosk.line_wakes == 1


def test_an_office_that_has_forgotten_the_end_is_told_it_again_but_not_for_ever(
    kiosk: Kiosk,
) -> None:
    kiosk.wants(WANT)
    kiosk.reported(WANT, "rolled_back")
    kiosk.news()
    for _ in range(3):
        kiosk.wants(WANT)
        kiosk.passes(1.0)
    assert kiosk.facts == [(2, "rolled_back")] * 2
    assert kiosk.news() == []
    kiosk.wants(WANT)
    kiosk.passes(AGAIN_APART_S)
    kiosk.wants(WANT)
    kiosk.passes(1.0)
    assert kiosk.facts == [(2, "rolled_back")] * 3


def test_the_same_release_in_a_new_attempt_is_on_its_way_again(kiosk: Kiosk) -> None:
    kiosk.wants(WANT)
    kiosk.reported(WANT, "failed")
    kiosk.news()
    kiosk.wants(Want(bundle="layanan", seq=2, attempt=2, number=6))
    assert kiosk.news() == [(2, "pending")]
    assert kiosk.facts == [(2, "failed")]


def test_a_new_agent_asks_for_another_process(kiosk: Kiosk) -> None:
    kiosk.runs()
    kiosk.ends(AGENT_NEW)
    assert kiosk.restarts == 1
    assert kiosk.desk.trouble == ""


def test_an_agent_on_trial_says_at_once_that_the_office_has_heard_it(tmp_path: Path) -> None:
    use(tmp_path / "slots", "agent")
    kiosk = Kiosk(tmp_path, release=7)
    child = kiosk.runs()
    assert (child.told.trial.release, child.told.trial.reached) == (7, False)
    kiosk.desk.acknowledged()
    assert child.asked == 1  # what it was told holds no more
    kiosk.ends(LATER)
    assert kiosk.runs().told.trial.reached
    kiosk.desk.acknowledged()
    assert kiosk.children[-1].asked == 0


def test_an_agent_that_came_by_hand_starts_nothing_for_that(kiosk: Kiosk) -> None:
    kiosk.desk.acknowledged()
    kiosk.passes(0.0)
    assert kiosk.children == []


def test_the_child_ends_with_the_agent(kiosk: Kiosk) -> None:
    child = kiosk.runs()
    kiosk.desk.stop()
    assert child.poll() == -9
    kiosk.passes(DAILY_S)
    assert len(kiosk.children) == 1
