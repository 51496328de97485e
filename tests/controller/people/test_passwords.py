"""What will do as a password, how it is kept, and that comparing always costs the same."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from controller.people import passwords
from controller.people.passwords import LONGEST, NOBODYS, Busy, Passwords, WeakPassword, check
from tests.support.wait import until

GOOD = "kopi tubruk jam tujuh"


def cheap(time_cost: int = 1) -> PasswordHasher:
    """Real argon2id, as little of it as there can be."""
    return PasswordHasher(time_cost=time_cost, memory_cost=8, parallelism=1)


class Counted(PasswordHasher):
    """Argon2 that counts, can be held up, and knows how many are at it."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = self.now = self.most = 0
        self.go = Event()
        self.go.set()
        self._lock = Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - theirs
        with self._lock:
            self.verified += 1
            self.now += 1
            self.most = max(self.most, self.now)
        self.go.wait(30)
        try:
            return super().verify(hash, password)
        finally:
            with self._lock:
                self.now -= 1


def test_a_password_is_right_or_it_is_not() -> None:
    kept = Passwords(cheap())
    stored = kept.hash(GOOD)
    assert stored.startswith("$argon2id$")
    assert len(stored) <= 200
    assert kept.verify(stored, GOOD).right
    for wrong in ("", GOOD + " ", GOOD.upper(), "\ud800", "x" * 100_000):
        assert not kept.verify(stored, wrong).right


def test_the_work_is_what_the_house_decided() -> None:
    stored = Passwords().hash(GOOD)
    assert "$m=19456,t=2,p=1$" in stored


def test_row_68_comparing_with_nobody_is_the_same_work_and_never_right() -> None:
    hasher = Counted()
    kept = Passwords(hasher)
    for stored in (kept.hash(GOOD), None):
        before = hasher.verified
        for said in (GOOD, "wrong", "whose password is this? nobody's"):
            assert kept.verify(stored, said).right == (stored is not None and said == GOOD)
        assert hasher.verified - before == 3


@pytest.mark.parametrize("stored", ["", "plain", "$2b$12$abc", "$argon2id$broken", "!"])
def test_what_is_no_argon2_is_never_right(stored: str) -> None:
    assert not Passwords(cheap()).verify(stored, stored).right


def test_a_password_kept_by_weaker_settings_is_renewed() -> None:
    weak = Passwords(cheap()).hash(GOOD)
    strong = Passwords(cheap(time_cost=2))
    checked = strong.verify(weak, GOOD)
    assert checked.right
    assert checked.renewed is not None
    assert strong.verify(checked.renewed, GOOD) == passwords.Checked(right=True)
    assert strong.verify(weak, "wrong").renewed is None


def test_row_68_a_thousand_at_once_do_not_fill_the_memory() -> None:
    hasher = Counted()
    kept = Passwords(hasher)
    stored = kept.hash(GOOD)
    with ThreadPoolExecutor(2 + passwords.MOST_WAITING) as pool:
        found = list(pool.map(lambda _: kept.verify(stored, GOOD).right, range(60)))
    assert found == [True] * 60
    assert hasher.most <= 2


def test_row_68_a_crowd_at_the_login_leaves_threads_for_pages() -> None:
    hasher = Counted()
    kept = Passwords(hasher)
    stored = kept.hash(GOOD)
    hasher.go.clear()
    with ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(kept.verify, stored, GOOD) for _ in range(40)]
        turned_away = 38 - passwords.MOST_WAITING
        until(lambda: sum(one.done() for one in asked) == turned_away, 4)
        hasher.go.set()
    assert sum(isinstance(one.exception(), Busy) for one in asked) == turned_away


def test_who_waits_too_long_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    hasher = Counted()
    kept = Passwords(hasher, at_once=1)
    stored = kept.hash(GOOD)
    hasher.go.clear()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(kept.verify, stored, GOOD)
        while not hasher.verified:
            hasher.go.wait(0.01)
        with pytest.raises(Busy):
            kept.verify(stored, GOOD)
        with pytest.raises(Busy):
            kept.hash(GOOD)
        hasher.go.set()
        assert slow.result(30).right


@pytest.mark.parametrize(
    "password",
    [GOOD, "correct horse battery", "Tr0ub4dor&3-dan-lagi", "ᮞᮥᮔ᮪ᮓ ᮘᮔ᮪ᮓᮥᮀ ᮊᮧᮒ", "p" * 8 + "qrst-uvw"],
)
def test_a_long_password_will_do(password: str) -> None:
    check(password, "pagi", "Teknisi pagi")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("elevenchars", "short"),
        ("x" * (LONGEST + 1), "long"),
        ("tab\there and on", "characters"),
        ("half \ud800 a pair..", "characters"),
        ("aaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabc", "common"),
        ("abcdeabcdeabcde", "common"),
        ("123456789012", "common"),
        ("987654321098", "common"),
        ("abcdefghijklmn", "common"),
        ("qwertyuiopasdf", "common"),
        ("password1234", "common"),
        ("P@ssw0rd!2026", "common"),
        ("Anjungan-2026!", "common"),
        ("Bandung123456", "common"),
        ("katasandi.2026", "common"),
        ("SmileConnected1", "common"),
        ("teknisi-pagi1", "name"),
        ("TEKNISI-PAGI-32.73", "name"),
        ("Ibu Kepala 123", "name"),
    ],
)
def test_row_73_a_password_that_is_tried_first_is_refused(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check(password, "teknisi-pagi", "Ibu Kepala")
    assert refused.value.reason == reason


def test_the_same_password_is_right_whatever_keyboard_composed_it() -> None:
    kept = Passwords(cheap())
    composed, apart = "kaf\u00e9 hitam pekat", "kafe\u0301 hitam pekat"
    assert kept.verify(kept.hash(check(composed, "pagi")), apart).right


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_typed_is_a_password_or_refused(password: str, login: str, name: str) -> None:
    try:
        assert len(check(password, login, name)) >= 12
    except WeakPassword as refused:
        assert refused.reason  # noqa: PT017 - either is right


def test_nobodys_is_compared_at_the_price_of_everybodys() -> None:
    settled = Passwords()
    assert settled._nobodys == NOBODYS
    assert not settled._hasher.check_needs_rehash(NOBODYS)
    assert extract_parameters(NOBODYS) == extract_parameters(settled.hash(GOOD))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_compared_without_an_error(password: str) -> None:
    assert not _NOBODY.verify(None, password).right


_NOBODY = Passwords(cheap())
