"""The structure of numbers, by examples of each rule and against dates of Python."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import NIK
from wire.service import days, numbers

TODAY = days.date(2026, 11, 22)
digits = st.text("0123456789", max_size=20)
births = st.dates(dt.date(1926, 11, 23), dt.date(2026, 11, 22))


@given(births, st.sampled_from([0, 40]), st.integers(1, 9999), st.integers(110101, 999999))
def test_a_nik_tells_the_day_of_birth_of_women_and_men(
    day: dt.date, added: int, serial: int, area: int
) -> None:
    born = f"{day.day + added:02}{day.month:02}{day.year % 100:02}"
    nik = f"{area}{born}{serial:04}"
    assert numbers.nik(nik, TODAY) == ""
    assert numbers.born(nik, TODAY) == (day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("nik", "problem"),
    [
        (NIK, ""),
        ("3273056010900009", ""),  # a woman
        ("327305601090000", "nik_length"),
        ("32730560109000091", "nik_length"),
        ("0273056010900009", "nik_area"),
        ("3273050010900009", "nik_date"),  # no day 0
        ("3273053210900009", "nik_date"),  # no day 32
        ("3273054010900009", "nik_date"),  # a woman's day 0
        ("3273057210900009", "nik_date"),  # a woman's day 32
        ("3273052013900009", "nik_date"),  # no month 13
        ("3273053002900009", "nik_date"),  # 30 February
        ("3174999999990001", "nik_date"),
        ("3273052010900000", "nik_serial"),
    ],
)
def test_a_nik_is_judged_by_its_parts(nik: str, problem: str) -> None:
    assert numbers.nik(nik, TODAY) == problem


def test_who_was_born_today_is_a_citizen_and_tomorrow_was_a_hundred_years_ago() -> None:
    assert numbers.born("3273052211260001", TODAY) == (2026, 11, 22)
    assert numbers.born("3273052311260001", TODAY) == (1926, 11, 23)


def test_a_leap_day_belongs_to_the_century_that_had_it() -> None:
    assert numbers.born("3273052902000001", TODAY) == (2000, 2, 29)
    assert numbers.born("3273052902000001", days.date(1999, 1, 1)) is None  # 1900 had none


@pytest.mark.parametrize(
    ("kk", "problem"),
    [
        ("3273051503120007", ""),
        ("327305150312000", "kk_length"),
        ("0273051503120007", "kk_area"),
        ("3273055503120007", "kk_date"),  # nobody adds 40 here
        ("3273051503120000", "kk_serial"),
    ],
)
def test_a_family_card_is_judged_by_its_parts(kk: str, problem: str) -> None:
    assert numbers.kk(kk) == problem


@pytest.mark.parametrize(
    ("nop", "problem"),
    [
        ("327305000100200030", ""),
        ("327305000100200037", ""),
        ("327305000100200039", ""),
        ("327305000100200031", "nop_parts"),
        ("027305000100200030", "nop_parts"),
        ("327305000100200000", "nop_parts"),  # no parcel 0
        ("32730500010020003", "nop_length"),
    ],
)
def test_a_nop_is_judged_by_its_parts(nop: str, problem: str) -> None:
    assert numbers.nop(nop) == problem


def test_a_nib_has_thirteen_digits_and_no_other_rule() -> None:
    assert numbers.nib("0000000000001") == ""
    assert numbers.nib("1" * 12) == numbers.nib("1" * 14) == "nib_length"


def test_an_npwp_is_the_new_or_the_old_one() -> None:
    assert numbers.npwp(NIK) == numbers.npwp("012345678901234") == ""
    assert numbers.npwp("0" * 15) == numbers.npwp("1" * 14) == "npwp_length"


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("081234567890", "081234567890"),
        ("+62 812-3456-7890", "081234567890"),
        ("62 812 3456 7890", "081234567890"),
        ("0062 (812) 34567890", "081234567890"),
        ("0812345678901", "0812345678901"),
        ("022 7312345", "0227312345"),
        ("081234567", "081234567"),
        ("08123456", ""),
        ("08123456789012", ""),
        ("0912345678", ""),
        ("112", ""),
        ("+1 202 555 0100", ""),
        ("telepon", ""),
    ],
)
def test_a_telephone_is_written_in_one_way(typed: str, phone: str) -> None:
    assert numbers.phone(typed) == phone


@given(digits)
def test_every_judge_answers_whatever_the_digits(text: str) -> None:
    if not text:
        return
    for judged in (numbers.nik(text, TODAY), numbers.kk(text), numbers.nop(text)):
        assert isinstance(judged, str)
    assert numbers.nib(text) in ("", "nib_length")
    assert numbers.npwp(text) in ("", "npwp_length")
