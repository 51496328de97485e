"""A real Wayland compositor without hardware: sway with a headless output, not as root."""

import contextlib
import os
import pwd
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.wait import until

CONFIG = "output HEADLESS-1 resolution 1280x720\noutput * bg #336699 solid_color\n"


class Sway:
    """A running sway; `socket` is for clients, `command` speaks as its owner."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.socket = folder / "wayland-1"
        self.process = process
        self._folder = folder

    def command(self, *words: str) -> str:
        control = next(self._folder.glob("sway-ipc.*.sock"))
        done = subprocess.run(
            ["swaymsg", "-s", str(control), *words],
            check=True, capture_output=True, text=True, timeout=10,
        )  # fmt: skip
        return done.stdout


@contextlib.contextmanager
def sway(config: str = CONFIG) -> Iterator[Sway]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config").write_text(config, encoding="utf-8")
        # sway refuses root
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        environment = {
            "PATH": os.environ["PATH"],
            "XDG_RUNTIME_DIR": name,
            "HOME": name,
            "WLR_BACKENDS": "headless",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_RENDERER": "pixman",
        }
        process = subprocess.Popen(
            ["sway", "-c", str(folder / "config")],
            env=environment, cwd=name, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[],
            stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"),
        )  # fmt: skip
        try:
            until(lambda: _accepts(folder / "wayland-1"), within_s=15)
            yield Sway(folder, process)
        finally:
            process.kill()
            process.wait()


def _accepts(path: Path) -> bool:
    """Whether a client would be let in: the file is there a moment before anybody listens."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
