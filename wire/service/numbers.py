"""The structure of Indonesian numbers of identity, tax and land: what a number says of itself.

Pure, and about structure alone: a number that is well made may be nobody's. Each function takes
digits without anything between them and answers the code of a problem (wire/service/sayings.py),
or "".
"""

import re
from typing import Final

from wire.service import days
from wire.service.days import Date

WOMEN: Final = 40  # added to the day of birth in a NIK

_NIK: Final = re.compile(r"[1-9][0-9]([0-9]{2}){2}([0-9]{2})([0-9]{2})([0-9]{2})[0-9]{4}")


def nik(digits: str, today: Date) -> str:
    """16: area (6), day (women + 40), month, year of birth (2 each), serial (4, not 0000)."""
    if len(digits) != 16:
        return "nik_length"
    if digits[0] == "0":
        return "nik_area"
    if born(digits, today) is None:
        return "nik_date"
    return "nik_serial" if digits.endswith("0000") else ""


def born(digits: str, today: Date) -> Date | None:
    """The birth date in a NIK, None when there is none.

    Two digits of a year are those of the last hundred years: who is older than that looks young.
    """
    found = _NIK.fullmatch(digits)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups()[1:])
    day -= WOMEN if day > WOMEN else 0
    century = today.year - today.year % 100
    for full in (century + year, century - 100 + year):
        try:
            birth = days.date(full, month, day)
        except ValueError:  # 29 February of one of the two
            continue
        if birth <= today:
            return birth
    return None


def kk(digits: str) -> str:
    """16: area (6), day, month, year of its registration (2 each), serial (4, not 0000)."""
    if len(digits) != 16:
        return "kk_length"
    if digits[0] == "0":
        return "kk_area"
    try:
        days.date(2000 + int(digits[10:12]), int(digits[8:10]), int(digits[6:8]))
    except ValueError:
        return "kk_date"
    return "kk_serial" if digits.endswith("0000") else ""


def nop(digits: str) -> str:
    """18: province 2, city 2, kecamatan 3, village 3, block 3, parcel 4, and 0, 7 or 9."""
    if len(digits) != 18:
        return "nop_length"
    return "" if digits[0] != "0" and digits[-1] in "079" and int(digits[13:17]) else "nop_parts"


def nib(digits: str) -> str:
    """13, about which nothing else is known."""
    return "" if len(digits) == 13 else "nib_length"


def npwp(digits: str) -> str:
    """16 digits (a NIK, or 0 and the old number), or the 15 of before."""
    return "" if len(digits) in (15, 16) and int(digits) else "npwp_length"


def phone(text: str) -> str:
    """08... in 9 to 13 digits, of what may begin with +62, 62 or 0062; "" when it is none."""
    digits = re.sub(r"[\s().-]", "", text)
    found = re.fullmatch(r"(?:\+62|0062|62|0)(8[0-9]{7,11}|[2-7][0-9]{6,10})", digits)
    return "0" + found[1] if found else ""
