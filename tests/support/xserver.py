"""Real X servers on displays of their own: Xvfb, and Xorg with the dummy driver for outputs."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

DUMMY = """
Section "Device"
  Identifier "dummy"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
EndSection
Section "Screen"
  Identifier "screen"
  Device "dummy"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 1280 800
  EndSubSection
EndSection
Section "ServerFlags"
  Option "AutoAddDevices" "false"
EndSection
"""


class XServer:
    """A running X server; `display` as in $DISPLAY."""

    def __init__(self, display: str, process: subprocess.Popen[bytes]) -> None:
        self.display = display
        self.process = process

    def run(self, *command: str) -> str:
        """Runs a tool of the X Window System as a client of this server."""
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=10
        )
        return done.stdout


@contextlib.contextmanager
def xvfb(*extra: str) -> Iterator[XServer]:
    command = ["Xvfb", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", *extra]
    with _server(command) as server:
        yield server


@contextlib.contextmanager
def xorg_dummy(folder: Path) -> Iterator[XServer]:
    config = folder / "dummy.conf"
    config.write_text(DUMMY, encoding="utf-8")
    command = ["Xorg", "-config", str(config), "-logfile", str(folder / "xorg.log")]
    with _server([*command, "-noreset", "-novtswitch", "-sharevts", "-nolisten", "tcp"]) as server:
        yield server


@contextlib.contextmanager
def _server(command: list[str]) -> Iterator[XServer]:
    """The server itself picks a free display and says so once it is ready."""
    ready, told = os.pipe()
    process = subprocess.Popen(
        [*command, "-displayfd", str(told)], pass_fds=[told], stderr=subprocess.DEVNULL
    )
    os.close(told)
    try:
        with os.fdopen(ready) as pipe:
            number = pipe.readline().strip()
        assert number, f"{command[0]} did not start"
        yield XServer(f":{number}", process)
    finally:
        process.kill()  # also when a test has stopped it
        process.wait()
        with contextlib.suppress(OSError):
            Path(f"/tmp/.X11-unix/X{number}").unlink()
        with contextlib.suppress(OSError):
            Path(f"/tmp/.X{number}-lock").unlink()
