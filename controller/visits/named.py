"""Places by the names people write: "Kec. Coblong", "kelurahan dago, Kecamatan Coblong".

Owns the finding of a district and a village of one tenant in a text. A name that two places share
is no place until the other one is named as well: nobody is sent to the wrong counter.
"""

import re
from typing import Final, NamedTuple

from wire.service.tenant import District, Places, Village

_WORDS: Final = re.compile(r"[^\W_]+")
_DISTRICT: Final = frozenset({"kec", "kecamatan"})


class Found(NamedTuple):
    """Codes; `village` is "" when only the district was named."""

    district: str
    village: str = ""


def find(places: Places, text: str) -> Found | None:
    """The one place this text names. None when it names none, or more than one."""
    said = _words(text)
    districts = [one for one in places.districts if _names(said, one.name)]
    villages = [(one, village) for one in places.districts for village in one.villages
                if _names(said, village.name)]  # fmt: skip
    districts = _marked(said, districts) or districts
    if len(districts) == 1:
        return Found(districts[0].code, _village(districts[0], villages))
    if not districts and len(villages) == 1:
        return Found(villages[0][0].code, villages[0][1].code)
    return None


def _village(district: District, villages: list[tuple[District, Village]]) -> str:
    """Of those named the only one of this district; one that is named like it may be meant."""
    here = [village for where, village in villages if where.code == district.code]
    others = [one for one in here if _words(one.name) != _words(district.name)]
    return others[0].code if len(others) == 1 else ""


def _marked(said: list[str], districts: list[District]) -> list[District]:
    """Those that stand right after the word for a district."""
    heads = [_words(one.name) for one in districts]
    after = [n + 1 for n, word in enumerate(said) if word in _DISTRICT]
    return [one for one, head in zip(districts, heads, strict=True)
            if any(said[n : n + len(head)] == head for n in after)]  # fmt: skip


def _names(said: list[str], name: str) -> bool:
    head = _words(name)
    return any(said[n : n + len(head)] == head for n in range(len(said) - len(head) + 1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(text)]
