"""The tree of a condition: what binds how strongly."""

import pytest

from wire.service.grammar import (
    FUNCTIONS,
    MOST_DEPTH,
    All,
    Any,
    Call,
    Comparison,
    Constant,
    Membership,
    Name,
    Negation,
    Product,
    Sum,
    Tree,
    parts,
    tree,
)
from wire.service.tokens import ExpressionError

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b and c", Any((A, All((B, C))))),
        ("not a or b", Any((Negation(A), B))),
        ("not a == b", Negation(Comparison("==", A, B))),
        ("a + b * c", Sum(((1, A), (1, Product((B, C)))))),
        ("a - b - c", Sum(((1, A), (-1, B), (-1, C)))),
        ("a + 1 > b", Comparison(">", Sum(((1, A), (1, Constant(1)))), B)),
        ("a in ['x', 2]", Membership(A, (Constant("x"), Constant(2)))),
        ("a not in b", Negation(Membership(A, B))),
        ("umur(a)", Call("umur", (A,))),
        ("hari_ini()", Call("hari_ini", ())),
        ("((a))", A),
    ],
)
def test_what_binds_how_strongly(text: str, expected: Tree) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize("node", [A, Constant(1), Call("hari_ini", ())])
def test_a_leaf_has_no_parts(node: Tree) -> None:
    assert parts(node) == ()


def test_parts_are_all_that_stands_in_a_node() -> None:
    assert parts(tree("a - b")) == (A, B)
    assert parts(tree("a in b")) == (A, B)
    assert parts(tree("a in [1]")) == (A, Constant(1))
    assert parts(tree("a or b or c")) == (A, B, C)
    assert parts(tree("not a")) == (A,)


def test_brackets_may_be_as_deep_as_is_said_and_no_deeper() -> None:
    assert tree("(" * MOST_DEPTH + "a" + ")" * MOST_DEPTH) == A
    with pytest.raises(ExpressionError):
        tree("(" * (MOST_DEPTH + 1) + "a" + ")" * (MOST_DEPTH + 1))


def test_brackets_beside_each_other_are_not_deep() -> None:
    text = " or ".join(["(a)"] * (MOST_DEPTH * 2))
    assert tree(text) == Any((A,) * (MOST_DEPTH * 2))


def test_a_function_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ExpressionError) as refused:
        tree("usia(nik)")
    assert all(name in refused.value.says.id for name in FUNCTIONS)


@pytest.mark.parametrize("text", ["a and", "a or or b", "a + ", "umur(", "a in [", "a in [1 2]"])
def test_what_is_not_finished_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        tree(text)
