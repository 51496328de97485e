"""The agents' sentences: said in Indonesian, or left and marked; the table holds what they say."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.console import words
from dashboards.console.sayings import Piece, Sayings
from dashboards.console.texts import FOLDER, load

SAID = tomllib.loads((FOLDER / "said.id.toml").read_text())
TABLE: dict[str, str] = SAID["said"]
OFFICE: dict[str, str] = SAID["office"]
ROOT = Path(__file__).parents[3]


def source(*rooms: str) -> str:
    """Everything that is written in these rooms."""
    every = (path for room in rooms for path in ROOT.joinpath(room).rglob("*.py"))
    return "\n".join(path.read_text() for path in every)


AGENT = source("agent")
ROLLS = source("controller/rollouts", "controller/releases", "controller/jobs") + (
    " others do not serve: others went back or are silent failed to install"  # put together there
)
COMPOSED = {
    "The printer may not exist or is unavailable at this time.",  # CUPS's own
    "the kernel knows no graphics output",
    "the kernel knows no connector {name}",
    "nothing was heard of it for {number} s and was stopped",
    "{number} people must agree, {number2} did",  # of wire/, which both sides share
    "boot {name} came back after boot {name2}",  # the controller's own, of two machines
}
SAYINGS = Sayings(TABLE | OFFICE)


def said(sentence: str) -> str:
    """As a page says it."""
    return "".join(piece.text for piece in words.said(sentence, load()["id"]))


def say(sentence: str) -> str:
    """English that stays is in brackets."""
    pieces = SAYINGS.say(sentence, lambda _kind, _text: None)
    return "".join(f"[{piece.text}]" if piece.foreign else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        (
            "no display server is configured; the kernel knows no graphics output",
            "server tampilan belum diatur; mesin ini tidak punya keluaran layar",
        ),
        ("the page is silent for 2 s", "halaman diam selama 2 detik"),
        ("the page cannot be asked: the page is changing",
         "halaman tidak dapat ditanya: halaman sedang berganti"),
        ("the printer cannot be reached: [Errno 111] Connection refused",
         "printer tidak terjangkau: [[Errno 111] Connection refused]"),
        ("/: 94 % used, 3900 MiB free", "/: terpakai 94%, sisa 3900 MiB"),
        ("running on battery, 64 % left", "berjalan dengan baterai, sisa 64%"),
        ("the moon is full; the screen is switched off",
         "[the moon is full]; layar dipadamkan"),
        ("media-empty", "media-empty"),
        ("", ""),
    ],
)  # fmt: skip
def test_known_sentences_are_said_again_and_others_are_marked(
    english: str, indonesian: str
) -> None:
    assert say(english) == indonesian


def test_the_caller_words_the_fields_it_knows() -> None:
    pieces = SAYINGS.say("the printer says media-low", lambda kind, text: f"<{kind} {text}>")
    assert pieces == (Piece("printer melaporkan: "), Piece("<reasons media-low>"))


@pytest.mark.parametrize("english", sorted(TABLE.keys() - COMPOSED))
def test_every_sentence_of_the_table_is_one_an_agent_says(english: str) -> None:
    parts = re.split(r"\{\w+\}|, |: |[()]", english)
    assert [word for word in parts if word.strip() and word.strip() not in AGENT] == []


@pytest.mark.parametrize("english", sorted(OFFICE))
def test_every_sentence_of_the_office_is_one_it_says(english: str) -> None:
    parts = re.split(r"\{\w+\}|, |: |[()]", english)
    assert [part for part in parts if part.strip() and part.strip() not in ROLLS] == []


def test_the_gates_reasons_are_said_with_their_numbers() -> None:
    assert said("of 40 kiosks 3 went back, 2 silent: the limit is 20 %") == (
        "dari 40 anjungan 3 kembali, 2 tidak terdengar: batasnya 20%"
    )
    harm = "3 of 3 updated kiosks went back by themselves: the chance of that without harm is"
    assert said(f"{harm} 4.3e-05, the limit 0.0048") == (
        "3 dari 3 anjungan yang diperbarui kembali sendiri: peluangnya tanpa kerusakan "
        "0,0043%, batasnya 0,48%"
    )


PARTS = (*TABLE, *OFFICE, "; ", ": ", "x", "7", "{", "}", "<b>")


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_row_67_whatever_an_agent_says_is_shown_not_lost(sentence: str) -> None:
    assert bool(say(sentence[:300])) == bool(sentence)
