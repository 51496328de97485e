"""The agents' sentences: said in Indonesian, or left and marked; the table holds what they say."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.console.sayings import Piece, Sayings
from dashboards.console.texts import FOLDER

TABLE: dict[str, str] = tomllib.loads((FOLDER / "said.id.toml").read_text())["said"]
AGENT = "\n".join(
    path.read_text() for path in Path(__file__).parents[3].joinpath("agent").rglob("*.py")
)
COMPOSED = {
    "The printer may not exist or is unavailable at this time.",  # CUPS's own
    "the kernel knows no graphics output",
    "the kernel knows no connector {name}",
    "nothing was heard of it for {number} s and was stopped",
    "{number} people must agree, {number2} did",  # of wire/, which both sides share
    "boot {name} came back after boot {name2}",  # the controller's own, of two machines
}
SAYINGS = Sayings(TABLE)


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
    words = re.split(r"\{\w+\}|, |: |[()]", english)
    assert [word for word in words if word.strip() and word.strip() not in AGENT] == []


@given(st.lists(st.sampled_from([*TABLE, "; ", ": ", "x", "7", "{", "}", "<b>"])).map("".join))
def test_row_67_whatever_an_agent_says_is_shown_not_lost(sentence: str) -> None:
    assert bool(say(sentence[:300])) == bool(sentence)
