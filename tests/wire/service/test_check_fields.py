"""The rules about questions: each finds what it is there for, and leaves the rest alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import field, service, standard, words
from wire.service import check_fields
from wire.service.document import Field, Option, Requirement, Service

ONE = Option(value="satu", label=words("Satu"))
TWO = Option(value="dua", label=words("Dua"))
RULES = (
    check_fields.names, check_fields.pages, check_fields.options, check_fields.limits,
    check_fields.secrets, check_fields.photos, check_fields.sayings, check_fields.conditions,
)  # fmt: skip


def pack(*fields: Field, **more: Any) -> Service:
    return service(fields=fields, standard=standard(requirements=(), fees=()), **more)


def found(checked: Service) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for rule in RULES for problem in rule(checked)]


def checked(name: str, check: str, **more: Any) -> Field:
    return field(name, check=check, check_says=words("Belum."), **more)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (pack(field("a"), field("a")), ("fields[1].name", "twice")),
        (pack(field("a"), field("b", page="a")), ("fields[1].page", "page")),
        (pack(field("b", page="a/b")), ("fields[0].page", "page")),
        (pack(field("a", "choice", options=(ONE,))), ("fields[0].options", "options")),
        (pack(field("a", "text", options=(ONE, TWO))), ("fields[0].options", "options")),
        (
            pack(field("a", "choices", options=(ONE, TWO, ONE))),
            ("fields[0].options[2].value", "twice"),
        ),
        (pack(field("a", most=201)), ("fields[0].most", "limit")),
        (pack(field("a", "long_text", most=4001)), ("fields[0].most", "limit")),
        (pack(field("a", "date", most=5)), ("fields[0].most", "limit")),
        (pack(field("a", "nik")), ("fields[0].secret", "secret")),
        (pack(field("a", "kk")), ("fields[0].secret", "secret")),
        (pack(*(field(f"f{n}", "photo") for n in range(4))), ("fields", "photos")),
        (pack(field("a", check="panjang(a) > 1")), ("fields[0].check_says", "check_says")),
        (pack(field("a", check_says=words("Belum."))), ("fields[0].check_says", "check_says")),
        (pack(field("a", when="b == 'x'"), field("b")), ("fields[0].when", "meaning")),
        (pack(field("a", when="a == 'x'")), ("fields[0].when", "meaning")),
        (pack(field("a", when="kosong(")), ("fields[0].when", "condition")),
        (pack(field("n", "note"), field("a", when="n == 'x'")), ("fields[1].when", "meaning")),
        (pack(checked("a", "umur(a) > 17")), ("fields[0].check", "meaning")),
    ],
)
def test_what_is_wrong_with_a_question_is_named(wrong: Service, problem: tuple[str, str]) -> None:
    assert found(wrong) == [problem]


@pytest.mark.parametrize(
    "right",
    [
        pack(field("a", page="satu"), field("b", page="satu", when="a == 'x'")),
        pack(field("a", "integer", most=10**9), checked("b", "a > 1 and panjang(b) > 2")),
        pack(field("a", "choice"), field("b", when="a == 'satu'")),
    ],
)
def test_what_is_right_is_left_alone(right: Service) -> None:
    assert found(right) == []


def test_papers_and_fees_may_ask_for_every_field() -> None:
    paper = Requirement(code="ktp", name=words("KTP"), when="a == 'x'")
    twice = service(fields=(field("a"),), standard=standard(requirements=(paper, paper), fees=()))
    assert found(twice) == [("standard.requirements[1].code", "twice")]
    lost = service(fields=(), standard=standard(requirements=(paper,)))
    assert ("standard.requirements[0].when", "meaning") in found(lost)
    assert ("standard.fees[1].when", "meaning") in found(lost)


def test_photos_of_papers_count_as_photos() -> None:
    papers = tuple(Requirement(code=f"p{n}", name=words("Foto"), how="photo") for n in range(3))
    full = service(fields=(), standard=standard(requirements=papers, fees=()))
    assert found(full) == []
    over = service(fields=(field("a", "photo"),), standard=standard(requirements=papers, fees=()))
    assert found(over) == [("fields", "photos")]


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_condition_is_right_or_has_a_problem(when: str, check: str) -> None:
    written = pack(field("a"), checked("b", check, when=when))
    assert all(code in ("condition", "meaning", "check_says") for _, code in found(written))
