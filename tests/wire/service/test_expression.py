"""The expression language: a golden table of what conditions mean, and that nothing else happens.

The table is expressions.txt beside this file; whoever changes the language changes a line there.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import NIK
from wire.service import days
from wire.service.expression import (
    Answers,
    Expression,
    ExpressionError,
    Value,
    evaluate,
    holds,
    names,
    parse,
)

TODAY = days.date(2026, 11, 22)
ANSWERS: Answers = {
    "nik": NIK,
    "nama": "Warga Contoh",
    "status": "kawin",
    "jumlah": 3,
    "nol": 0,
    "benar": True,
    "salah": False,
    "pilihan": ("a", "b"),
    "lahir": "1990-10-20",
}
TABLE = [
    tuple(line.rsplit("=>", 1))
    for line in (Path(__file__).parent / "expressions.txt").read_text("utf-8").splitlines()
    if "=>" in line and not line.startswith("#")
]
GOOD = [condition.strip() for condition, result in TABLE if result.strip() != "error"]
values = st.one_of(
    st.text(max_size=20),
    st.dates().map(str),
    st.just(NIK),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
)
pieces = st.sampled_from(
    [*"()[],+-*<>='\"", "==", "!=", "<=", " ", "dan", "or", "not", "in", "umur", "hari_ini()",
     "kosong(", "nama", "jumlah", "1", "'a'", "ya", "≠", "\n", "x.y"]
)  # fmt: skip


@pytest.mark.parametrize(("condition", "result"), TABLE)
def test_a_condition_means_what_the_table_says(condition: str, result: str) -> None:
    if result.strip() == "error":
        with pytest.raises(ExpressionError):
            parse(condition)
    else:
        found = evaluate(parse(condition), ANSWERS, TODAY)
        assert json.dumps(found) == result.strip()


@given(st.sampled_from(GOOD), st.dictionaries(st.sampled_from(list(ANSWERS)), values))
def test_a_good_condition_has_an_answer_whatever_was_answered(
    condition: str, answers: dict[str, Value]
) -> None:
    found = evaluate(parse(condition), answers, TODAY)
    assert found is None or isinstance(found, str | int | tuple)


@given(st.lists(pieces, max_size=40).map(" ".join), st.dictionaries(st.text(max_size=5), values))
def test_pieces_in_any_order_are_a_condition_or_none(text: str, answers: dict[str, Value]) -> None:
    assert is_answered_or_refused(text, answers)


@given(st.text(max_size=600))
def test_any_text_is_a_condition_or_none(text: str) -> None:
    assert is_answered_or_refused(text, {})


def is_answered_or_refused(text: str, answers: Answers) -> bool:
    try:
        expression = parse(text)
    except ExpressionError as error:
        return 0 <= error.at <= len(text) and bool(error.says.id and error.says.en)
    evaluate(expression, answers, TODAY)
    return isinstance(expression, Expression)


@given(st.integers(1, 490))
def test_row_13_nested_too_deeply_is_refused_and_not_run_into(depth: int) -> None:
    for opened, inner, closed in (("(", "1", ")"), ("not ", "ya", ""), ("-", "1", "")):
        text = opened * depth + inner + closed * depth
        assert is_answered_or_refused(text, {})


@pytest.mark.parametrize("sign", ["+", "-", "*", "or", "and"])
def test_a_long_row_of_one_sign_runs_out_of_nothing(sign: str) -> None:
    text = f" {sign} ".join(["1"] * 80)
    assert evaluate(parse(text), {}, TODAY) is not None


def test_a_condition_of_more_than_its_limit_is_refused() -> None:
    with pytest.raises(ExpressionError) as refused:
        parse("a" * 501)
    assert "500" in refused.value.says.id


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("umur(nik) >= 17 dan status == 'kawin'", {"nik", "status"}),
        ("'a' in pilihan or kosong(x) or not (y + -z * 2 > 1)", {"pilihan", "x", "y", "z"}),
        ("isian.jumlah in [1]", {"isian.jumlah"}),
        ("hari_ini() == '2026-01-01'", set()),
    ],
)
def test_names_are_the_fields_it_asks_for(text: str, asked: set[str]) -> None:
    assert names(parse(text)) == asked


def test_a_blank_condition_holds_always() -> None:
    assert holds("", {}, TODAY)
    assert holds("  ", {}, TODAY)
    assert not holds("ada == 'x'", {}, TODAY)


def test_what_does_not_hold_for_an_empty_answer_is_not_guessed() -> None:
    assert not holds("jumlah < 5", {}, TODAY)
    assert not holds("jumlah >= 5", {}, TODAY)
