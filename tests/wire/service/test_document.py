"""Service packs are read as they were written, and refused with the place of what is wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import service
from wire.errors import MalformedMessage
from wire.service.document import MOST, STATES, Words, read
from wire.service.tenant import encode


def test_a_pack_is_read_as_it_was_written() -> None:
    assert read(encode(service())) == service()


def test_the_same_pack_is_always_the_same_bytes() -> None:
    assert encode(service()) == encode(read(encode(service())))


@given(st.binary(max_size=200))
def test_row_13_what_is_no_pack_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read(text)


@given(st.integers(1, 3000))
def test_row_13_a_pack_that_was_cut_off_is_refused(at: int) -> None:
    whole = encode(service())
    with pytest.raises(MalformedMessage):
        read(whole[: at % (len(whole) - 1)])


def test_row_13_a_pack_of_more_than_its_limit_is_refused_unread() -> None:
    with pytest.raises(MalformedMessage) as refused:
        read(b" " * (MOST + 1))
    assert refused.value.reason == "too_large"


def test_row_13_brackets_without_end_are_refused() -> None:
    with pytest.raises(MalformedMessage):
        read(b"[" * 100_000)


def test_a_refusal_says_where() -> None:
    written = json.loads(encode(service()))
    written["fields"][1]["kind"] = "gambar"
    with pytest.raises(MalformedMessage) as refused:
        read(json.dumps(written).encode())
    assert "$.fields[1].kind" in refused.value.detail


@pytest.mark.parametrize(
    ("language", "text"), [("id", "Satu"), ("su", "Hiji"), ("en", "Satu"), ("nl", "Satu")]
)
def test_a_language_nobody_wrote_is_the_indonesian(language: str, text: str) -> None:
    assert Words("Satu", su="Hiji").of(language) == text


def test_a_pack_is_a_sample_until_it_has_a_decree() -> None:
    assert service().is_sample
    assert service(decree="  ").is_sample
    assert not service(decree="SK 1/2026").is_sample


def test_states_are_named_once() -> None:
    assert len(set(STATES)) == len(STATES)
