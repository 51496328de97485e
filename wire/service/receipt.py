"""Receipt numbers: what a citizen takes home, unique before anybody at the office knows it.

    261122-0042-K7Q3M-R
    day    count kiosk  check

The count belongs to the kiosk and never begins anew; it has four digits, or as many as it needs.
Five letters stand for the kiosk's name (its SHA-256 in Crockford's base32, which has no I, L, O and
U). The last one checks the others: a weighted sum in the field of 32 elements, whose weights all
differ, so that one wrong letter and any two that changed places are always noticed. Two kiosks may
share their five letters (one pair in 33 million): the office orders by kiosk and number.
"""

import hashlib
import re
from typing import Final

from wire.service import days
from wire.service.days import Date
from wire.service.document import Words

MOST_COUNT: Final = 99_999_999
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PARTS: Final = re.compile(r"([0-9]{6})([0-9]{4,8})([0-9A-Z]{5})([0-9A-Z])")
_SLIPS: Final = str.maketrans("OIL", "011", " -\t\n\u00a0\u2010\u2011\u2012\u2013\u2014")
_LONGEST: Final = 60  # of what is typed, before it is looked at
_MODULUS: Final = 0b100101  # x^5 + x^2 + 1, primitive: its powers of x are all 31 weights

_UNLIKE: Final = Words(
    "Nomor tanda terima terdiri dari angka dan huruf seperti 261122-0042-K7Q3M-R. Periksa lagi"
    " tulisan pada tanda terima.",
    "Nomer tanda tarima diwangun ku angka jeung aksara saperti 261122-0042-K7Q3M-R. Pariksa deui"
    " tulisan dina tanda tarima.",
    "A receipt number has digits and letters as in 261122-0042-K7Q3M-R. Please compare it with"
    " your receipt.",
)
_MISTYPED: Final = Words(
    "Ada huruf atau angka yang keliru atau tertukar. Periksa lagi tulisan pada tanda terima.",
    "Aya aksara atawa angka nu salah atawa pahili. Pariksa deui tulisan dina tanda tarima.",
    "A letter or digit is wrong or has changed places. Please compare it with your receipt.",
)


class NotANumber(ValueError):  # noqa: N818 - it is no error of ours: somebody mistyped
    """`says`: to the citizen who typed it."""

    def __init__(self, says: Words) -> None:
        super().__init__(says.en)
        self.says = says


def number(kiosk: str, counter: int, day: Date) -> str:
    """Raises ValueError for a counter below 1 or above MOST_COUNT, or a year outside 2000-2099."""
    if not 1 <= counter <= MOST_COUNT:
        raise ValueError(f"a receipt's count is from 1 to {MOST_COUNT}")
    if not 2000 <= day.year <= 2099:
        raise ValueError("a receipt's year is from 2000 to 2099: the kiosk's clock must be set")
    body = f"{day.year - 2000:02}{day.month:02}{day.day:02}{counter:04}{_letters(kiosk)}"
    return _written(body + _check(body))


def read(text: str) -> str:
    """As `number` writes it. Forgives case, spaces, hyphens, O for 0, I and L for 1.

    Raises NotANumber.
    """
    if len(text) > _LONGEST:
        raise NotANumber(_UNLIKE)
    bare = text.upper().translate(_SLIPS)
    if not _PARTS.fullmatch(bare) or any(letter not in LETTERS for letter in bare):
        raise NotANumber(_UNLIKE)
    if _check(bare[:-1]) != bare[-1] or not _possible(bare):
        raise NotANumber(_MISTYPED)
    return _written(bare)


def _written(bare: str) -> str:
    return f"{bare[:6]}-{bare[6:-6]}-{bare[-6:-1]}-{bare[-1]}"


def _letters(kiosk: str) -> str:
    bits = int.from_bytes(hashlib.sha256(kiosk.encode()).digest()[:4], "big")
    return "".join(LETTERS[bits >> shift & 31] for shift in (27, 22, 17, 12, 7))


def _check(body: str) -> str:
    """What makes the sum of all letters, each times another power of x, zero."""
    total = 0
    for letter in body:
        total = (total ^ LETTERS.index(letter)) << 1
        total ^= _MODULUS if total & 32 else 0
    return LETTERS[total]


def _possible(bare: str) -> bool:
    """A day of the calendar, and no zeros before a count of more than four digits."""
    count = bare[6:-6]
    try:
        days.date(2000 + int(bare[:2]), int(bare[2:4]), int(bare[4:6]))
    except ValueError:
        return False
    return int(count) > 0 and (len(count) == 4 or count[0] != "0")
