"""Receipt numbers: what a citizen takes home, unique before anybody at the office knows it.

    261122-0042-K7Q3M-R
    day    count kiosk  check

The count belongs to the kiosk and never begins anew; it has four digits, or as many as it needs.
Five letters stand for the kiosk's name (its SHA-256 in Crockford's base32, which has no I, L, O and
U). The last one checks the others: a weighted sum in the field of 32 elements, whose weights all
differ, so that one wrong letter and any two that changed places are always noticed. Two kiosks may
share their five letters (one pair in 33 million): the office orders by kiosk and number.
"""

from wire.service.days import Date
from wire.service.document import Words


class NotANumber(ValueError):  # noqa: N818 - it is no error of ours: somebody mistyped
    """`says`: to the citizen who typed it."""

    def __init__(self, says: Words) -> None:
        super().__init__(says.en)
        self.says = says


def number(kiosk: str, counter: int, day: Date) -> str:
    """Raises ValueError for a counter below 1 or above 99,999,999, or a year outside 2000-2099."""
    raise NotImplementedError


def read(text: str) -> str:
    """As `number` writes it. Forgives case, spaces, hyphens, O for 0, I and L for 1.

    Raises NotANumber.
    """
    raise NotImplementedError
