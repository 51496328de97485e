"""Receipt numbers: told apart, read however they are written, and never mistaken for another."""

import contextlib
import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service import days, receipt
from wire.service.receipt import LETTERS, NotANumber
from wire.submission import Head

kiosks = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=32)
counters = st.one_of(st.integers(1, 10_000), st.integers(1, receipt.MOST_COUNT))
dates = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
numbers = st.builds(
    lambda kiosk, counter, day: receipt.number(kiosk, counter, days.parse(str(day))),
    kiosks, counters, dates,
)  # fmt: skip


def bare(number: str) -> str:
    return number.replace("-", "")


@given(numbers)
def test_a_number_is_read_as_it_was_written(number: str) -> None:
    assert receipt.read(number) == number


@given(numbers, st.sampled_from([" ", "-", "", " - ", "\u2013", "\u00a0"]))
def test_hyphens_spaces_and_small_letters_are_forgiven(number: str, between: str) -> None:
    assert receipt.read(f" {number.lower().replace('-', between)} ") == number


@given(numbers)
def test_letters_that_look_like_digits_are_forgiven(number: str) -> None:
    assert receipt.read(number.replace("0", "O").replace("1", "I")) == number
    assert receipt.read(number.lower().replace("0", "o").replace("1", "l")) == number


@given(numbers, st.data())
def test_one_wrong_letter_is_always_noticed(number: str, data: st.DataObject) -> None:
    text = bare(number)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([each for each in LETTERS if each != text[at]]))
    with pytest.raises(NotANumber):
        receipt.read(text[:at] + other + text[at + 1 :])


def test_every_wrong_letter_and_every_swap_of_one_number_is_noticed() -> None:
    text = bare(receipt.number("kiosk-0001", 42, days.date(2026, 11, 22)))
    wrong = {text[:at] + each + text[at + 1 :] for at in range(len(text)) for each in LETTERS}
    for first in range(len(text)):
        for second in range(first):
            letters = list(text)
            letters[first], letters[second] = letters[second], letters[first]
            wrong.add("".join(letters))
    for mistyped in wrong - {text}:
        with pytest.raises(NotANumber):
            receipt.read(mistyped)


@given(numbers, st.data())
def test_two_letters_that_changed_places_are_always_noticed(
    number: str, data: st.DataObject
) -> None:
    letters = list(bare(number))
    first = data.draw(st.integers(0, len(letters) - 2))
    second = data.draw(st.integers(first + 1, len(letters) - 1))
    letters[first], letters[second] = letters[second], letters[first]
    if "".join(letters) != bare(number):
        with pytest.raises(NotANumber):
            receipt.read("".join(letters))


@given(st.text(max_size=80))
def test_anything_else_is_refused(text: str) -> None:
    with contextlib.suppress(NotANumber):
        assert receipt.read(receipt.read(text)) == receipt.read(text)


@pytest.mark.parametrize("text", ["", "nomor saya", "261122-0042-K7Q3M-R", "261322-0042-K7Q3M-R"])
def test_a_refusal_says_what_to_do_in_three_languages(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        receipt.read(text)
    says = refused.value.says
    assert len({says.id, says.su, says.en}) == 3


def test_a_pasted_book_is_refused_at_once() -> None:
    with pytest.raises(NotANumber):
        receipt.read("261122-0042-K7Q3M-R" * 100_000)


@given(kiosks, st.integers(1, 9_999_999), dates)
def test_no_two_counts_of_a_kiosk_are_one_number(kiosk: str, count: int, day: object) -> None:
    today = days.parse(str(day))
    assert receipt.number(kiosk, count, today) != receipt.number(kiosk, count + 1, today)


def test_kiosks_have_letters_of_their_own() -> None:
    day = days.date(2026, 11, 22)
    made = {receipt.number(f"kiosk-{n:04}", 1, day)[12:17] for n in range(200)}
    assert len(made) == 200


@given(numbers)
def test_a_number_fits_the_record_it_stands_on(number: str) -> None:
    pattern = next(
        meta.pattern for meta in Head.__annotations__["number"].__metadata__ if meta.pattern
    )
    assert re.search(pattern, number)


@pytest.mark.parametrize(
    "body", ["2613220042K7Q3M", "2602300042K7Q3M", "2611220000K7Q3M", "26112200042K7Q3M"]
)
def test_a_number_that_no_kiosk_gives_is_refused_though_its_letter_fits(body: str) -> None:
    refused = 0
    for letter in LETTERS:  # one of them fits
        with pytest.raises(NotANumber):
            receipt.read(body + letter)
        refused += 1
    assert refused == len(LETTERS)


@pytest.mark.parametrize("counter", [0, -1, receipt.MOST_COUNT + 1])
def test_a_count_that_cannot_be_written_is_refused(counter: int) -> None:
    with pytest.raises(ValueError, match="count"):
        receipt.number("kiosk-0001", counter, days.date(2026, 11, 22))


def test_a_kiosk_whose_clock_is_in_another_century_gives_no_number() -> None:
    with pytest.raises(ValueError, match="clock"):
        receipt.number("kiosk-0001", 1, days.date(1970, 1, 1))
