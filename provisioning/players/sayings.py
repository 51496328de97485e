"""What a load kiosk says: correct messages of the language, with figures that move.

Owns one kiosk's thread of conversation: epoch, birth, seq. Never touches a socket or a clock:
times are given in milliseconds.
"""

import hashlib
from random import Random
from typing import Final

from provisioning.players.answers import Answers, Kept
from wire.messages import (
    Birth,
    Death,
    Fact,
    Observation,
    Present,
    Progress,
    Reading,
    Result,
    State,
)

PROBES: Final[dict[str, dict[str, Fact]]] = {
    "disk": {"used_percent": 41.5, "free_mb": 14_200, "read_only": False, "mounts": 2},
    "network": {"link_up": True, "interface": "eth0", "rx_kbps": 12.0, "tx_kbps": 3.5},
    "screen": {"backend": "x11", "connected": True, "lit": True, "width": 1080, "height": 1920},
    "browser": {"alive": True, "right_page": True, "beat_age_s": 1.2, "pss_mb": 312.0},
    "portal": {"answers": True, "took_ms": 4.0, "version": "1"},
    "printer": {"printer_state": "idle", "accepting": True, "paper_percent": 80},
    "queue": {"queue_state": "idle", "accepting": True, "jobs": 0},
}


def name_of(number: int) -> str:
    """Counted from 1: load-00001."""
    return f"load-{number:05d}"


class Sayings:
    """`run` makes the epoch: another run is another memory, so its births start again.

    With `answers` it takes orders, under version `policy`; without, its births say so.
    """

    __slots__ = (
        "_dice",
        "answers",
        "birth",
        "epoch",
        "keepalive_s",
        "name",
        "nonce",
        "policy",
        "seq",
        "started",
    )

    def __init__(
        self,
        name: str,
        run: str,
        *,
        keepalive_s: int,
        started: int,
        answers: Answers | None = None,
        policy: int = 0,
    ) -> None:
        self.name = name
        self.epoch = hashlib.blake2b(f"{run}/{name}".encode(), digest_size=8).hexdigest()
        self.birth = 0
        self.seq = -1  # of the last message numbered
        self.keepalive_s = keepalive_s
        self.started = started
        self.answers = answers
        self.policy = policy
        self.nonce = ""
        self._dice = Random(self.epoch)  # noqa: S311 - a story, no secret

    def connecting(self) -> None:
        """A new connection: a new birth, counted from 0."""
        self.birth += 1
        self.seq = -1

    def death(self, *, planned: bool = False) -> Death:
        why = "stopped" if planned else "connection lost"
        return Death(epoch=self.epoch, birth=self.birth, planned=planned, why=why)

    def say_birth(self, now: int) -> Birth:
        if self.answers is not None:
            self.nonce = f"{self._dice.getrandbits(128):032x}"
        return Birth(
            epoch=self.epoch,
            birth=self.birth,
            seq=self._next(),
            sent=now,
            agent="load",
            boot_id=self.epoch,
            started=self.started,
            oldest_fact=1 if self.answers is None else self.answers.oldest,
            keepalive_s=self.keepalive_s,
            probes=("system", *PROBES),
            nonce=self.nonce,
            policy=self.policy,
            number=0 if self.answers is None else self.answers.number,
        )

    def say_all(self, now: int) -> Reading:
        """A full reading, as after a birth."""
        seen = [_seen(name, facts, now) for name, facts in PROBES.items()]
        return self._reading((self._system(now), *seen), now, full=True)

    def say_change(self, now: int) -> Reading:
        """What moves on a quiet kiosk: one probe beyond its dead band."""
        return self._reading((self._system(now),), now)

    def say_present(self, now: int) -> Present:
        return Present(epoch=self.epoch, birth=self.birth, seq=self._next(), sent=now)

    def say_progress(self, command: str, now: int) -> Progress:
        return Progress(
            epoch=self.epoch,
            birth=self.birth,
            seq=self._next(),
            sent=now,
            command=command,
            state="running",
            percent=50,
        )

    def say_result(self, kept: Kept, now: int) -> Result:
        return Result(
            epoch=self.epoch,
            birth=self.birth,
            seq=self._next(),
            sent=now,
            fact=kept.fact,
            command=kept.command,
            state=kept.state,
            code="" if kept.state == "succeeded" else "played",
            began=kept.at,
            ended=kept.at,
        )

    def _reading(
        self, observations: tuple[Observation, ...], now: int, *, full: bool = False
    ) -> Reading:
        return Reading(
            epoch=self.epoch,
            birth=self.birth,
            seq=self._next(),
            sent=now,
            full=full,
            observations=observations,
        )

    def _system(self, now: int) -> Observation:
        facts: dict[str, Fact] = {
            "cpu_percent": round(self._dice.uniform(3, 60), 1),
            "memory_percent": round(self._dice.uniform(30, 60), 1),
            "load1": round(self._dice.uniform(0, 2), 2),
            "uptime_s": max(0, now - self.started) // 1000,
            "cores": 4,
        }
        return _seen("system", facts, now)

    def _next(self) -> int:
        self.seq += 1
        return self.seq


def _seen(probe: str, facts: dict[str, Fact], now: int) -> Observation:
    state: State = "ok"
    return Observation(probe=probe, state=state, facts=facts, at=now, latency_ms=1.0)
