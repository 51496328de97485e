"""Chunks and packs as they travel: whole again in whatever pieces they come, or refused."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.content import MOST_CHUNK
from wire.errors import MalformedMessage
from wire.pack import (
    DELTA,
    MAGIC,
    MOST_BASES,
    MOST_BODY,
    RAW,
    ZSTD,
    Entry,
    Reader,
    read_chunk,
    write_chunk,
    write_entry,
)

names = st.binary(min_size=32, max_size=32).map(bytes.hex)
bodies = st.binary(min_size=1, max_size=200)
entries = st.builds(
    lambda tag, sha256, plain, body, bases: Entry(
        tag, sha256, plain, body, tuple(bases) if tag == DELTA else ()
    ),
    st.sampled_from([RAW, ZSTD, DELTA]),
    names,
    st.integers(1, MOST_CHUNK),
    bodies,
    st.lists(names, min_size=1, max_size=MOST_BASES),
)


def name(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def one(tag: bytes = RAW, plain: int = 1, body: bytes = b"x", *bases: str) -> bytes:
    return write_entry(Entry(tag, name(b"x"), plain, body, bases))


@given(st.sampled_from([RAW, ZSTD]), st.binary(max_size=300))
def test_a_chunk_alone_comes_back(tag: bytes, body: bytes) -> None:
    assert read_chunk(write_chunk(tag, body)) == (tag, body)


@pytest.mark.parametrize("stored", [b"", b"Q", b"D" + b"x" * 50, b"r", RAW + bytes(MOST_BODY + 1)])
def test_row_13_what_is_no_chunk_or_too_large_is_refused(stored: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_chunk(stored)


@given(st.lists(entries, max_size=5), st.lists(st.integers(0, 2000), max_size=6))
@settings(deadline=None)
def test_a_pack_comes_back_in_whatever_pieces(given_: list[Entry], cuts: list[int]) -> None:
    body = MAGIC + b"".join(map(write_entry, given_))
    ends = sorted({min(cut, len(body)) for cut in cuts} | {len(body)})
    reader, found, at = Reader(), [], 0
    for end in ends:
        found += list(reader.feed(body[at:end]))
        at = end
    assert found == given_
    assert reader.whole
    assert reader.taken == len(body)


@given(st.lists(entries, min_size=2, max_size=4), st.data())
@settings(deadline=None)
def test_a_later_reader_goes_on_where_an_entry_began(
    given_: list[Entry], data: st.DataObject
) -> None:
    body = MAGIC + b"".join(map(write_entry, given_))
    cut = data.draw(st.integers(len(MAGIC), len(body)))
    first = Reader()
    found = list(first.feed(body[:cut]))
    second = Reader(first.taken)
    found += list(second.feed(body[first.taken :]))
    assert found == given_


def test_a_pack_that_was_cut_is_not_whole() -> None:
    body = MAGIC + one() + one()
    for end in range(len(body)):
        reader = Reader()
        list(reader.feed(body[:end]))
        assert reader.whole == (end in (len(MAGIC), len(MAGIC) + len(one())))


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"anjungan-pack-2\n",
        MAGIC[:-1] + b"x",
        MAGIC + one(b"Q"),
        MAGIC + one(plain=0),
        MAGIC + one(plain=MOST_CHUNK + 1),
        MAGIC + one(body=b"") + b"x",
        MAGIC + one(ZSTD, 1, bytes(MOST_BODY + 1)),
        MAGIC + one(DELTA, 1, b"x"),
        MAGIC + one(DELTA, 1, b"x", *[name(b"y")] * (MOST_BASES + 1)),
    ],
)
def test_row_13_what_is_no_pack_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        list(Reader().feed(body))


def test_row_13_an_entry_that_claims_too_much_is_refused_before_it_comes() -> None:
    head = RAW + bytes(32) + (1).to_bytes(4, "big") + (2**32 - 1).to_bytes(4, "big")
    with pytest.raises(MalformedMessage):
        list(Reader().feed(MAGIC + head + b"x"))


@given(st.binary(max_size=400))
def test_rubbish_is_refused_or_waits_for_more(rubbish: bytes) -> None:
    reader = Reader()
    try:
        for entry in reader.feed(MAGIC + rubbish):
            assert len(entry.body) <= MOST_BODY
    except MalformedMessage:
        pass
