"""The desk at which orders are handed out: to kiosks that come, and for commands that are due.

Owns the transaction that writes `sent` before anything is handed to the broker, fenced by the
lease of the partition: whoever lost it sends nothing. A crash between the two is healed by `due`.
That transaction is not synced to the disk by itself: a power cut forgets that a command was sent,
the kiosk's ledger does not. Decides nothing: plan.py does. What it keeps in memory (kiosks with
more than fits) only saves time; nothing depends on it.
"""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from controller import changes
from controller.commands import open as open_commands
from controller.commands import orders, turns
from controller.commands.open import Waiting
from controller.commands.orders import Signer
from controller.commands.plan import Kiosk, Plan, plan, wait
from controller.commands.road import Road
from controller.commands.shares import Shares
from controller.commands.turns import Turn
from controller.commands.voice import Voice
from controller.dispatch import Outgoing
from controller.known import Known
from controller.leases import LeaseLost, Leases
from controller.memory import Memory
from controller.metrics import Counters
from controller.store import failures
from controller.store.engine import writing
from wire.envelope import Envelope

SILENT = "commands are not sent"
AGAIN_MS = 15_000
BROKEN_MS = 300_000


class Said(NamedTuple):
    """`mail` is to be sent; `lost` are partitions that are no longer ours; `more`: at once."""

    mail: list[Outgoing]
    lost: frozenset[int] = frozenset()
    more: bool = False


class _Round(NamedTuple):
    """One transaction at the desk. `signer`: when kiosks would believe it."""

    conn: Connection
    at: int
    born: frozenset[str]
    signer: Signer | None
    mail: list[Outgoing]
    counters: Counters


class Desk:
    """`clock` gives office milliseconds; `say` tells whoever runs the office, once."""

    def __init__(
        self,
        engine: Engine,
        memory: Memory,
        leases: Leases,
        counters: Counters,
        clock: Callable[[], int],
        *,
        signer: Signer | None = None,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._engine = engine
        self._memory = memory
        self._leases = leases
        self._counters = counters
        self._clock = clock
        self._voice = Voice(signer, SILENT, say)
        self._say = say
        self._road = Road()
        self._shares = Shares()
        self._crowded: set[str] = set()
        self._seen: frozenset[int] = frozenset()
        self._again = 0

    def greet(self, born: Collection[str], answered: Collection[str] = ()) -> Said:
        """Everything that is open for kiosks that have come, or have room again."""
        room = self._crowded.intersection(answered)
        names = {*born, *room}
        known = [k for name in names if (k := self._memory.get(name)) and k.thread is not None]
        here = {k.id: k for k in known if k.thread is not None and k.thread.nonce}
        if not here:
            return Said([])

        def find(conn: Connection, _now: int) -> list[Waiting]:
            found = open_commands.of(conn, here)
            rest = [Waiting(_kiosk(k), []) for k in here.values() if k.id not in found]
            return [*found.values(), *rest]

        return self._hand_out(find, {k.partition for k in here.values()}, frozenset(born))

    def look(self, up: Iterable[int]) -> Said:
        """What is due for kiosks of the partitions that can be reached. Raises StoreAway ..."""
        ours = self._leases.held.intersection(up)
        if not ours:
            return Said([])
        try:
            self._look_again(ours, self._clock())
        except LeaseLost as lost:
            return Said([], lost.partitions)
        except Exception as error:
            failures.refuse(error)
            raise

        def find(conn: Connection, now: int) -> list[Waiting]:
            return open_commands.due(conn, ours, now)

        return self._hand_out(find, ours, frozenset())

    def tick(self, up: Iterable[int]) -> Said:
        """Once a second: the policy in force, and who has not heard of it."""
        now, ours = self._clock(), self._leases.held.intersection(up)
        try:
            with self._engine.connect() as conn:
                self._road.look(conn, now)
                told = self._road.walk(conn, ours, now) if self._voice.signer is not None else []
                self._counters.set("anjungan_commands_open", open_commands.count(conn, ours))
        except Exception as error:
            failures.refuse(error)
            raise
        self._counters.add("anjungan_policies_sent_total", len(told))
        return Said(told)

    def _hand_out(
        self,
        find: Callable[[Connection, int], list[Waiting]],
        partitions: Collection[int],
        born: frozenset[str],
    ) -> Said:
        now = self._clock()
        try:
            with writing(self._engine, relaxed=True) as conn:
                self._leases.check(conn, partitions)
                found = find(conn, now)
                one = _Round(conn, now, born, self._usable(conn, now), [], Counters())
                moved = [turn for waiting in found for turn in self._serve_one(one, waiting)]
                turns.carry_out(conn, moved)
                told = turns.news(turn for turn in moved if turn.new != turn.old)
                changes.record_all(conn, told, now)
        except LeaseLost as lost:
            self._road.forget()
            return Said([], lost.partitions)
        except Exception as error:
            self._road.forget()
            if isinstance(error, IntegrityError):  # somebody else took that very number meanwhile
                return Said([])
            failures.refuse(error)
            raise
        self._counters.merge(one.counters)
        return Said(one.mail, more=not born and len(found) == open_commands.SLICE)

    def _serve_one(self, now: "_Round", waiting: Waiting) -> list[Turn]:
        """One whose books are broken must not stop the others, nor be looked at all the time."""
        try:
            return self._serve(now, waiting)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours, said and counted
            self._say(f"the commands of {waiting.kiosk.name} cannot be handed out: {error!r}")
            now.counters.add("anjungan_poisoned_total")
            due = [row for row in waiting.rows if row.due <= now.at]
            return [turns.to(row, row.state, due=now.at + BROKEN_MS) for row in due]

    def _serve(self, now: "_Round", waiting: Waiting) -> list[Turn]:
        kiosk, signer = waiting.kiosk, now.signer
        if signer is None:
            kiosk = kiosk._replace(listens=False)
        elif kiosk.listens:
            kiosk = self._led(now, kiosk)
        made = plan(kiosk, waiting.rows, now.at, born=kiosk.name in now.born)
        moved, crowded = made.turns, made.crowded
        if signer is not None and kiosk.listens and made.speak:
            said = self._fitting(now.conn, kiosk, made)
            left = {row.id: row for row in made.say[len(said) :]}
            moved = [turn for turn in moved if turn.id not in left]
            moved += [wait(row, now.at) for row in left.values() if row.due <= now.at]
            crowded = crowded or bool(left)
            now.mail.append(signer.orders(self._fleet, kiosk, said, now.at))
            now.counters.add("anjungan_orders_total")
        (self._crowded.add if crowded else self._crowded.discard)(kiosk.name)
        _count(moved, now.counters)
        return moved

    def _led(self, now: "_Round", kiosk: Kiosk) -> Kiosk:
        """Told the next policy, if there is one, and then held."""
        steps = self._road.step(now.conn, kiosk, now.at)
        now.counters.add("anjungan_policies_sent_total", len(steps))
        now.mail.extend(steps)
        return kiosk._replace(held=self._road.waits(kiosk, now.at))

    def _fitting(self, conn: Connection, kiosk: Kiosk, made: Plan) -> list[Envelope]:
        """As many as one message holds, and always one; the others have their turn later."""
        said: list[Envelope] = []
        room = orders.MOST_BYTES
        for row in made.say:
            envelope = self._shares.envelope(conn, kiosk.name, row)
            room -= orders.size(envelope)
            if room < 0 and said:
                break
            said.append(envelope)
        return said

    def _usable(self, conn: Connection, now: int) -> Signer | None:
        """The key, when kiosks would believe it. Says once why not."""
        if self._road.newest is None and self._voice.signer is not None:
            self._road.look(conn, now)
        return self._voice.usable(self._road.newest.policy if self._road.newest else None)

    @property
    def _fleet(self) -> str:
        return self._road.newest.policy.fleet if self._road.newest is not None else ""

    def _look_again(self, ours: frozenset[int], now: int) -> None:
        """In a transaction of its own: what it locks is not what is due, see turns.lock."""
        if ours - self._seen or now >= self._again:
            with writing(self._engine, relaxed=True) as conn:
                self._leases.check(conn, ours)
                turns.look_again(conn, ours)
            self._again = now + AGAIN_MS
        self._seen = ours


def _kiosk(known: Known) -> Kiosk:
    thread = known.thread
    assert thread is not None
    listens = known.presence.state == "online" and bool(thread.nonce)
    return Kiosk(
        known.id, known.name, known.partition, thread.nonce, thread.policy, thread.number, listens
    )


def _count(moved: Iterable[Turn], counters: Counters) -> None:
    for turn in moved:
        if turn.new in ("overdue", "silent"):
            label = f"guess={turn.new}"
            counters.add("anjungan_command_guesses_total", labels=label)
        elif turn.new == "sent" and turn.old == "queued":
            counters.add("anjungan_commands_sent_total")
        elif "sends" in turn.values:
            counters.add("anjungan_commands_again_total")
