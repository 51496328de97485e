"""What a sample of pixels says."""

import os

from hypothesis import given
from hypothesis import strategies as st

from agent.probes.screen_look import ROWS, judge, sampled_rows


def a_picture(pixel: bytes, width: int = 40, height: int = 10) -> list[bytes]:
    return [pixel * width] * height


def is_black(rows: list[bytes]) -> bool | None:
    picture = judge(rows, 4, channels=True)
    assert picture
    return picture.black


def test_one_colour_all_over_is_no_picture_whatever_the_colour() -> None:
    for colour in (b"\0\0\0\0", b"\xff\xff\xff\0", b"\x10\x80\xf0\0"):
        assert is_black(a_picture(colour))


def test_noise_too_dark_to_be_seen_is_black() -> None:
    rows = [bytes(b % 16 for b in os.urandom(160)) for _ in range(10)]
    assert is_black(rows)


def test_one_bright_point_is_a_picture() -> None:
    rows = a_picture(b"\0\0\0\0")
    rows[7] = rows[7][:80] + b"\0\x20\0\0" + rows[7][84:]
    assert not is_black(rows)


def test_without_known_channels_dark_is_only_what_is_of_one_colour() -> None:
    rows = [b"\x01\x02" * 5 + b"\x03\x02" * 5] * 3
    picture = judge(rows, 2, channels=False)
    assert picture
    assert picture.black is False


def test_another_picture_has_another_digest_and_the_same_the_same() -> None:
    one, two = a_picture(b"\1\2\3\0"), a_picture(b"\1\2\4\0")
    digests = [judge(rows, 4, channels=True) for rows in (one, two, one)]
    assert digests[0] == digests[2] != digests[1]
    assert len((digests[0] or digests[1] or ("",))[0]) == 8


def test_no_rows_are_no_picture() -> None:
    assert judge([], 4, channels=True) is None
    assert judge([b""], 4, channels=True) is None


@given(st.integers(0, 20_000))
def test_rows_lie_in_the_picture_evenly_and_are_few(height: int) -> None:
    rows = sampled_rows(height)
    assert len(rows) <= ROWS
    assert all(0 <= y < height for y in rows)
    assert bool(rows) == bool(height)


@given(st.lists(st.binary(min_size=8, max_size=8), max_size=5), st.booleans())
def test_any_rows_can_be_judged(rows: list[bytes], channels: bool) -> None:  # noqa: FBT001
    picture = judge(rows, 4, channels=channels)
    assert (picture is None) == (not rows)
