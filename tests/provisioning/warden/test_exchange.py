"""Lists go out whole and in order; an answer is read or is none."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.warden.exchange import Answer, Exchange
from tests.support.authority import NOW


def want(exchange: Exchange, now: int = NOW) -> int:
    return exchange.want(b"PEM", 7, ["k-2", "k-1"], ["k-2"], revoked=3, now=now)


def test_what_is_wanted_lies_in_a_file_named_by_its_stamp(tmp_path: Path) -> None:
    stamp = want(Exchange(tmp_path / "exchange"))
    path = tmp_path / "exchange" / "wanted" / f"{stamp:020d}.json"
    assert json.loads(path.read_bytes()) == {
        "stamp": stamp,
        "crl": "PEM",
        "crl_number": 7,
        "denied": ["k-1", "k-2"],
        "drop": ["k-2"],
        "revoked": 3,
    }


def test_stamps_increase_whatever_the_clock_does(tmp_path: Path) -> None:
    first = Exchange(tmp_path)
    stamps = [want(first, now) for now in (NOW, NOW, NOW - 5000)]
    stamps.append(want(Exchange(tmp_path), 5))
    (tmp_path / "answer.json").write_text(json.dumps({"stamp": NOW * 2, "ok": True}))
    stamps.append(want(Exchange(tmp_path), 5))
    assert stamps == sorted(set(stamps))
    assert stamps[-1] > NOW * 2


def test_a_keeper_that_is_away_does_not_find_years_of_lists(tmp_path: Path) -> None:
    exchange = Exchange(tmp_path)
    newest = [want(exchange) for _ in range(20)][-1]
    left = sorted(path.name for path in (tmp_path / "wanted").iterdir())
    assert len(left) <= 4
    assert left[-1] == f"{newest:020d}.json"


def test_an_answer_is_read(tmp_path: Path) -> None:
    exchange = Exchange(tmp_path)
    assert exchange.answer() is None
    said = {"stamp": 5, "ok": False, "why": "no", "at": NOW, "crl_number": 7, "news": 1}
    (tmp_path / "answer.json").write_text(json.dumps(said))
    assert exchange.answer() == Answer(5, ok=False, why="no", at=NOW, crl_number=7)


@given(st.binary(max_size=60))
def test_what_cannot_be_read_is_no_answer(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes
) -> None:
    folder = tmp_path_factory.mktemp("exchange")
    exchange = Exchange(folder)
    (folder / "answer.json").write_bytes(garbage)
    assert exchange.answer() is None


def test_a_pipe_or_a_link_in_the_answers_place_is_no_answer(tmp_path: Path) -> None:
    exchange = Exchange(tmp_path)
    os.mkfifo(tmp_path / "answer.json")
    assert exchange.answer() is None
    (tmp_path / "answer.json").unlink()
    (tmp_path / "elsewhere").write_text('{"stamp": 5, "ok": true}')
    (tmp_path / "answer.json").symlink_to(tmp_path / "elsewhere")
    assert exchange.answer() is None


@pytest.mark.parametrize("name", ["stamp", "at", "crl_number"])
@pytest.mark.parametrize("value", [-1, 2**63, 10**30])
def test_an_answer_with_numbers_no_database_holds_is_none(
    tmp_path: Path, name: str, value: int
) -> None:
    said = {"stamp": 5, "ok": True, "at": NOW, "crl_number": 7, name: value}
    (tmp_path / "answer.json").write_text(json.dumps(said))
    exchange = Exchange(tmp_path)
    assert exchange.answer() is None
    assert want(exchange) == NOW


def test_a_wanted_file_from_beyond_all_time_neither_stops_the_warden_nor_hides_its_own(
    tmp_path: Path,
) -> None:
    exchange = Exchange(tmp_path)
    for stamp in (10**20 - 1, 2**64):
        (tmp_path / "wanted" / f"{stamp:020d}.json").write_bytes(b"x")
    (tmp_path / "answer.json").write_text(json.dumps({"stamp": 2**53 + 9, "ok": True}))
    stamp = want(exchange)
    assert stamp == NOW
    assert [path.name for path in (tmp_path / "wanted").iterdir()] == [f"{stamp:020d}.json"]


def test_what_a_keeper_says_is_short_and_printable(tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text(
        json.dumps({"stamp": 5, "ok": False, "why": "a\x00\x1b[2J" + "b" * 9999})
    )
    answer = Exchange(tmp_path).answer()
    assert answer is not None
    assert answer.why.isprintable()
    assert len(answer.why) == 300
