"""Passwords: what will do as one, how it is stored, how it is compared. argon2id, nothing else.

Touches no table. At most two are computed at a time, 19 MiB each: a thousand logins at once wait
or are told to come back, they do not fill the memory. Where there is nothing to compare with, the
same work is done all the same, so that the time taken does not tell which accounts there are. Few
may wait for their turn: each who waits holds a thread that pages are served by.
One `Passwords` a process: the limit is its own.
"""

import re
import unicodedata
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST: Final = 12
LONGEST: Final = 256
PATIENCE_S: Final = 5.0
MOST_WAITING: Final = 20  # half of the threads of a web process, half a second of work
_DIFFERENT: Final = 5
_OWN: Final = 8  # characters beside one's own name

# Twelve characters are soon filled by repeating, counting and padding one of these.
_WORDS: Final = """admin administrator anjungan bandung bismillah indonesia jakarta jawabarat
katasandi kiosk letmein merdeka monkey password pelayanan qwerty qwertyuiop rahasia sandi sayang
smileconnected teknisi welcome"""
WORST: Final = frozenset(_WORDS.split())
_DISGUISES: Final = str.maketrans("@01345$", "aoieass")
_RUNS: Final = ("0123456789" * 3, "9876543210" * 3, "abcdefghijklmnopqrstuvwxyz" * 2)
_ROWS: Final = ("qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")

# Of a random word that nobody kept. Comparing takes as long as a hash says: this one is made as
# `Passwords` makes them, so that no start has to make another.
NOBODYS: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$+UzV+7at0KSa+HjbOfM+vQ"
    "$bT9BmKcdnRv+aupCNArIJIveuaYuYpMsSWAK1XGTOas"
)

Reason = Literal["short", "long", "characters", "common", "name"]


class WeakPassword(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """`reason` is one word for the page to translate. Whoever chose it must choose another."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason: Reason = reason
        super().__init__(message)


class Busy(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """Too many are being compared. The asker tries again in some seconds."""


class Checked(NamedTuple):
    """`renewed` is what to store instead when the stored one was made by weaker settings."""

    right: bool
    renewed: str | None = None


def check(password: str, login: str, name: str = "") -> str:
    """The password as it is stored and compared. Raises WeakPassword."""
    plain = _one_way(password)
    if plain is None:
        raise WeakPassword("characters", "this password has characters that cannot be typed again")
    if len(plain) < SHORTEST:
        raise WeakPassword("short", f"a password has at least {SHORTEST} characters")
    if len(plain) > LONGEST:
        raise WeakPassword("long", f"a password has at most {LONGEST} characters")
    folded = plain.casefold()
    for own in (login.casefold(), name.casefold()):
        if own and len(folded.replace(own, "")) < _OWN:
            raise WeakPassword("name", "this password is little more than one's own name")
    if is_common(folded):
        raise WeakPassword("common", "this password is among the first that are tried")
    return plain


class Passwords:
    """`hasher` decides what the work costs: 51 ms and 19 MiB a password as it is."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turns = BoundedSemaphore(at_once)
        self._inside = BoundedSemaphore(at_once + MOST_WAITING)
        self._nobodys = hasher.hash("whose password is this? nobody's") if hasher else NOBODYS

    def hash(self, password: str) -> str:
        """For one that passed `check`. Raises Busy."""
        with self._turn():
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> Checked:
        """`stored` is None where there is no account or no password: never right. Raises Busy."""
        plain = _one_way(password[: LONGEST * 4])
        with self._turn():
            right = self._same(stored or self._nobodys, plain or "")
            if not right or stored is None or plain is None:
                return Checked(right=False)
            stale = self._hasher.check_needs_rehash(stored)
            return Checked(right=True, renewed=self._hasher.hash(plain) if stale else None)

    def _same(self, stored: str, plain: str) -> bool:
        try:
            return self._hasher.verify(stored, plain)
        except (VerificationError, InvalidHashError):
            return False

    @contextmanager
    def _turn(self) -> "Iterator[None]":
        if not self._inside.acquire(blocking=False):
            raise Busy
        try:
            if not self._turns.acquire(timeout=PATIENCE_S):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._inside.release()


def _one_way(password: str) -> str | None:
    """The same password whatever keyboard composed it; None for what is no text."""
    plain = unicodedata.normalize("NFKC", password)
    odd = any(unicodedata.category(char) in ("Cc", "Cs") for char in plain)
    return None if odd else plain


def is_common(folded: str) -> bool:
    """Whether it is among the first that are tried; `folded` is case-folded."""
    if len(set(folded)) < _DIFFERENT or _repeats(folded):
        return True
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)  # 2026! is put behind, @ and 0 inside
    plain = re.sub(r"[\W\d_]+", "", core.translate(_DISGUISES))
    if plain in WORST:
        return True
    return any(folded in row for row in (*_RUNS, *_ROWS))


def _repeats(folded: str) -> bool:
    """Whether it is one piece again and again, the last time perhaps not to its end."""
    pieces = (folded[:size] for size in range(1, len(folded) // 2 + 1))
    return any((piece * len(folded)).startswith(folded) for piece in pieces)
