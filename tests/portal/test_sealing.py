"""Which key is sealed to, and what sealing is bound to."""

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from portal.sealing import newest, seal
from tests.support.citizens import NOW, SITE, OfficeKeys
from wire.submission import BUCKET, Content, Head, Record, SealKey

MOMENTS = st.integers(0, 100)
KEYS = st.lists(
    st.builds(
        lambda since, life, name: SealKey(
            id=f"{name:016x}", public="", since=since, until=since + life
        ),
        MOMENTS,
        MOMENTS,
        st.integers(0, 99),
    ),
    max_size=6,
)


@given(KEYS, MOMENTS)
def test_a_believed_clock_takes_the_newest_key_in_its_time_or_none(
    keys: list[SealKey], now: int
) -> None:
    fit = [key for key in keys if key.since <= now < key.until]
    found = newest(keys, now, sure=True)
    assert (found is None) == (not fit)
    assert found is None or (found in fit and found.since == max(key.since for key in fit))


@given(KEYS, MOMENTS)
def test_a_clock_that_is_not_believed_takes_some_key_when_there_is_one(
    keys: list[SealKey], now: int
) -> None:
    assert (newest(keys, now, sure=False) is None) == (not keys)


def a_head(**changed: object) -> Head:
    return msgspec.structs.replace(
        Head(
            kiosk="bandung-coblong-01",
            id="a" * 32,
            number="261122-0042-K7Q3M-R",
            kind="apply",
            service="KTP-EL",
            revision=1,
            tenant="32.73",
            site=SITE,
            place=SITE,
            made_at=NOW,
            clock="sure",
            seal="0" * 16,
            key="0" * 16,
            sha256="",
        ),
        **changed,
    )


def test_what_is_sealed_says_nothing_by_its_size_and_opens_only_under_its_own_head() -> None:
    office = OfficeKeys()
    sizes = set()
    for length in (1, 300, 600):
        content = Content(id="a" * 32, number="1" * 8, language="id", fields={"t": "x" * length})
        sealed = seal(content, a_head(), office.seal)
        sizes.add(len(sealed))
        assert office.open(Record(a_head(), b"", "", sealed)) == content
    assert len(sizes) == 1
    assert sizes.pop() % BUCKET == 48
    for moved in ({"number": "2" * 8}, {"kiosk": "other"}, {"service": "KK-BARU"}, {"revision": 2}):
        with pytest.raises(InvalidTag):
            office.open(Record(a_head(**moved), b"", "", sealed))
