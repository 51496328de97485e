"""Records, acknowledgements and keys as they travel: one writing each, and nothing else is read."""

import base64
import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import submission
from wire.errors import MalformedMessage
from wire.submission import BUCKET, MOST_HEAD, MOST_RECORD, Ack, Head, Keys, canonical

SIGNATURE = bytes(range(64))


def a_head(sealed: bytes = b"sealed", **changed: object) -> Head:
    made = Head(
        kiosk="bandung-coblong-01",
        id="a" * 32,
        number="261122-0042-K7Q3M-R",
        kind="apply",
        service="KTP-EL",
        revision=1,
        tenant="32.73",
        site="32.73.05",
        place="32.73.05.1001",
        made_at=1_795_330_800_000,
        clock="sure",
        seal="0" * 16,
        key="1" * 16,
        sha256=hashlib.sha256(sealed).hexdigest(),
    )
    return msgspec.structs.replace(made, **changed)


@given(st.binary(max_size=3_000))
def test_a_record_is_read_as_it_was_written(sealed: bytes) -> None:
    head = a_head(sealed)
    record = submission.read(submission.write(head, SIGNATURE, sealed))
    assert (record.head, record.sealed) == (head, sealed)
    assert record.head_bytes == canonical(head)
    assert base64.b64decode(record.signature) == SIGNATURE


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused_in_one_way(raw: bytes) -> None:
    with pytest.raises(MalformedMessage):
        submission.read(raw)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_row_61_a_record_of_which_one_byte_changed_is_none_or_has_another_signature_to_check(
    at: int, change: int
) -> None:
    sealed = b"sealed" * 9
    good = submission.write(a_head(sealed), SIGNATURE, sealed)
    raw = bytearray(good)
    raw[at % len(raw)] ^= change
    try:
        record = submission.read(bytes(raw))
    except MalformedMessage:
        return
    first = submission.read(good)
    assert record.sealed == first.sealed
    assert (record.head_bytes, record.signature) != (first.head_bytes, first.signature)


@given(st.integers(0, 500))
def test_row_61_a_record_that_was_cut_off_is_none(length: int) -> None:
    sealed = b"sealed" * 9
    good = submission.write(a_head(sealed), SIGNATURE, sealed)
    with pytest.raises(MalformedMessage):
        submission.read(good[: min(length, len(good) - 1)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "ask"},
        {"service": "ktp"},
        {"place": "32.73.05.10"},
        {"number": "short"},
        {"revision": 0},
        {"id": "A" * 32},
        {"category": "x; drop"},
        {"clock": "perhaps"},
    ],
)
def test_a_head_that_says_what_no_kiosk_says_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedMessage):
        submission.read(submission.write(a_head(**wrong), SIGNATURE, b"sealed"))


def test_a_second_writing_of_a_head_is_none() -> None:
    good = submission.write(a_head(), SIGNATURE, b"sealed")
    for other in (
        b" " + good,
        good.replace(b'"v":1', b'"v":1,"w":2'),
        good.replace(b":1,", b": 1,"),
    ):
        with pytest.raises(MalformedMessage):
            submission.read(other)


def test_a_record_has_an_end() -> None:
    for size in (MOST_RECORD, MOST_RECORD * 2):
        sealed = bytes(size)
        with pytest.raises(MalformedMessage):
            submission.read(submission.write(a_head(sealed), SIGNATURE, sealed))
    with pytest.raises(MalformedMessage):
        submission.read(b"x" * (MOST_HEAD + 2) + b"\n" + base64.b64encode(SIGNATURE) + b"\n")


@given(st.binary(max_size=3 * BUCKET))
def test_padding_hides_the_length_and_comes_off(plain: bytes) -> None:
    padded = submission.pad(plain)
    assert len(padded) % BUCKET == 0
    assert len(padded) - len(plain) <= BUCKET + 3
    assert submission.unpad(padded) == plain


@given(st.binary(max_size=2 * BUCKET) | st.binary(min_size=BUCKET, max_size=BUCKET))
def test_what_was_never_padded_is_refused_or_pads_to_itself(raw: bytes) -> None:
    try:
        plain = submission.unpad(raw)
    except MalformedMessage:
        return
    assert submission.pad(plain) == raw or len(raw) > len(submission.pad(plain))


def test_what_sealing_is_bound_to_differs_with_every_part_of_the_head_it_names() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"kiosk": "other-kiosk"},
        {"id": "b" * 32},
        {"number": "2" * 8},
        {"service": "KK-BARU"},
        {"revision": 2},
        {"seal": "2" * 16},
    ]
    assert len({submission.info(a_head(**change)) for change in changes}) == len(changes)


def test_an_acknowledgement_is_read_in_its_one_writing_only() -> None:
    ack = Ack(kiosk="k-1", id="a" * 32, sha256="b" * 64, outcome="accepted", at=0)
    text = canonical(ack).decode()
    assert submission.read_ack(text) == ack
    for other in (text + " ", text.replace('"at":0', '"at":00'), text[:-1] + ',"x":1}', "[]", ""):
        with pytest.raises(MalformedMessage):
            submission.read_ack(other)


@given(st.text(max_size=300))
def test_whatever_is_said_is_no_acknowledgement(text: str) -> None:
    with pytest.raises(MalformedMessage):
        submission.read_ack(text)


@given(st.binary(max_size=200))
def test_keys_are_read_or_refused_in_one_way(text: bytes) -> None:
    try:
        assert isinstance(submission.read_keys(text), Keys)
    except MalformedMessage:
        return


def test_the_signed_texts_of_a_record_and_of_an_acknowledgement_are_never_one() -> None:
    assert submission.to_sign(b"x") != submission.ack_to_sign("x")
