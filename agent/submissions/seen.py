"""What the portal is told of this kiosk: how its parts are, and whether the office is heard.

Owns <notices>/state.json (wire/local.py Local) and when it is written: when it changes, and once a
minute, so that the portal sees that the agent lives. Not synced: after a power cut it is written
anew before anybody asks. Says nothing of readings, only of states and codes.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from agent import disk
from wire.local import STATE, Local, Probed
from wire.messages import Observation

ANEW_S: Final = 60.0


class Seen:
    """`sighted` from any thread, `tick` from one. A disk that refuses is another's to tell."""

    def __init__(
        self, folder: Path, *, monotonic: Callable[[], float], wall_ms: Callable[[], int]
    ) -> None:
        self._path, self._monotonic, self._wall_ms = folder / STATE, monotonic, wall_ms
        self._lock = threading.Lock()
        self._probes: dict[str, Probed] = {}
        self._online, self._since, self._sure = False, wall_ms(), False
        self._news, self._anew_at = True, 0.0

    def sighted(self, observation: Observation) -> None:
        """What is believed of one part now."""
        with self._lock:
            before = self._probes.get(observation.probe)
            if before and (before.state, before.codes) == (observation.state, observation.codes):
                return
            same = before is not None and before.state == observation.state
            since = before.since if before and same else observation.at
            self._probes[observation.probe] = Probed(
                state=observation.state, since=since, codes=observation.codes
            )
            self._news = True

    def tick(self, *, online: bool, sure: bool) -> None:
        """`sure`: the kiosk's clock agrees with the office's."""
        with self._lock:
            if online != self._online:
                self._online, self._since, self._news = online, self._wall_ms(), True
            self._news |= sure != self._sure
            self._sure = sure
            now = self._monotonic()
            if not self._news and now < self._anew_at:
                return
            self._news, self._anew_at = False, now + ANEW_S
            said = msgspec.json.encode(self._local())
        try:
            disk.replace(self._path, said, 0o644)
        except OSError:
            self._news = True

    def _local(self) -> Local:
        return Local(
            at=self._wall_ms(),
            online=self._online,
            online_since=self._since,
            clock="sure" if self._sure else "unsure",
            probes=dict(self._probes),
        )
