"""What office and kiosk tell each other of citizens: whole again, bounded, and about no person."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from wire.citizen import (
    MOST_SYNC,
    Answer,
    Call,
    Called,
    Coming,
    Issued,
    Notice,
    Question,
    RecordKey,
    Reported,
    Standing,
    Sync,
    Told,
    Visit,
)
from wire.service.document import STATES, Words

NUMBER = "261122-0042-K7Q3M-R"
ID = "0" * 32
millis = st.integers(0, 2**45)
standings = st.builds(
    Standing,
    number=st.just(NUMBER),
    service=st.just("KEC-SKTM"),
    state=st.sampled_from(STATES),
    since=millis,
    due=millis,
    why=st.text(max_size=500),
    file_number=st.text(max_size=80),
)
visits = st.builds(
    Visit,
    uid=st.text(max_size=120),
    starts=millis,
    ends=millis,
    district=st.just("32.73.05"),
    village=st.sampled_from(["32.73.05.1001"]),
    place=st.text(max_size=200),
    services=st.lists(st.just("DUK-KIA"), max_size=3).map(tuple),
    quota=st.integers(0, 100),
    cancelled=st.booleans(),
)
syncs = st.builds(
    Sync,
    at=millis,
    standings=st.lists(standings, max_size=3).map(tuple),
    visits=st.lists(visits, max_size=3).map(tuple),
    called=st.just((Called(day="2026-11-22", letter="A", number=7),)),
    notices=st.lists(
        st.builds(
            Notice,
            words=st.builds(Words, st.text(min_size=1, max_size=50)),
            starts=millis,
            ends=millis,
        ),
        max_size=3,
    ).map(tuple),
    coming=st.one_of(st.none(), st.just(Coming(id=ID, state="taken", since=3))),
)
SAID = [
    Told(issued=(Issued(day="2026-11-22", letter="A", number=12),), waiting=3, oldest=1),
    RecordKey(public="cHVibGlr", made_at=1),
    Question(id=ID, number=NUMBER, tail="5678"),
    Call(id=ID, page="perizinan"),
    Answer(id=ID, found=False, wait_s=60),
    Reported(category="jalan", village="32.73.05.1001", count=2, newest=1, number=NUMBER),
]


@given(syncs)
def test_news_for_citizens_come_back_as_they_were_said(sync: Sync) -> None:
    assert msgspec.json.decode(msgspec.json.encode(sync), type=Sync) == sync


@pytest.mark.parametrize("said", SAID, ids=lambda said: type(said).__name__)
def test_what_a_kiosk_says_comes_back(said: Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(said), type=type(said)) == said


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Question, {"id": ID, "number": NUMBER, "tail": "567"}),
        (Question, {"id": ID, "number": NUMBER, "tail": "5678\n"}),
        (Question, {"id": "x", "number": NUMBER, "tail": "5678"}),
        (Question, {"id": ID, "number": "' or 1=1", "tail": "5678"}),
        (Standing, {"number": NUMBER, "service": "X", "state": "hilang", "since": 1}),
        (Standing, {"number": NUMBER, "service": "X", "state": "ready\n", "since": 1}),
        (Sync, {"at": 1, "v": 2}),
        (Told, {"waiting": -1}),
    ],
)
def test_row_13_what_is_none_of_them_is_refused(kind: type[Struct], text: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(text), type=kind)


@given(st.binary(max_size=120))
def test_row_13_any_bytes_are_news_or_refused(text: bytes) -> None:
    try:
        assert isinstance(msgspec.json.decode(text, type=Sync), Sync)
    except (msgspec.MsgspecError, ValueError) as error:
        assert str(error)  # noqa: PT017 - which of the two happens is drawn


def test_what_is_said_between_releases_has_no_room_for_a_person() -> None:
    fields = {
        name
        for kind in (Sync, Standing, Visit, Reported, Called, Told, Issued, Answer)
        for name in kind.__struct_fields__
    }
    assert not fields & {"name", "nik", "kk", "phone", "contact", "address", "fields", "tail"}


def test_the_largest_news_fit_their_limit() -> None:
    standing = Standing(number=NUMBER, service="KEC-SKTM", state="ready", since=1)
    sync = Sync(at=1, standings=(standing,) * 5_000)
    assert len(msgspec.json.encode(sync)) <= MOST_SYNC
