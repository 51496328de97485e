"""The browser that shows the portal: running, on the right page, beating, visible, not too fat.

It owns the judgement of one page seen through the debugging port. A beat alone proves nothing (an
injected one goes on beating on an error page), an address alone neither (a dead page keeps its
address): health is all of them together. It only looks; repairs are the business of healing. It
brings its own beat, so the page needs to know nothing of it and may forbid every script it likes.
"""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from agent.probes import cdp, plain_http, process_memory, websocket
from agent.probes.base import Clock, Finding, cannot_tell, found
from wire.messages import Fact

BEAT: Final = """(() => {
  const key = Symbol.for("anjungan.beat");
  if (!window[key]) {
    const beat = {at: performance.now()};
    Object.defineProperty(window, key, {value: beat});
    setInterval(() => { beat.at = performance.now(); }, 1000);
  }
  return JSON.stringify({
    age: (performance.now() - window[key].at) / 1000,
    visible: document.visibilityState === "visible",
    page: location.href.slice(0, 2000),
  });
})()"""
ERROR_PAGE: Final = "chrome-error:"
MOST_SILENCES: Final = 4  # looks without an answer, then a fresh session is tried


class Look(msgspec.Struct):
    """What the page itself says."""

    age: float
    visible: bool
    page: str


class Browser:
    """`port` of the debugging port on 127.0.0.1; `expected` is how the right address begins."""

    name = "browser"
    confirm = 2
    bands: Mapping[str, float] = {"beat_age_s": math.inf, "pss_mb": 100, "processes": math.inf}

    def __init__(
        self,
        port: int,
        expected: str,
        *,
        period_s: float = 15.0,
        patience_s: float = 2.0,
        hung_after_s: float = 10.0,
        memory_high_mb: int = 1500,
        memory_every_s: float = 300.0,
        proc: Path | str = "/proc",
        clock: Clock = time.monotonic,
    ) -> None:
        self._port = port
        self._expected = expected
        self._patience_s = patience_s
        self._hung_after_s = hung_after_s
        self._memory = MemoryWatch(Path(proc), port, memory_high_mb, memory_every_s, clock)
        self._session: cdp.Session | None = None
        self._silences = 0
        self.period_s = period_s
        self.timeout_s = 3 * patience_s + 1  # list, connect, ask

    def observe(self) -> Finding:
        try:
            return self._look()
        except (websocket.Broken, OSError) as error:
            if self._session is None:
                return cannot_tell(f"the browser's debugging port does not answer: {error}")
        # The session was lost between two looks: the browser or the page was closed, or restarted.
        self._drop()
        try:
            return self._look()
        except (websocket.Broken, OSError) as error:
            self._drop()
            return cannot_tell(f"the browser's debugging port does not answer: {error}")

    def _look(self) -> Finding:
        if self._session is None and (absent := self._connect()) is not None:
            return absent
        assert self._session is not None
        try:
            text = self._session.evaluate(BEAT, self._patience_s)
            look = msgspec.json.decode(str(text), type=Look)
        except cdp.Silent:
            return self._silent()
        except cdp.Crashed:
            return self._tell({}, ["browser.crashed"], "the page has crashed")
        except (cdp.Refused, msgspec.DecodeError) as error:
            return cannot_tell(f"the page cannot be asked: {error}", {"alive": True})
        self._silences = 0
        return self._judge(look)

    def _connect(self) -> Finding | None:
        """Open a session, or say why there is none."""
        try:
            pages = cdp.pages(self._port, self._patience_s)
        except ConnectionRefusedError:
            return found({"alive": False}, ["browser.not_running"], "the browser is not running")
        except plain_http.NotHttp as error:
            return cannot_tell(f"something else than a browser listens: {error}")
        if not pages:
            return self._tell({"right_page": False}, ["browser.wrong_page"], "no page is open")
        page = next((one for one in pages if is_under(one.url, self._expected)), pages[0])
        self._session = cdp.Session(page, self._port, self._patience_s, BEAT)
        self._silences = 0
        return None

    def _silent(self) -> Finding:
        self._silences += 1
        if self._silences >= MOST_SILENCES:
            self._drop()
        return self._tell({}, ["browser.hung"], f"the page is silent for {self._patience_s:g} s")

    def _judge(self, look: Look) -> Finding:
        right = is_under(look.page, self._expected)
        failed = look.page.startswith(ERROR_PAGE)
        rules = {
            "browser.error_page": (failed, "the browser shows an error page"),
            "browser.wrong_page": (not right and not failed, "the browser shows another page"),
            "browser.hung": (look.age > self._hung_after_s, f"no beat for {look.age:.0f} s"),
            "browser.hidden": (not look.visible, "the page is not in front"),
        }
        facts: dict[str, Fact] = {
            "page": look.page.partition("?")[0].partition("#")[0][:200],
            "right_page": right,
            "beat_age_s": round(look.age, 1),
            "visible": look.visible,
        }
        codes = [code for code, (holds, _) in rules.items() if holds]
        return self._tell(facts, codes, "; ".join(rules[code][1] for code in codes))

    def _tell(self, facts: dict[str, Fact], codes: list[str], why: str) -> Finding:
        memory, high = self._memory.look()
        facts = {"alive": True, **facts, **memory}
        if not high:
            return found(facts, codes, why)
        return found(facts, [*codes, "browser.memory_high"], why or "the browser takes much memory")

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None


class MemoryWatch:
    """Memory facts, looked up seldom: adding up PSS of nine processes takes the kernel 30 ms.

    Each minute that alone would be half of all the processor time the agent may take.
    """

    def __init__(self, proc: Path, port: int, high_mb: int, every_s: float, clock: Clock) -> None:
        self._proc, self._port, self._high_mb = proc, port, high_mb
        self._every_s, self._clock = every_s, clock
        self._next = -math.inf
        self._facts: dict[str, Fact] = {}

    def look(self) -> tuple[dict[str, Fact], bool]:
        """Facts not older than `every_s`, and whether they are too high."""
        if self._clock() >= self._next:
            self._next = self._clock() + self._every_s
            memory = process_memory.of_browser(self._proc, self._port)
            self._facts = memory._asdict() if memory else {}
        pss = self._facts.get("pss_mb")
        return self._facts, isinstance(pss, int) and pss > self._high_mb


def is_under(url: str, expected: str) -> bool:
    """Whether `url` lies under `expected`, by whole parts: /ab is not under /a."""
    rest = url.removeprefix(expected)
    return url.startswith(expected) and (expected[-1:] in "/?#" or rest[:1] in {"", "/", "?", "#"})
