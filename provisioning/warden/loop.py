"""The warden's one loop: sign, end, sign for the log, say how it is; never busy, never late.

Wires the parts and keeps them going: a database that is away or a full disk is waited for, and
meanwhile the list of ended certificates is kept from growing old. A storage that does not keep
what it took raises StoreBroken: whoever started us starts us again from what is there.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller.store.engine import writing
from controller.store.failures import absence
from controller.warden_state import Spoken, spoken
from provisioning.authority.certificates import DAY_MS
from provisioning.authority.issued import Issuer
from provisioning.warden import books, report
from provisioning.warden.auditor import Auditor
from provisioning.warden.ledger import Ledger
from provisioning.warden.lists import Lists
from provisioning.warden.recall import forgotten, recall, withdraw_old
from provisioning.warden.signing import Signer

IDLE_S: Final = 0.4
BUSY_S: Final = 0.1
AWAY_S: Final = 1.0
CALM_MS: Final = 3_000  # after a signature the next request is likely
BEAT_MS: Final = 5_000


class Stop(Protocol):
    def wait(self, timeout: float) -> bool: ...


class Parts(NamedTuple):
    """`wall` gives milliseconds since 1970; `say` gets what a person should know."""

    engine: Engine
    issuer: Issuer
    signer: Signer
    lists: Lists
    auditor: Auditor
    ledger: Ledger
    wall: Callable[[], int]
    say: Callable[[str], None]


class Warden:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._told: Spoken | None = None  # as the row must still read, if nobody restored it
        self._issued_at = 0
        self._signed_at = 0
        self._away = ""

    def run(self, stop: Stop) -> None:
        """Until told to stop; signs for the audit log once more at the end. Raises StoreBroken."""
        pause = 0.0
        while not stop.wait(pause):
            pause = self._guarded(self._step, self._alone)
        self._guarded(self._end, lambda _now: None)

    def _guarded(self, work: Callable[[int], float], otherwise: Callable[[int], None]) -> float:
        now = self._parts.wall()
        try:
            pause = work(now)
        except SQLAlchemyError as error:
            self._complain(f"the database is away: {absence(error)}")
        except OSError as error:
            self._complain(f"{error}: the administrator must see to the disk")
        else:
            self._complain("")
            return pause
        try:
            otherwise(now)
        except OSError as error:
            self._complain(f"{error}: the administrator must see to the disk")
        return AWAY_S

    def _step(self, now: int) -> float:
        """Seconds until the next one."""
        parts = self._parts
        self._papers(now)
        parts.lists.hear(now)
        self._same_books(now)
        # After it: a wish of a kiosk whose end the books forgot must find the end, not be signed.
        if parts.signer.step():
            self._signed_at = now
        with parts.engine.connect() as conn:
            told = self._told
            parts.lists.step(conn, now, above=told.crl_number if told else 0)
            if parts.auditor.due(now):
                parts.auditor.step(conn, now)
        self._tell(now)
        busy = parts.lists.busy(now) or 0 <= now - self._signed_at < CALM_MS
        return BUSY_S if busy else IDLE_S

    def _alone(self, now: int) -> None:
        """What must be done even without a database."""
        self._papers(now)
        self._parts.lists.step_without_books(now)

    def _end(self, now: int) -> float:
        with self._parts.engine.connect() as conn:
            self._parts.auditor.step(conn, now)
        self._tell(now, at_once=True)
        return 0.0

    def _papers(self, now: int) -> None:
        if self._issued_at and 0 <= now - self._issued_at < DAY_MS:
            return
        done = self._parts.issuer.refresh(now)
        self._parts.lists.ended.always = frozenset({self._parts.issuer.revoked_probe()})
        if "probe-revoked" in done:
            self._parts.lists.begin_anew()
        if done:
            self._parts.say(f"issued anew: {', '.join(done)}")
        self._issued_at = now

    def _same_books(self, now: int) -> None:
        """At a start, and when the database was put back under us: what ended stays ended."""
        with self._parts.engine.connect() as conn:
            there = spoken(conn)
            if there is not None and there == self._told:
                return
        if there is not None:
            self._parts.auditor.remember(there.checkpoint_n, there.checkpoint_at)
        self._remind(now)
        self._forget_codes(there, now)
        self._parts.lists.begin_anew()
        self._write(now, there)

    def _remind(self, now: int) -> None:
        """The books are told what they forgot: first what ended, then what was signed."""
        engine, listed = self._parts.engine, self._parts.lists.ended.entries()
        with engine.connect() as conn:
            back = books.revived(conn, listed)
            lost = forgotten(conn, self._parts.ledger.lines(), listed)
        for one in back:
            with writing(engine) as conn:
                books.end_again(conn, one, now)
            self._parts.say(f"{one.kiosk}: the list says it ended, the database had forgotten")
        for line in lost:
            with writing(engine) as conn:
                counts = recall(conn, line, now)
            what = "known again" if counts else "not taken back: its kiosk was ended"
            self._parts.say(f"{line.kiosk}: a certificate the database had forgotten is {what}")

    def _forget_codes(self, there: Spoken | None, now: int) -> None:
        """Codes from before a backup may have been used since: the restored books do not know."""
        told = self._told
        with self._parts.engine.connect() as conn:
            until = self._parts.auditor.restored(conn)
        # A write of ours that came through although we were told otherwise is newer, not older.
        if told is not None and (there is None or there.heard_at < told.heard_at):
            until = max(until, told.heard_at)
        if not until:
            return
        with writing(self._parts.engine) as conn:
            names = withdraw_old(conn, until, now)
        if names:
            self._parts.say(f"an older database: withdrew the open codes of {', '.join(names)}")

    def _tell(self, now: int, *, at_once: bool = False) -> None:
        told = self._told
        assert told is not None
        new = self._report(now)
        same = new._replace(heard_at=told.heard_at) == told
        if at_once or not same or not 0 <= now - told.heard_at < BEAT_MS:
            self._write(now, told)

    def _write(self, now: int, old: Spoken | None) -> None:
        new = self._report(now, old)
        with writing(self._parts.engine) as conn:
            report.write(conn, new, old)
        self._told = new

    def _report(self, now: int, old: Spoken | None = None) -> Spoken:
        lists, auditor = self._parts.lists, self._parts.auditor
        seen = 0 if old is None else old.crl_number
        return Spoken(
            heard_at=now,
            crl_number=max(lists.ended.number, seen),
            crl_signed_at=lists.ended.signed_at,
            crl_next_update=lists.ended.next_update,
            lists_ok=int(lists.standing.ok),
            lists_why=lists.standing.why[:300],
            lists_proven_at=lists.standing.proven_at,
            checkpoint_n=auditor.n,
            checkpoint_at=auditor.at,
        )

    def _complain(self, why: str) -> None:
        if why != self._away:
            self._parts.say(why or "goes on")
        self._away = why
