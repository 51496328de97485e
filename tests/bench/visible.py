"""From a kiosk's publish to a row that another connection reads: one report at a time, by hand.

Runs beside a background load. For the yardstick the same report is also received by a bare
subscriber on the same broker.
"""

import time

from sqlalchemy import select

from controller.store.tables import kiosk, thread
from tests.bench.office import Office
from tests.support.mqtt import Player
from wire import topics
from wire.codec import encode
from wire.messages import Birth, Observation, Reading

EPOCH = "00000000be9c0001"
PATIENCE_S = 10.0
LOOK_EVERY_S = 0.002


def delays(one: Office, name: str, seconds: float) -> tuple[list[float], list[float]]:
    """Seconds until visible in the database, and until a bare subscriber had it, per report."""
    visible, received = [], []
    with Player(one.broker, name) as speaker, Player(one.broker, "listener") as listener:
        listener.subscribe(topics.up(name, "reading"))
        speaker.publish(topics.up(name, "birth"), encode(_birth()))
        until = time.monotonic() + seconds
        seq = 0
        while time.monotonic() < until:
            seq += 1
            started = time.monotonic()
            speaker.post(topics.up(name, "reading"), encode(_reading(seq)))
            listener.next()
            received.append(time.monotonic() - started)
            visible.append(_seen(one, name, seq) - started)
    return visible, received


def _seen(one: Office, name: str, seq: int) -> float:
    query = select(thread.c.seq).join(kiosk).where(kiosk.c.name == name)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with one.engine.connect() as conn:
            if (conn.scalar(query) or 0) >= seq:
                return time.monotonic()
        time.sleep(LOOK_EVERY_S)
    raise TimeoutError(f"report {seq} was not visible within {PATIENCE_S} s")


def _now() -> int:
    return time.time_ns() // 1_000_000


def _birth() -> Birth:
    return Birth(
        epoch=EPOCH,
        birth=1,
        seq=0,
        sent=_now(),
        agent="bench",
        boot_id="bench",
        started=_now(),
        oldest_fact=1,
        keepalive_s=60,
        probes=("system",),
    )


def _reading(seq: int) -> Reading:
    facts: dict[str, bool | int | float | str | None] = {"cpu_percent": float(seq % 100)}
    seen = Observation(probe="system", state="ok", facts=facts, at=_now())
    return Reading(epoch=EPOCH, birth=1, seq=seq, sent=_now(), observations=(seen,))
