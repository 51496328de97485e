"""What is wanted: the newest word of each bundle, on the disk, whatever else is said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content import wanted
from agent.content.wanted import MOST, Kept, merged
from tests.support import sayings
from wire.wants import Want, Wants


def want(bundle: str = "layanan", seq: int = 1, number: int = 1) -> Want:
    return Want(bundle=bundle, seq=seq, number=number)


def said(*wants: Want, url: str = "") -> Wants:
    return Wants(fleet="f", kiosk="k", nonce="0" * 32, now=1, wants=wants, url=url)


def test_the_higher_number_counts_also_for_an_older_release() -> None:
    kept = merged(Kept(), said(want(seq=7, number=10)))
    assert merged(kept, said(want(seq=6, number=11))).wants == (want(seq=6, number=11),)


@pytest.mark.parametrize("number", [9, 10])
def test_a_number_that_is_not_higher_says_nothing_new(number: int) -> None:
    kept = merged(Kept(), said(want(seq=7, number=10)))
    assert merged(kept, said(want(seq=8, number=number))) == kept


def test_a_bundle_that_is_not_named_stays_as_it_is() -> None:
    kept = merged(Kept(), said(want("layanan"), want("agent")))
    assert merged(kept, said(want("layanan", 2, 2))).wants == (
        want("agent"),
        want("layanan", 2, 2),
    )


def test_the_address_is_the_one_said_last() -> None:
    kept = merged(Kept(), said(url="https://a.example"))
    assert merged(kept, said()).url == ""


def test_more_bundles_than_a_birth_can_tell_are_not_taken() -> None:
    kept = merged(Kept(), said(*(want(f"bundle-{n:02}") for n in range(MOST))))
    assert merged(kept, said(want("zz"))) == kept
    newer = want("bundle-03", 2, 2)
    assert newer in merged(kept, said(newer)).wants


@given(st.lists(sayings.wants, max_size=4))
def test_no_word_takes_a_bundle_back_to_a_lower_number(words: list[Wants]) -> None:
    kept, highest = Kept(), dict[str, int]()
    for word in words:
        kept = merged(kept, word)
        for one in word.wants:
            highest[one.bundle] = max(highest.get(one.bundle, one.number), one.number)
    assert {one.bundle: one.number for one in kept.wants} == highest


@given(sayings.wants)
def test_the_same_word_again_changes_nothing(word: Wants) -> None:
    kept = merged(Kept(), word)
    assert merged(kept, word) == kept


def test_row_51_what_a_key_has_said_that_counts_no_more_is_forgotten_numbers_too() -> None:
    theft = said(want(number=2**53), *(want(f"junk-{n:02}") for n in range(MOST - 1)))
    kept = merged(Kept(), theft, "stolen")
    assert wanted.believed(kept, {"stolen", "other"}) is kept
    after = merged(wanted.believed(kept, {"new"}), said(want(seq=2, number=7)), "new")
    assert after.wants == (want(seq=2, number=7),)


def test_row_46_an_older_word_to_the_same_birth_does_not_bring_its_address_back() -> None:
    kept = merged(Kept(), said(want(number=1), url="https://old.example"))
    kept = merged(kept, said(want(number=2), url="https://new.example"))
    assert merged(kept, said(want(number=1), url="https://old.example")) == kept


def test_it_outlives_the_process(tmp_path: Path) -> None:
    kept = merged(Kept(), said(want(), url="https://a.example"))
    wanted.write(tmp_path / "content", kept)
    assert wanted.read(tmp_path / "content") == kept


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"wants":[{}]}', b"\xff"])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / wanted.NAME).write_bytes(content)
    assert wanted.read(tmp_path) == Kept()
