"""An answer as its citizen reads it again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import summary
from portal.summary import Reader
from tests.support.filling import NIK, ask
from tests.support.offered import catalogue
from wire.service.document import Field, Option, Words

READER = Reader("en", ask().t, catalogue())
OPTIONS = (
    Option(value="a", label=Words(id="Satu", en="One")),
    Option(value="b", label=Words(id="Dua")),
)


def field(kind: Any, **more: Any) -> Field:
    return Field(name="f", kind=kind, label=Words(id="F"), options=OPTIONS, **more)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("text", "Warga Contoh", "Warga Contoh"),
        ("integer", 3, "3"),
        ("rupiah", 1_500_000, "Rp 1.500.000"),
        ("date", "2026-11-22", "22 November 2026"),
        ("choice", "a", "One"),
        ("choices", ("a", "b"), "One, Dua"),
        ("village", "32.73.02.1001", "Dago, Coblong"),
        ("village", "99.99.99.9999", "99.99.99.9999"),
        ("photo", ("0" * 64, "1" * 64), "2 foto"),
        ("yes_no", True, "Ya"),
        ("yes_no", False, "Tidak"),
        ("text", None, ""),
        ("choices", (), ""),
    ],
)
def test_every_kind_is_said_in_words(kind: str, value: Any, said: str) -> None:
    assert summary.said(READER, field(kind), value) == said


@given(st.sampled_from(["nik", "kk", "text", "phone", "date", "integer", "choice"]), st.just(NIK))
def test_a_secret_is_never_said_in_the_open(kind: str, value: str) -> None:
    assert NIK not in summary.said(READER, field(kind, secret=True), value)


def test_a_place_is_a_village_with_its_kecamatan_or_a_kecamatan_alone() -> None:
    assert summary.place_name(catalogue(), "32.73.02") == "Coblong"
    assert summary.place_name(catalogue(), "32.73.02.1002") == "Lebak Siliwangi, Coblong"
