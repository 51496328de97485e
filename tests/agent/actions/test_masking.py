"""No citizen's number leaves a kiosk, however it was written."""

import re
import time
import urllib.parse

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.actions.masking import mask

NUMBERS = [
    "3273010203450001",
    "3273 0102 0345 0001",
    "32.73.01.020345.0001",
    "3273-0102-0345-0001",
    "3273%200102%200345%200001",
    "3273+0102+0345+0001",
    "3273\u200b0102\u200b0345\u200b0001",  # signs that nobody sees
    "3273\u00ad0102\u00ad0345\u00ad0001",
    "3273\u22120102\u22120345\u22120001",
    "32 73 010 001 002 0034 0",  # NOP, 18
    "32.73.010.001.002-0034.0",
    "8120111022933",  # NIB
    "812 0111 022 933",
    "081234567890",
    "0812-3456-7890",
    "+62 812 3456 7890",
    "(022) 4231234",
    "+6281234567890",
]
PLAIN = [
    "2026-11-22T06:30:02+0700 kiosk anjungan-agent[1234]: connected",
    "192.168.100.20:8883 refused",
    "Started anjungan-queue@kiosk.service",
    "/dev/sda1 1048576 KiB",
    "took 12.5 ms, pid 40211",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ["{}", "nik={}", "pid 7 {}", '"{}"', "x{}y", "a@b {}!"])
def test_numbers_are_masked_however_they_are_written(number: str, around: str) -> None:
    masked = mask(around.format(number))
    assert masked.found == 1
    assert "[number]" in masked.text
    assert not re.search(r"\d{5}", masked.text)


@pytest.mark.parametrize("line", PLAIN)
def test_a_log_can_still_be_read(line: str) -> None:
    assert mask(line) == (line, 0)


@pytest.mark.parametrize("mail", ["siti@example.co.id", "s.i+x@mail.example", "siti%40example.id"])
def test_mail_addresses_are_masked(mail: str) -> None:
    assert mask(f"to {mail}, sent") == ("to [e-mail], sent", 1)


separators = st.sampled_from(["", "", " ", ".", "-", "/", "%20", "+", " - ", "\u00a0"])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
       st.lists(st.tuples(st.sampled_from("0123456789"), separators), min_size=16, max_size=18),
       st.text(st.characters(exclude_categories=["Cs"]), max_size=20))  # fmt: skip
def test_no_number_of_sixteen_digits_is_left(
    before: str, digits: list[tuple[str, str]], after: str
) -> None:
    # A mark of per cent before it would make its first digits part of an escape.
    assume(not before.endswith("%") and before[-2:-1] != "%")
    number = "".join(digit + between for digit, between in digits)
    text = mask(before + number + after).text
    assert "".join(digit for digit, _ in digits) not in re.sub(r"\D", "", text)


@given(st.from_regex(r"[1-9][0-9]{15}", fullmatch=True))
def test_an_escaped_form_is_masked_too(number: str) -> None:
    spaced = " ".join(number[at : at + 4] for at in range(0, 16, 4))
    assert mask(urllib.parse.quote(spaced)).text == "[number]"


@given(st.integers(min_value=3900, max_value=4100))
def test_a_number_at_the_cut_of_a_long_line_is_not_left_in_half(place: int) -> None:
    line = "x " * (place // 2) + "3273010203450001 " + "y " * 3000
    text = mask(line).text
    assert not re.search(r"\d", text)


@pytest.mark.parametrize("line", ["a" * 500_000, "1 " * 250_000, "%20" * 200_000, "a@" * 200_000,
                                  "1.a@" * 100_000, "(" * 400_000])  # fmt: skip
def test_no_line_takes_long(line: str) -> None:
    began = time.process_time()
    mask(line)
    assert time.process_time() - began < 2
