"""The one line to wherever releases are, made when somebody first asks for something.

Owns the address (what agent.toml says goes before the office's word, that before the office's own
door), whom to believe over TLS, and what it may cost. Brings nothing itself.
"""

import ssl
from pathlib import Path
from typing import Final

from agent.config import BadConfig, Config, Content
from agent.content.line import Line
from agent.content.meter import Meter
from agent.content.office_time import Times
from agent.content.stop import Stop
from agent.content.trouble import LineFailing
from agent.content.wanted import Kept
from agent.identity import trust
from wire.door import RELEASES_PATH

MB: Final = 1_000_000
WIB: Final = 420  # minutes ahead of UTC, where the office has said nothing else


class OneLine:
    def __init__(self, config: Config, kept: Kept, times: Times, stop: Stop) -> None:
        self._config, self._kept, self._times, self._stop = config, kept, times, stop
        self._line: Line | None = None

    @property
    def url(self) -> str:
        """Of the releases; empty when nobody has said."""
        door = self._config.door.url.rstrip("/") + RELEASES_PATH if self._config.door else ""
        return self._settings.url or self._kept.url or door

    def line(self) -> Line:
        """Raises LineFailing without an address, BadConfig for whoever wrote agent.toml."""
        if self._line is not None:
            return self._line
        if not self.url:
            raise LineFailing("nobody has said where releases are")
        try:
            self._line = Line(
                self.url,
                self._meter(),
                least_kbit=self._settings.least_kbit,
                tls=self.tls(),
                pause=self._stop.pause,
            )
        except ValueError as error:
            raise BadConfig(str(error)) from error
        return self._line

    def tls(self) -> ssl.SSLContext | None:
        """The office's own door by its own authority, anybody else by those of the system."""
        if not self.url.startswith("https:"):
            return None
        found = Path(self._config.state_dir) / "identity" / "current" / "server-ca.pem"
        ours = self._config.door is not None and self.url.startswith(self._config.door.url)
        pem = found.read_text("ascii") if ours and found.exists() else None
        # A dead clock must not keep from the kiosk what is signed anyway.
        made: ssl.SSLContext = trust.verified(authority=pem, dates=self._times.believed)
        return made

    @property
    def _settings(self) -> Content:
        assert self._config.content is not None
        return self._config.content

    def _meter(self) -> Meter:
        return Meter(
            Path(self._config.state_dir) / "content" / "meter.json",
            now=self._times.clock.ticking,
            day_bytes=int(self._settings.day_mb * MB),
            month_bytes=int(self._settings.month_mb * MB),
            quiet=self._settings.quiet,
            offset_min=next((one.offset_min for one in self._kept.wants), WIB),
        )
