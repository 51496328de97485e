"""A kiosk's word about a release, believed or refused, without any database."""

import pytest
from hypothesis import given

from controller.rollouts.reported import (
    MOST_ATTEMPT,
    MOST_BUNDLES,
    Refused,
    Reported,
    hear,
    in_use,
    is_plausible,
)
from tests.support.sayings import UP
from wire.messages import Fetching, Install

HEADER = {"epoch": "00000000000000aa", "birth": 1, "seq": 4, "sent": 5}


def fetching(**more: object) -> Fetching:
    known = {"bundle": "layanan", "release": 7, "attempt": 1, "state": "downloading"}
    return Fetching(**HEADER, **{**known, **more})  # type: ignore[arg-type]


def install(**more: object) -> Install:
    known = {"bundle": "layanan", "release": 7, "attempt": 1, "state": "installed", "now": 7}
    return Install(**HEADER, fact=1, began=1, ended=2, **{**known, **more})  # type: ignore[arg-type]


def test_a_birth_says_what_is_in_use_and_nothing_else_changes() -> None:
    row = in_use(None, 1, "layanan", 6, 5)
    assert row == Reported(1, "layanan", 6, at=5)
    assert in_use(row, 1, "layanan", 6, 9) is row
    assert in_use(row, 1, "layanan", 0, 9) == row._replace(seq=0, at=9)


def test_from_the_first_byte_to_the_end() -> None:
    row = hear(in_use(None, 1, "layanan", 6, 5), 1, fetching(done=10, total=99, note="quiet"), 6)
    assert (row.seq, row.wanted_seq, row.attempt, row.state) == (6, 7, 1, "downloading")
    assert (row.done, row.total, row.why, row.at) == (10, 99, "quiet", 6)
    assert row.answers(7, 1)
    assert not row.settled
    row = hear(row, 1, install(code="repaired", why="one file", facts={"line": 12}), 7)
    assert (row.seq, row.state, row.done, row.total) == (7, "installed", 99, 99)
    assert (row.code, row.why, row.facts) == ("repaired", "one file", {"line": 12})
    assert row.settled


def test_who_went_back_has_what_it_had() -> None:
    row = hear(None, 1, install(state="rolled_back", now=6, code="unwell"), 7)
    assert (row.seq, row.wanted_seq, row.state, row.code) == (6, 7, "rolled_back", "unwell")


def test_a_new_try_forgets_how_the_last_one_ended() -> None:
    failed = hear(None, 1, install(state="failed", now=6, code="disk", facts={"a": 1}), 7)
    row = hear(failed, 1, fetching(attempt=2), 8)
    assert (row.code, row.why, row.facts, row.seq) == ("", "", {}, 6)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (fetching(bundle="Layanan:1"), "no_bundle"),
        (install(bundle="x" * 40), "no_bundle"),
        (install(release=2**40), "no_release"),
        (install(now=2**40), "no_release"),
        (fetching(attempt=MOST_ATTEMPT + 1), "no_release"),
    ],
)
def test_what_no_kiosk_can_mean_is_refused(message: Fetching | Install, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        hear(None, 1, message, 5)
    assert refused.value.reason == reason


def test_a_liar_does_not_fill_the_books() -> None:
    with pytest.raises(Refused, match="one more than 16"):
        hear(None, 1, fetching(), 5, others=MOST_BUNDLES)
    known = Reported(1, "layanan", 6)
    assert hear(known, 1, fetching(), 5, others=MOST_BUNDLES).state == "downloading"


def test_a_birth_that_names_what_no_bundle_is_called_is_heard_without_that() -> None:
    assert is_plausible("layanan", 0)
    assert not is_plausible("no_bundle", 1)
    assert not is_plausible("layanan", 2**40)


@given(UP["fetching"] | UP["install"])
def test_any_word_makes_a_row_that_can_be_stored_or_is_refused(message: Fetching | Install) -> None:
    try:
        row = hear(None, 1, message, 5)
    except Refused:
        return
    assert len(row.bundle) <= 32
    assert max(row.seq, row.wanted_seq) <= 2**31
    assert len(row.why) <= 300
