"""Where people come in and go out: the one place in which a session is made.

Joins passwords, throttle, links, sessions and the log; pages and the API call this and nothing
below it. What costs time (argon2) runs outside of every transaction, and what it was based on is
looked at again inside the one that follows.
A refusal never tells whether there is such an account: wrong password, unknown, disabled and
without a password read alike and cost alike. The log names the login of a failed attempt only
where there is such an account: people type passwords into the wrong field.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, Engine, select, update

from controller.people import accounts, links, sessions, throttle
from controller.people.accounts import Account, Identity
from controller.people.audit import Entry, append
from controller.people.passwords import Busy, Passwords, check
from controller.people.sessions import LIFETIME, Lifetime, Origin, Started
from controller.store.engine import writing
from controller.store.people_tables import account

NOBODY: Final = "somebody"  # in the log: who did not prove to be anybody
_BUSY_S: Final = 5


class Outcome(NamedTuple):
    """`started` when somebody came in. Else `why`: wrong, wait (too many attempts), busy."""

    started: Started | None
    why: Literal["", "wrong", "wait", "busy"] = ""
    retry_after_s: int = 0


class _Known(NamedTuple):
    id: int
    login: str
    password_hash: str | None
    disabled: bool


class Reception:
    """One a process. `clock` gives milliseconds since 1970. Methods block: use a thread."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], int],
        passwords: Passwords,
        lifetime: Lifetime = LIFETIME,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._passwords = passwords
        self._lifetime = lifetime

    def login(self, login: str, password: str, origin: Origin, old_token: str = "") -> Outcome:
        """`old_token` is what the browser's cookie held before: it ends with the login."""
        login = accounts.fold(login)
        with self._engine.connect() as conn:
            wait_ms = throttle.look(conn, login, origin.address, self._clock())
        if wait_ms:
            return _later(wait_ms)
        with writing(self._engine) as conn:
            turn = throttle.take(conn, login, origin.address, self._clock())
            known = _known(conn, login)
        if turn.wait_ms:
            return _later(turn.wait_ms)
        stored = known.password_hash if known and not known.disabled else None
        try:
            checked = self._passwords.verify(stored, password)
        except Busy:
            with writing(self._engine) as conn:
                throttle.give_back(conn, login, origin.address)
            return Outcome(None, "busy", _BUSY_S)
        with writing(self._engine) as conn:
            if checked.right and known and _unchanged(conn, known):
                if checked.renewed:
                    _renew(conn, known.id, checked.renewed)
                throttle.forgive(conn, login, origin.address)
                return Outcome(self._let_in(conn, known.id, known.login, origin, old_token))
            self._refused(conn, known, origin, waits=turn.first)
        return Outcome(None, "wrong")

    def logout(self, token: str, login: str, address: str) -> None:
        """End the session behind a cookie's token. Again is no harm."""
        now = self._clock()
        with writing(self._engine) as conn:
            if sessions.end(conn, token, now):
                append(conn, Entry(login, "logout", login, "", address), now)

    def change_password(self, login: str, old: str, new: str, origin: Origin) -> Outcome:
        """Every session of the account ends, this one too, and links to it; a new one starts.

        Raises WeakPassword before anything else. Guessing the old one is slowed like a login.
        """
        with self._engine.connect() as conn:
            one = accounts.get(conn, login)
        check(new, one.login, one.name)
        outcome = self.login(login, old, origin)
        if outcome.started is None:
            return outcome
        try:
            hashed = self._passwords.hash(check(new, one.login, one.name))
        except Busy:
            self.logout(outcome.started.token, one.login, origin.address)
            return Outcome(None, "busy", _BUSY_S)
        now = self._clock()
        with writing(self._engine) as conn:
            accounts.set_password(conn, one.id, hashed, now)
            links.void(conn, one.id, now)
            _note(conn, one.login, "people.password", origin, now, by="old password")
            return Outcome(self._start(conn, one.id, origin, now))

    def set_up(self, token: str, login: str, name: str, password: str, origin: Origin) -> Started:
        """The first administrator, by the set-up link; logged in at once.

        Raises LinkRefused, AccountRefused, WeakPassword and Busy.
        """
        self._opened(token, setup=True)
        hashed = self._passwords.hash(check(password, accounts.fold(login), name))
        now = self._clock()
        with writing(self._engine) as conn:
            chosen = links.Chosen(login, name, hashed)
            one = links.redeem_setup(conn, token, chosen, origin.address, now)
            return self._let_in(conn, one.id, one.login, origin)

    def redeem(self, token: str, password: str, origin: Origin) -> Started:
        """A first or forgotten password, by a link; logged in at once.

        Raises LinkRefused, WeakPassword and Busy.
        """
        opened = self._opened(token, setup=False)
        hashed = self._passwords.hash(check(password, opened.login or "", opened.name))
        now = self._clock()
        with writing(self._engine) as conn:
            one = links.redeem(conn, token, hashed, origin.address, now)
            throttle.forgive(conn, one.login, origin.address)
            return self._let_in(conn, one.id, one.login, origin)

    def vouched(self, identity: Identity, origin: Origin, old_token: str = "") -> Outcome:
        """Somebody an OpenID provider vouches for: in, if an administrator linked an account.

        No account is ever made here. The log keeps issuer and subject, for whoever links.
        """
        now = self._clock()
        with writing(self._engine) as conn:
            login = accounts.of_identity(conn, identity)
            one = accounts.find(conn, login) if login else None
            if one is not None and one.disabled_at is None:
                return Outcome(self._let_in(conn, one.id, one.login, origin, old_token))
            told = {**identity._asdict(), "browser": origin.browser}
            append(conn, Entry(NOBODY, "login.refused", login or "", "", origin.address, told), now)
        return Outcome(None, "wrong")

    def look(self, token: str) -> links.Opened | None:
        """What a link is for; opens nothing."""
        with self._engine.connect() as conn:
            return links.look(conn, token, self._clock())

    def person(self, login: str) -> Account:
        """Raises AccountRefused."""
        with self._engine.connect() as conn:
            return accounts.get(conn, login)

    def _opened(self, token: str, *, setup: bool) -> links.Opened:
        """Before any work is done: who has no link does not make the office compute."""
        opened = self.look(token)
        if opened is None or (opened.login is None) != setup:
            raise links.LinkRefused
        return opened

    def _let_in(
        self, conn: Connection, number: int, login: str, origin: Origin, old_token: str = ""
    ) -> Started:
        now = self._clock()
        sessions.end(conn, old_token, now)
        sessions.prune(conn, now)
        throttle.prune(conn, now)
        started = self._start(conn, number, origin, now)
        _note(conn, login, "login", origin, now)
        return started

    def _start(self, conn: Connection, number: int, origin: Origin, now: int) -> Started:
        return sessions.start(conn, number, origin, now, self._lifetime)

    def _refused(
        self, conn: Connection, known: _Known | None, origin: Origin, *, waits: bool
    ) -> None:
        told = {"browser": origin.browser, "slowed": waits}
        subject = known.login if known else ""
        entry = Entry(NOBODY, "login.refused", subject, "", origin.address, told)
        append(conn, entry, self._clock())


def _later(wait_ms: int) -> Outcome:
    return Outcome(None, "wait", -(-wait_ms // 1000))


def _known(conn: Connection, login: str) -> _Known | None:
    if not accounts.LOGIN.fullmatch(login):
        return None
    columns = (account.c.id, account.c.login, account.c.password_hash, account.c.disabled_at)
    row = conn.execute(select(*columns).where(account.c.login == login)).first()
    return _Known(row[0], row[1], row[2], row[3] is not None) if row else None


def _unchanged(conn: Connection, known: _Known) -> bool:
    """A password that was reset, or an account disabled, while we compared."""
    return _known(conn, known.login) == known


def _renew(conn: Connection, number: int, password_hash: str) -> None:
    one = account.c.id == number
    conn.execute(update(account).where(one).values(password_hash=password_hash))


def _note(conn: Connection, login: str, what: str, origin: Origin, now: int, **detail: Any) -> None:
    told = {"browser": origin.browser, **detail}
    append(conn, Entry(login, what, login, "", origin.address, told), now)
