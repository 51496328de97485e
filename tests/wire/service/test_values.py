"""What a citizen types into every kind of field: taken the same way twice, or refused in words."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import NIK, field
from wire.service import days, sayings, values
from wire.service.document import Field, FieldKind, Words
from wire.service.expression import Value
from wire.service.values import Taken, take

TODAY = days.date(2026, 11, 22)
KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
PICTURE = "ab" * 32
pasted = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(codec=None), max_size=60),
    st.text("0123456789 .-/+", max_size=24),
    st.sampled_from(
        [NIK, "20/10/1990", "2026-02-30", "satu", "ya", "32.73.05.1001", PICTURE, "a@b.co",
         "<script>alert(1)</script>", "'; DROP TABLE submission; --", "{{ isian.nik }}",
         "\u202egnirts", "👨\u200d👩\u200d👧", "Z" + "\u0336" * 90, "\x1b@\x1dV\x00", "🙏" * 40]
    ),
)  # fmt: skip
book = "Halaman demi halaman, tanpa henti. " * 26_000  # about 300 pages


@pytest.mark.parametrize("kind", KINDS)
@given(st.lists(pasted, max_size=4))
def test_whatever_is_typed_is_taken_or_refused(kind: FieldKind, typed: list[str]) -> None:
    asked = field("isian", kind)
    taken = take(asked, typed, TODAY)
    if taken.problem:
        assert taken.value is None
        assert says_something(taken.problem, asked)
    if taken.value is not None:
        assert take(asked, values.typed(taken.value), TODAY) == taken
        assert values.mask(kind, taken.value)
    assert all(says_something(code, asked) for code in taken.warnings)


def says_something(code: str, asked: Field) -> bool:
    words = values.says(code, asked)
    return "{" not in words.id and len(words.su) > 10 and len(words.en) > 10


@pytest.mark.parametrize("kind", KINDS)
def test_a_pasted_book_is_refused(kind: FieldKind) -> None:
    taken = take(field("isian", kind), [book], TODAY)
    assert taken.value is None
    assert taken.problem or kind == "note"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("typed", [[], [""], ["   "], ["\u200b\x00"]])
def test_nothing_is_asked_for_again_only_where_it_is_required(
    kind: FieldKind, typed: list[str]
) -> None:
    several = kind in ("choices", "photo") and any(typed)
    if kind == "note" or several:
        return
    assert take(field("isian", kind), typed, TODAY) == Taken(None, "required")
    assert take(field("isian", kind, required=False), typed, TODAY) == Taken(None)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", ["  Warga   Contoh "], "Warga Contoh"),
        ("text", ["<b>Warga</b>"], "<b>Warga</b>"),
        ("long_text", ["satu\r\ndua"], "satu\ndua"),
        ("integer", ["42"], 42),
        ("integer", ["0"], 0),
        ("integer", ["1.500"], 1500),
        ("rupiah", ["Rp 1.500.000"], 1_500_000),
        ("rupiah", ["Rp. 500"], 500),
        ("date", ["2026-01-31"], "2026-01-31"),
        ("date", ["31", "1", "2026"], "2026-01-31"),
        ("date", ["31/01/2026"], "2026-01-31"),
        ("date", ["31 - 1 - 2026"], "2026-01-31"),
        ("nik", ["3273 0560 1090 0009"], NIK),
        ("kk", ["3273.0515.0312.0007"], "3273051503120007"),
        ("nop", ["32.73.050.001.002-0003.0"], "327305000100200030"),
        ("nib", ["1234567890123"], "1234567890123"),
        ("npwp", ["3273056010900009"], NIK),
        ("phone", ["+62 812-3456-7890"], "081234567890"),
        ("email", ["Warga@Contoh.ID"], "Warga@contoh.id"),
        ("choice", ["satu"], "satu"),
        ("choices", ["dua", "satu", "dua"], ("satu", "dua")),
        ("yes_no", ["ya"], True),
        ("yes_no", ["tidak"], False),
        ("village", ["32.73.05.1001"], "32.73.05.1001"),
        ("photo", [PICTURE, PICTURE], (PICTURE,)),
    ],
)
def test_an_answer_is_normalised(kind: FieldKind, typed: list[str], value: Value) -> None:
    assert take(field("isian", kind), typed, TODAY) == Taken(value)


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("text", ["x" * 121], "too_long"),
        ("long_text", ["x" * 2001], "too_long"),
        ("integer", ["-1"], "number"),
        ("integer", ["1,5"], "number"),
        ("integer", ["1e9"], "number"),
        ("integer", ["٤٢"], "number"),
        ("integer", ["1000000001"], "too_large"),
        ("rupiah", ["seribu"], "number"),
        ("rupiah", ["1.50"], "number"),
        ("date", ["31", "2", "2026"], "date"),
        ("date", ["31", "1", "26"], "date"),
        ("date", ["besok"], "date"),
        ("date", ["31", "", "2026"], "date"),
        ("nik", ["327305601090000"], "nik_length"),
        ("nik", ["32730560109OOOO9"], "number"),
        ("nik", ["3273057510900009"], "nik_date"),
        ("kk", ["1"], "kk_length"),
        ("nop", ["1"], "nop_length"),
        ("nib", ["1"], "nib_length"),
        ("npwp", ["1"], "npwp_length"),
        ("phone", ["112"], "phone"),
        ("email", ["warga"], "email"),
        ("email", ["a@b..co"], "email"),
        ("choice", ["tiga"], "option"),
        ("choices", ["satu", "tiga"], "option"),
        ("yes_no", ["mungkin"], "option"),
        ("village", ["32.73.05"], "village"),
        ("photo", ["../../etc"], "photo"),
        ("photo", [f"{n:064x}" for n in range(4)], "photo"),
    ],
)
def test_an_answer_that_will_not_do_is_refused_by_name(
    kind: FieldKind, typed: list[str], problem: str
) -> None:
    assert take(field("isian", kind), typed, TODAY) == Taken(None, problem)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("nik", NIK), ("kk", "3273051503120007"), ("nop", "327305000100200030")],
)
def test_a_number_from_elsewhere_is_a_warning_and_never_a_refusal(
    kind: FieldKind, typed: str
) -> None:
    there = take(field("isian", kind), [typed], TODAY, regions={"3273"})
    elsewhere = take(field("isian", kind), [typed], TODAY, regions={"3204"})
    assert there == Taken(typed)
    assert elsewhere == Taken(typed, "", ("area",))


def test_what_is_unusual_is_said() -> None:
    assert take(field("hp", "phone"), ["022 7312345"], TODAY).warnings == ("landline",)
    assert take(field("npwp", "npwp"), ["012345678901234"], TODAY).warnings == ("old_npwp",)


def test_a_village_is_one_of_those_that_are_there() -> None:
    asked = field("desa", "village")
    there = frozenset({"32.73.05.1001"})
    assert take(asked, ["32.73.05.1001"], TODAY, villages=there).value == "32.73.05.1001"
    assert take(asked, ["32.73.05.1002"], TODAY, villages=there).problem == "village"


def test_the_limit_of_a_field_is_its_own_and_is_said() -> None:
    asked = field("nama", "text", most=5)
    assert take(asked, ["enam hu"], TODAY).problem == "too_long"
    assert "5" in values.says("too_long", asked).id
    assert "1.000" in values.says("too_large", field("n", "integer", most=1000)).id


def test_a_check_says_what_its_field_says() -> None:
    says = Words("Harus 17 tahun.")
    assert values.says("check", field("nik", "nik", check_says=says)) == says
    assert values.says("check", field("nik", "nik")) == sayings.PROBLEMS["check"]


def test_a_masked_amount_still_tells_a_nought_too_many() -> None:
    assert values.mask("rupiah", 1_500_000) == "Rp 1.•••.•••"
    assert values.mask("rupiah", 900) == "Rp 9••"


@pytest.mark.parametrize("kind", ["nik", "kk", "nop", "phone", "text", "email"])
@given(st.text("0123456789abc @.", min_size=8, max_size=30))
def test_a_mask_hides_most_of_it(kind: FieldKind, plain: str) -> None:
    shown = values.mask(kind, plain)
    assert "•" in shown or not plain.strip()
    assert plain not in shown or not plain.strip()
