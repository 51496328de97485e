"""The citizens' portal on this kiosk: does it answer its health question, and how fast.

It owns the judgement of one GET /healthz on 127.0.0.1, and says when the portal sends citizens away
because a technician has closed it: then nothing is broken, and nobody is served. Whether the page
is seen is the browser probe's word, not this one's.
"""

import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from agent.probes import plain_http
from agent.probes.base import Clock, Finding, found

if TYPE_CHECKING:
    from wire.messages import Fact

HOST: Final = "127.0.0.1"


class Health(msgspec.Struct):
    version: str
    maintenance: bool = False


class Portal:
    """`port` of the portal on 127.0.0.1; an answer slower than `slow_ms` is a warning."""

    name = "portal"
    confirm = 2
    bands: Mapping[str, float] = {"took_ms": math.inf}

    def __init__(
        self,
        port: int,
        *,
        period_s: float = 15.0,
        timeout_s: float = 3.0,
        slow_ms: float = 1000.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._port = port
        self._slow_ms = slow_ms
        self._patience_s = timeout_s
        self._clock = clock
        self.period_s = period_s
        self.timeout_s = timeout_s + 1

    def observe(self) -> Finding:
        began = self._clock()
        try:
            answer = plain_http.get(HOST, self._port, "/healthz", self._patience_s)
            if answer.status != 200:
                return _down(f"the portal answers with HTTP {answer.status}")
            health = msgspec.json.decode(answer.body, type=Health)
        except TimeoutError:
            return _down("the portal does not answer")
        except OSError as error:
            return _down(f"the portal is not running: {error}")
        except (plain_http.NotHttp, msgspec.DecodeError) as error:
            return _down(f"something else than the portal answers: {error}")
        return self._judge(round((self._clock() - began) * 1000, 1), health)

    def _judge(self, took_ms: float, health: Health) -> Finding:
        whys: dict[str, str] = {}
        if took_ms > self._slow_ms:
            whys["portal.slow"] = f"the portal took {took_ms:.0f} ms to answer"
        if health.maintenance:
            whys["portal.maintenance"] = "a technician has closed it"
        facts: dict[str, Fact] = {
            "answers": True,
            "took_ms": took_ms,
            "version": health.version[:40],
            "maintenance": health.maintenance,
        }
        return found(facts, list(whys), "; ".join(whys.values()))


def _down(why: str) -> Finding:
    return found({"answers": False}, ["portal.down"], why)
