"""What kiosks said of their releases in one batch, stored at once.

Owns `reported`, and the `due` of what is desired: a kiosk that comes with something else is due
in the very transaction that stores its birth, one that answers is not. A settled Install moves the
kiosk's share of the rollout it answers, if that still waits for it. Runs inside the transaction of
controller/work.py, which acknowledges only what is stored. A word that is refused becomes a dead
letter and stops nobody. Two questions a batch, and none when nobody spoke of releases.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update

from controller.changes import News
from controller.effects import Row
from controller.letters import letter
from controller.metrics import Counters
from controller.rollouts import reported as words
from controller.rollouts.reported import Refused, Reported
from controller.rollouts.tell import LATER_MS, Turn, Wanted
from controller.store.engine import upsert
from controller.store.release_tables import desired, reported, share
from controller.store.slices import slices
from wire import topics
from wire.codec import encode, kind_of
from wire.messages import Birth, Fetching, Install

BELIEVED: Final = "in use as the kiosk says; its report is in no book any more"
_KEY: Final = ("kiosk_id", "bundle")
_KIOSKS: Final[BindParameter[Any]] = bindparam("kiosks", expanding=True)
# In one order and locked: whoever desires something else meanwhile waits, see turns.lock.
_DESIRED: Final = (
    select(*(desired.c[name] for name in Wanted._fields[:10]))
    .where(desired.c.kiosk_id.in_(_KIOSKS))
    .order_by(desired.c.kiosk_id, desired.c.bundle)
    .with_for_update()
)
_REPORTED: Final = select(*(reported.c[n] for n in Reported._fields)).where(
    reported.c.kiosk_id.in_(_KIOSKS)
)
_THIS: Final = (
    desired.c.kiosk_id == bindparam("the_kiosk"),
    desired.c.bundle == bindparam("the_bundle"),
    desired.c.number == bindparam("the_number"),
)
_SET_DUE: Final = update(desired).where(*_THIS).values(due=bindparam("at"))
_ANSWERED: Final = update(desired).where(*_THIS).values(due=bindparam("at"), sends=0)
_MINE: Final = (
    share.c.rollout_id == bindparam("the_rollout"),
    share.c.kiosk_id == bindparam("the_kiosk"),
)
_SEEN: Final = (
    update(share)
    .where(*_MINE, share.c.wanted_at.is_not(None), share.c.seen_at.is_(None))
    .values(seen_at=bindparam("at"))
)
_SETTLED: Final = (
    update(share)
    .where(*_MINE, share.c.state == "wanted", share.c.back.is_(False))
    .values(
        state=bindparam("end"), settled_at=bindparam("at"),
        code=bindparam("the_code"), why=bindparam("the_why"),
    )
)  # fmt: skip
_FORGET: Final = delete(reported).where(
    reported.c.kiosk_id == bindparam("the_kiosk"), reported.c.bundle == bindparam("the_bundle")
)


class Word(NamedTuple):
    """`fact`: the row of the timeline that an Install makes, still to be completed."""

    kiosk_id: int
    kiosk: str
    message: Birth | Fetching | Install
    fact: Row | None = None


class Outcome(NamedTuple):
    """What else has to be stored and counted."""

    news: list[News]
    letters: list[Row]
    counters: Counters


Rows = dict[tuple[int, str], Reported]


class _Batch:
    """What the words of one batch come to. Rows are those of the database until `store`."""

    def __init__(self, wanted: Iterable[Wanted], known: Rows, now: int) -> None:
        self.wanted = {(one.kiosk_id, one.bundle): one for one in wanted}
        self.before, self.after = known, dict(known)
        self.has, self.shall = _bundles(known), _bundles(self.wanted)
        self.now = now
        self.due: dict[tuple[int, str], tuple[int | None, bool]] = {}  # when; whether answered
        self.ends: dict[tuple[int, str], Install] = {}
        self.seen: set[tuple[int, int]] = set()  # rollout, kiosk
        self.gone: set[tuple[int, str]] = set()

    def born(self, kiosk_id: int, releases: dict[str, int]) -> None:
        said = {b: seq for b, seq in releases.items() if words.is_plausible(b, seq)}
        known, shall = set(self.has[kiosk_id]), self.shall[kiosk_id]
        for bundle in (said.keys() | known) - self._forgettable(kiosk_id, known - shall, said):
            key = (kiosk_id, bundle)
            row = self.after.get(key)
            self.after[key] = words.in_use(row, kiosk_id, bundle, said.get(bundle, 0), self.now)
            self.has[kiosk_id].add(bundle)
        for bundle in shall:
            self._came(self.wanted[kiosk_id, bundle], said.get(bundle, 0))

    def heard(self, word: Word, message: Fetching | Install) -> None:
        """Raises Refused."""
        key = (word.kiosk_id, message.bundle)
        others = len(self.has[word.kiosk_id])
        before = self.after.get(key)
        row = words.hear(before, word.kiosk_id, message, self.now, others=others)
        self.after[key] = row
        self.has[word.kiosk_id].add(message.bundle)
        self.gone.discard(key)
        wanted = self.wanted.get(key)
        if wanted is None or not row.answers(wanted.seq, wanted.attempt):
            return
        self._seen(wanted)
        if isinstance(message, Install):
            self.ends.setdefault(key, message)  # an end is an end: the first one holds
            well = message.state != "installed" or message.now == wanted.seq
            self.due[key] = (None if well else self.now, True)
        else:
            self.due[key] = (self.now + LATER_MS, True)

    def _came(self, wanted: Wanted, in_use: int) -> None:
        key = (wanted.kiosk_id, wanted.bundle)
        row = self.after.get(key)
        if row is None or not (row.settled and row.answers(wanted.seq, wanted.attempt)):
            self._seen(wanted)
        if in_use != wanted.seq and key not in self.due:
            self.due[key] = (self.now, False)

    def _seen(self, wanted: Wanted) -> None:
        if wanted.rollout_id is not None:
            self.seen.add((wanted.rollout_id, wanted.kiosk_id))

    def _forgettable(self, kiosk_id: int, strange: set[str], said: dict[str, int]) -> set[str]:
        """Bundles it has no more and that nobody wants there: a liar shall not fill the books."""
        gone = strange - said.keys()
        self.gone |= {(kiosk_id, bundle) for bundle in gone}
        for bundle in gone:
            self.after.pop((kiosk_id, bundle), None)
            self.has[kiosk_id].discard(bundle)
        return gone

    def store(self, conn: Connection) -> list[News]:
        rows = [row for key, row in sorted(self.after.items()) if row is not self.before.get(key)]
        _many(conn, upsert(conn, reported, _KEY), [row._asdict() for row in rows])
        _many(conn, _FORGET, [{"the_kiosk": k, "the_bundle": b} for k, b in sorted(self.gone)])
        due = sorted(self.due.items())
        _many(conn, _SET_DUE, [self._at(key, at) for key, (at, answers) in due if not answers])
        _many(conn, _ANSWERED, [self._at(key, at) for key, (at, answers) in due if answers])
        _many(conn, _SEEN, [_share(r, k) | {"at": self.now} for r, k in sorted(self.seen)])
        ends = [one for key in sorted(self.ends) if (one := self._end(key)) is not None]
        _many(conn, _SETTLED, ends)
        return self._news(rows)

    def _at(self, key: tuple[int, str], due: int | None) -> Row:
        wanted = self.wanted[key]
        this = {"the_kiosk": key[0], "the_bundle": key[1], "the_number": wanted.number}
        return {**this, "at": due}

    def _end(self, key: tuple[int, str]) -> Row | None:
        said, rollout_id = self.ends[key], self.wanted[key].rollout_id
        if rollout_id is None:
            return None
        end = {"end": said.state, "at": self.now, "the_code": said.code, "the_why": said.why}
        return _share(rollout_id, key[0]) | end

    def _news(self, rows: Iterable[Reported]) -> list[News]:
        """One for each bundle of a kiosk, and one for each rollout of which a kiosk moved on."""
        told = [News("install", row.kiosk_id, row.bundle) for row in rows]
        moved = (one for row in rows if (one := self._moved(row)) is not None)
        return told + [News("rollout", None, str(one)) for one in dict.fromkeys(moved)]

    def _moved(self, row: Reported) -> int | None:
        key = (row.kiosk_id, row.bundle)
        before = self.before.get(key)
        same = before is not None and (before.state, before.seq) == (row.state, row.seq)
        return self.wanted[key].rollout_id if key in self.wanted and not same else None


def _bundles(keys: Iterable[tuple[int, str]]) -> defaultdict[int, set[str]]:
    """By kiosk: a batch of thousands is not walked through for each of its words."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for kiosk_id, bundle in keys:
        found[kiosk_id].add(bundle)
    return found


def store(conn: Connection, said: Sequence[Word], now: int) -> Outcome:
    """In the caller's transaction. Completes the words' facts; `now` in milliseconds."""
    outcome = Outcome([], [], Counters())
    if not said:
        return outcome
    kiosks = sorted({one.kiosk_id for one in said})
    batch = _Batch(_wanted(conn, kiosks), _known(conn, kiosks), now)
    for one in said:
        if isinstance(one.message, Birth):
            batch.born(one.kiosk_id, one.message.releases)
        else:
            _hear(batch, one, one.message, outcome)
    outcome.news.extend(batch.store(conn))
    return outcome


def carry_out(conn: Connection, turns: Iterable[Turn], now: int) -> list[News]:
    """What the desk decided, where nobody desires something else meanwhile."""
    every = list(turns)

    def columns(one: Turn) -> tuple[str, ...]:
        return tuple(sorted(one.values))

    for names, alike in groupby(sorted(every, key=columns), key=columns):
        changed: Row = {name: bindparam(f"new_{name}") for name in names}
        statement = update(desired).where(*_THIS).values(changed)
        conn.execute(statement, [_changed(one) for one in alike])
    return _believe(conn, [one.row for one in every if one.believed], now)


def _changed(one: Turn) -> Row:
    this = {"the_kiosk": one.row.kiosk_id, "the_bundle": one.row.bundle}
    named = {f"new_{name}": value for name, value in one.values.items()}
    return {**this, **named, "the_number": one.row.number}


def _believe(conn: Connection, rows: Iterable[Wanted], now: int) -> list[News]:
    """These kiosks have what is desired, though no report of it is in the books."""
    every = list(rows)
    if not every:
        return []
    batch = _Batch(every, _known(conn, sorted({one.kiosk_id for one in every})), now)
    for one in every:
        row = batch.after.get((one.kiosk_id, one.bundle)) or Reported(one.kiosk_id, one.bundle, 0)
        batch.after[one.kiosk_id, one.bundle] = row._replace(
            seq=one.seq, wanted_seq=one.seq, attempt=one.attempt, state="installed",
            code="", why=BELIEVED, at=now,
        )  # fmt: skip
    news = batch.store(conn)
    ends = {"end": "installed", "at": now, "the_code": "", "the_why": BELIEVED}
    mine = [(one.rollout_id, one.kiosk_id) for one in every if one.rollout_id is not None]
    _many(conn, _SETTLED, [_share(*one) | ends for one in sorted(mine)])
    return news


def _hear(batch: _Batch, word: Word, message: Fetching | Install, outcome: Outcome) -> None:
    key = (word.kiosk_id, message.bundle)
    old = batch.after.get(key)
    try:
        batch.heard(word, message)
    except Refused as refused:
        outcome.counters.add("anjungan_install_refused_total", labels=f"reason={refused.reason}")
        if isinstance(message, Install):
            topic = topics.up(word.kiosk, kind_of(message))
            aside = letter(topic, encode(message), refused.reason, str(refused), batch.now)
            outcome.letters.append(aside)
        return
    if isinstance(message, Install):
        outcome.counters.add("anjungan_installs_total", labels=f"end={message.state}")
    if word.fact is not None:
        word.fact["subject"] = f"install:{message.bundle}-{message.release}"
        word.fact["old"] = (old.state if old is not None else "") or "unknown"


def _wanted(conn: Connection, kiosks: Sequence[int]) -> list[Wanted]:
    return [
        Wanted(*row) for some in slices(kiosks) for row in conn.execute(_DESIRED, {"kiosks": some})
    ]


def _known(conn: Connection, kiosks: Sequence[int]) -> Rows:
    return {
        (row.kiosk_id, row.bundle): Reported(*row)
        for some in slices(kiosks)
        for row in conn.execute(_REPORTED, {"kiosks": some})
    }


def _share(rollout_id: int, kiosk_id: int) -> Row:
    return {"the_rollout": rollout_id, "the_kiosk": kiosk_id}


def _many(conn: Connection, statement: Any, rows: list[Row]) -> None:
    if rows:
        conn.execute(statement, rows)
